"""Files as people, and people who mean harm, would send them."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream, String
from PIL import Image

HTML = b"<!doctype html><script>alert(1)</script>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def pdf(pages: int = 2, change: Callable[[pikepdf.Pdf], Any] | None = None, **how: Any) -> bytes:
    """A PDF of blank pages, changed as wanted."""
    made = pikepdf.new()
    for _ in range(pages):
        made.add_blank_page(page_size=(595, 842))
    if change:
        change(made)
    out = BytesIO()
    made.save(out, **how)
    return out.getvalue()


def locked_pdf(password: str) -> bytes:
    return pdf(encryption=pikepdf.Encryption(user=password, owner="pemilik"))


def _script() -> Dictionary:
    return Dictionary(S=Name.JavaScript, JS=String("app.alert('hai')"))


def _attached(made: pikepdf.Pdf) -> None:
    made.attachments["rahasia.exe"] = pikepdf.AttachedFileSpec(made, b"MZ isi", filename="rahasia.exe")


def _annotated(made: pikepdf.Pdf, annotation: Dictionary) -> None:
    made.pages[0].obj.Annots = Array([made.make_indirect(annotation)])


def _told(made: pikepdf.Pdf) -> None:
    made.docinfo["/Author"] = "Nama Pegawai"
    with made.open_metadata() as about:
        about["dc:creator"] = ["Nama Pegawai"]


def linked(made: pikepdf.Pdf, action: Dictionary) -> None:
    _annotated(made, Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array([0, 0, 9, 9]), A=action))


# What a hostile PDF carries: name -> (how it is put in, a word that would betray it in the cleaned file).
HOSTILE: dict[str, tuple[Callable[[pikepdf.Pdf], Any], str]] = {
    "script at opening": (lambda made: made.Root.__setattr__("OpenAction", _script()), "JavaScript"),
    "script among names": (
        lambda made: made.Root.__setattr__(
            "Names", Dictionary(JavaScript=Dictionary(Names=Array([String("a"), made.make_indirect(_script())])))
        ),
        "JavaScript",
    ),
    "script on a page": (lambda made: made.pages[0].obj.__setattr__("AA", Dictionary(O=_script())), "JavaScript"),
    "script on a link": (lambda made: linked(made, _script()), "JavaScript"),
    "script after a jump": (
        lambda made: linked(made, Dictionary(S=Name.GoTo, D=Array([0, Name.Fit]), Next=_script())),
        "JavaScript",
    ),
    "script in a list of next": (
        lambda made: linked(made, Dictionary(S=Name.GoTo, D=Array([0, Name.Fit]), Next=Array([_script()]))),
        "JavaScript",
    ),
    "launch": (
        lambda made: linked(made, Dictionary(S=Name.Launch, F=String("cmd.exe"))),
        "cmd.exe",
    ),
    "form that sends": (
        lambda made: linked(made, Dictionary(S=Name.SubmitForm, F=String("https://jahat.example/"))),
        "jahat",
    ),
    "link with script": (
        lambda made: linked(made, Dictionary(S=Name.URI, URI=String("javascript:alert(1)"))),
        "javascript:",
    ),
    "XFA form": (
        lambda made: made.Root.__setattr__("AcroForm", Dictionary(XFA=Stream(made, b"<xdp/>"), Fields=Array([]))),
        "XFA",
    ),
    "file inside": (_attached, "rahasia"),
    "file as annotation": (
        lambda made: _annotated(
            made,
            Dictionary(
                Type=Name.Annot, Subtype=Name.FileAttachment, Rect=Array([0, 0, 9, 9]),
                FS=Dictionary(Type=Name.Filespec, F=String("rahasia.exe")),
            ),
        ),
        "rahasia",
    ),
    "name of a person": (_told, "Pegawai"),
}  # fmt: skip


def written_out(content: bytes) -> str:
    """All objects of a PDF as text, nothing compressed: what a reader of the file could find in it."""
    out = BytesIO()
    with pikepdf.open(BytesIO(content)) as opened:
        opened.save(
            out,
            object_stream_mode=pikepdf.ObjectStreamMode.disable,
            stream_decode_level=pikepdf.StreamDecodeLevel.generalized,
            compress_streams=False,
            qdf=True,
        )
    return out.getvalue().decode("latin-1")


def picture(kind: str = "JPEG", size: tuple[int, int] = (80, 60), **how: Any) -> bytes:
    out = BytesIO()
    Image.new("RGB", size, (200, 30, 40)).save(out, kind, **how)
    return out.getvalue()


def photo() -> bytes:
    """A photo that lies on its side and says where it was taken and by whom."""
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned by 90 degrees
    exif[0x010F] = "Kamera Pegawai"
    exif.get_ifd(0x8825)[1] = "S"
    return picture(size=(80, 60), exif=exif, comment=b"Catatan Pegawai")
