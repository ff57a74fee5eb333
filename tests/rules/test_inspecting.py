"""Is only what was meant left of a file, and is what is not a document refused?"""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from PIL import Image

from portal import inspecting
from tests import files


def inspected(content: bytes, folder: Path) -> tuple[dict[str, Any], bytes]:
    given, cleaned = folder / "given", folder / "cleaned"
    given.write_bytes(content)
    return inspecting.inspect(given, cleaned), cleaned.read_bytes()


def refusal(content: bytes, folder: Path) -> str:
    with pytest.raises(inspecting.Refusal) as told:
        inspected(content, folder)
    return str(told.value)


def test_a_pdf_keeps_its_pages(tmp_path: Path) -> None:
    found, cleaned = inspected(files.pdf(3), tmp_path)
    assert found == {"type": "application/pdf", "pages": 3}
    with pikepdf.open(BytesIO(cleaned)) as opened:
        assert len(opened.pages) == 3


def test_the_same_pdf_is_cleaned_to_the_same_bytes(tmp_path: Path) -> None:
    content = files.pdf()
    assert inspected(content, tmp_path)[1] == inspected(content, tmp_path)[1]


@pytest.mark.parametrize("packed", [False, True], ids=["plain", "in object streams"])
@pytest.mark.parametrize("name", files.HOSTILE)
def test_nothing_that_acts_hides_or_tells_is_left_in_a_pdf(name: str, packed: bool, tmp_path: Path) -> None:
    put, betrayed = files.HOSTILE[name]
    mode = pikepdf.ObjectStreamMode.generate if packed else pikepdf.ObjectStreamMode.disable
    content = files.pdf(2, put, object_stream_mode=mode)
    assert betrayed in files.written_out(content)
    found, cleaned = inspected(content, tmp_path)
    assert found["pages"] == 2
    assert betrayed not in files.written_out(cleaned)


def test_a_name_written_with_escapes_is_found_too(tmp_path: Path) -> None:
    put, _ = files.HOSTILE["script at opening"]
    content = files.pdf(1, put).replace(b"/JavaScript", b"/J#61vaScript")
    assert b"/JavaScript" not in content
    _, cleaned = inspected(_with_right_offsets(content), tmp_path)
    assert not re.search(r"JavaScript|J#61vaScript|app\.alert", files.written_out(cleaned))


def _with_right_offsets(content: bytes) -> bytes:
    """The file with a cross-reference table that fits again; the names stay written as they are."""
    body = content[: content.rindex(b"xref\n", 0, content.rindex(b"startxref"))]
    places = {int(found[1]): found.start() for found in re.finditer(rb"(?m)^(\d+) 0 obj", body)}
    rows = b"".join(b"%010d 00000 n \n" % places[number] for number in sorted(places))
    table = b"xref\n0 %d\n0000000000 65535 f \n" % (len(places) + 1) + rows
    trailer = content[content.index(b"trailer") : content.rindex(b"startxref")]
    return body + table + trailer + b"startxref\n%d\n%%%%EOF\n" % len(body)


def test_links_to_pages_of_the_web_and_of_the_file_stay(tmp_path: Path) -> None:
    link = pikepdf.Dictionary(S=pikepdf.Name.URI, URI=pikepdf.String("https://klatenkab.go.id/"))
    _, cleaned = inspected(files.pdf(1, lambda made: files.linked(made, link)), tmp_path)
    assert "https://klatenkab.go.id/" in files.written_out(cleaned)


def test_what_is_hung_behind_the_end_of_a_pdf_is_gone(tmp_path: Path) -> None:
    _, cleaned = inspected(files.pdf(1) + b"\nPK\x03\x04 arsip tersembunyi", tmp_path)
    assert b"tersembunyi" not in cleaned


@pytest.mark.parametrize(
    "content", [files.HTML, files.SVG, b"MZ\x90", b"PK\x03\x04", b"GIF89a", b" %PDF-1.7\n", b"\n" * 2000]
)
def test_only_what_begins_as_pdf_png_or_jpeg_is_taken(content: bytes, tmp_path: Path) -> None:
    assert refusal(content, tmp_path) == "type"


@pytest.mark.parametrize("password", ["rahasia", ""])
def test_a_locked_pdf_is_refused(password: str, tmp_path: Path) -> None:
    assert refusal(files.locked_pdf(password), tmp_path) == "encrypted"


@pytest.mark.parametrize(
    "content",
    [
        files.pdf()[:300],
        b"%PDF-1.7\nbukan PDF",
        b"%PDF-1.4\n" + files.HTML,
        files.picture()[:200],
        files.picture("PNG")[:60],
        b"\x89PNG\r\n\x1a\n" + files.HTML,
        b"\xff\xd8\xff" + files.HTML,
    ],
)
def test_a_damaged_file_is_refused(content: bytes, tmp_path: Path) -> None:
    assert refusal(content, tmp_path) == "broken"


def test_a_pdf_without_pages_is_refused(tmp_path: Path) -> None:
    assert refusal(files.pdf(0), tmp_path) == "broken"


def test_a_photo_stands_upright_and_tells_nothing_of_who_took_it(tmp_path: Path) -> None:
    content = files.photo()
    assert b"Pegawai" in content
    found, cleaned = inspected(content, tmp_path)
    assert found == {"type": "image/jpeg", "pages": None}
    with Image.open(BytesIO(cleaned)) as turned:
        assert turned.size == (60, 80)
        assert not turned.getexif()
    assert b"Pegawai" not in cleaned


def test_a_png_keeps_its_pixels_and_loses_what_hangs_on_it(tmp_path: Path) -> None:
    content = files.picture("PNG") + files.HTML
    found, cleaned = inspected(content, tmp_path)
    assert found["type"] == "image/png"
    with Image.open(BytesIO(cleaned)) as kept:
        assert kept.convert("RGB").getpixel((5, 5)) == (200, 30, 40)
    assert b"script" not in cleaned


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16"])
def test_every_kind_of_png_is_written_anew(mode: str, tmp_path: Path) -> None:
    out = BytesIO()
    Image.new(mode, (9, 9)).save(out, "PNG")
    assert inspected(out.getvalue(), tmp_path)[0]["type"] == "image/png"


def test_a_picture_of_too_many_pixels_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    out = BytesIO()
    Image.new("1", (20_000, 20_000)).save(out, "PNG")
    assert len(out.getvalue()) < 1_000_000
    assert refusal(out.getvalue(), tmp_path) == "pixels"
