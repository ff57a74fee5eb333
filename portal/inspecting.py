"""Is a file what it says, and what is left of it without script, hidden parts and metadata?

Runs in a process of its own (``python -m portal.inspecting IN OUT``), with limits on time and memory, because it reads
what strangers wrote. It prints one line of JSON: ``{"type", "pages"}`` or ``{"refused": reason}``. PDF is parsed and
written anew by qpdf, so that whatever hides in names, object streams or behind the end of the file is seen or gone
(trust S23); pictures are decoded and encoded anew: EXIF, comments and trailing bytes are gone.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

SECONDS = 8
MEMORY = 1024 * 1024 * 1024  # bytes of address space
LARGEST_RESULT = 10 * 1024 * 1024
MOST_PIXELS = 50_000_000
MOST_PAGES = 2000

PDF, JPEG, PNG = "application/pdf", "image/jpeg", "image/png"
_MAGIC = ((b"%PDF-", PDF), (b"\xff\xd8\xff", JPEG), (b"\x89PNG\r\n\x1a\n", PNG))

# Keys that carry actions, script, files, forms or metadata, wherever in a PDF they stand.
_DROPPED = frozenset({
    "/AA", "/OpenAction", "/JS", "/JavaScript", "/XFA", "/AcroForm", "/EF", "/EmbeddedFiles", "/AF", "/Collection",
    "/Metadata", "/PieceInfo", "/Launch", "/Renditions", "/AlternatePresentations", "/RichMediaContent",
    "/RichMediaSettings", "/SpiderInfo", "/Perms", "/Requirements", "/DSS", "/LastModified", "/OPI",
})  # fmt: skip
# Of a stream: that its bytes lie in a file elsewhere.
_ELSEWHERE = ("/F", "/FFilter", "/FDecodeParms")
_KEPT_ACTIONS = frozenset({"/GoTo", "/URI"})
_DROPPED_ANNOTATIONS = frozenset({"/FileAttachment", "/RichMedia", "/Movie", "/Screen", "/Sound", "/3D", "/Projection"})


class Refusal(Exception):
    """A file that is not taken; the reason is one of `evidence.REASONS`."""


def inspect(given: Path, cleaned: Path) -> dict[str, Any]:
    """Write the cleaned file; returns its type and pages. Raises `Refusal`."""
    with given.open("rb") as file:
        head = file.read(16)
    found = next((kind for magic, kind in _MAGIC if head.startswith(magic)), None)
    if found is None:
        raise Refusal("type")
    result = _clean_pdf(given, cleaned) if found == PDF else _clean_picture(given, cleaned, found)
    if cleaned.stat().st_size > LARGEST_RESULT:
        raise Refusal("large")
    return result


# -- PDF ------------------------------------------------------------------------------------------------------


def _clean_pdf(given: Path, cleaned: Path) -> dict[str, Any]:
    import pikepdf

    try:
        pdf = pikepdf.open(given, attempt_recovery=False, suppress_warnings=True)
    except pikepdf.PasswordError:
        raise Refusal("encrypted") from None
    except (pikepdf.PdfError, OSError, ValueError):
        raise Refusal("broken") from None
    with pdf:
        if pdf.is_encrypted:
            raise Refusal("encrypted")
        try:
            return _written_anew(pdf, cleaned)
        except (pikepdf.PdfError, pikepdf.ForeignObjectError, RecursionError, ValueError, TypeError, KeyError):
            raise Refusal("broken") from None


def _written_anew(pdf: Any, cleaned: Path) -> dict[str, Any]:
    import pikepdf

    pages = len(pdf.pages)
    if not 1 <= pages <= MOST_PAGES:
        raise Refusal("broken" if pages < 1 else "pages")
    for name in [name for name in pdf.trailer.keys() if name in {"/Info", "/DocChecksum"}]:  # noqa: SIM118 - no mapping
        del pdf.trailer[name]
    for holder in _holders(pdf):
        _disarm(holder)
    pdf.save(
        cleaned,
        deterministic_id=True,
        fix_metadata_version=False,
        stream_decode_level=pikepdf.StreamDecodeLevel.none,
        object_stream_mode=pikepdf.ObjectStreamMode.generate,
    )
    with pikepdf.open(cleaned, attempt_recovery=False, suppress_warnings=True) as again:
        if len(again.pages) != pages or any(_is_armed(holder) for holder in _holders(again)):
            raise Refusal("broken")
    return {"type": PDF, "pages": pages}


def _holders(pdf: Any) -> Iterator[Any]:
    """Every dictionary and the dictionary of every stream, direct ones too; each indirect object once."""
    waiting = [pdf.trailer, *pdf.objects]
    while waiting:
        one = waiting.pop()
        if _is_list(one):
            waiting.extend(inner for inner in one if _is_inside(inner))
        elif _is_dictionary(one):
            yield one
            waiting.extend(inner for inner in [one[name] for name in one.keys()] if _is_inside(inner))  # noqa: SIM118


def _is_list(one: Any) -> bool:
    import pikepdf

    return isinstance(one, pikepdf.Array)


def _is_dictionary(one: Any) -> bool:
    import pikepdf

    return isinstance(one, pikepdf.Dictionary | pikepdf.Stream)


def _is_stream(one: Any) -> bool:
    import pikepdf

    return isinstance(one, pikepdf.Stream)


def _is_inside(one: Any) -> bool:
    """True for a list or dictionary that is written inside another; the others come by themselves."""
    return (_is_list(one) or _is_dictionary(one)) and not one.is_indirect


def _disarm(holder: Any) -> None:
    """Take out of one dictionary what could act, hide or tell."""
    for name in _armed(holder):
        del holder[name]
    if "/Annots" in holder and _is_list(holder["/Annots"]):
        kept = [one for one in holder["/Annots"] if not _is_annotation_dropped(one)]
        if len(kept) != len(holder["/Annots"]):
            import pikepdf

            holder["/Annots"] = pikepdf.Array(kept)


def _armed(holder: Any) -> list[str]:
    names = [name for name in holder.keys() if name in _DROPPED]  # noqa: SIM118
    if _is_stream(holder):
        names += [name for name in _ELSEWHERE if name in holder]
    return names + [name for name in ("/A", "/PA", "/Next") if name in holder and _is_action(holder[name])]


def _is_armed(holder: Any) -> bool:
    return bool(_armed(holder)) or (
        "/Annots" in holder and _is_list(holder["/Annots"]) and any(map(_is_annotation_dropped, holder["/Annots"]))
    )


def _is_action(value: Any) -> bool:
    """True for an action, or a list of actions, that is more than going to a place or a page of the web."""
    if _is_list(value):
        return any(_is_action(one) for one in value)
    if not _is_dictionary(value) or "/S" not in value:
        return False
    kind = str(value["/S"])
    if kind == "/URI":
        return not str(value.get("/URI", "")).lower().startswith(("https://", "http://"))
    return kind not in _KEPT_ACTIONS


def _is_annotation_dropped(one: Any) -> bool:
    return not _is_dictionary(one) or str(one.get("/Subtype", "")) in _DROPPED_ANNOTATIONS


# -- pictures -------------------------------------------------------------------------------------------------


def _clean_picture(given: Path, cleaned: Path, kind: str) -> dict[str, Any]:
    from PIL import Image, ImageOps

    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    try:
        with Image.open(given, formats=["JPEG" if kind == JPEG else "PNG"]) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise Refusal("pixels")
            picture.load()
            turned = ImageOps.exif_transpose(picture)
            _write_picture(turned, cleaned, kind)
    except Image.DecompressionBombError:
        raise Refusal("pixels") from None
    except (OSError, ValueError, SyntaxError, EOFError, IndexError, KeyError, TypeError):
        raise Refusal("broken") from None
    return {"type": kind, "pages": None}


def _write_picture(picture: Any, cleaned: Path, kind: str) -> None:
    """The pixels alone: no EXIF, comment, profile or thumbnail goes with them."""
    from PIL import Image

    wanted = ("L", "RGB") if kind == JPEG else ("1", "L", "LA", "I;16", "P", "RGB", "RGBA")
    plain = picture if picture.mode in wanted else picture.convert("RGB")
    bare = Image.new(plain.mode, plain.size)
    if plain.mode == "P":
        bare.putpalette(plain.getpalette("RGB"))
    bare.paste(plain)
    if kind == JPEG:
        for quality in (88, 70):  # the second where the first makes more of it than may be kept
            bare.save(cleaned, "JPEG", quality=quality)
            if cleaned.stat().st_size <= LARGEST_RESULT:
                break
    else:
        clear = {"transparency": picture.info["transparency"]} if "transparency" in picture.info else {}
        bare.save(cleaned, "PNG", **clear)


# -- the process ----------------------------------------------------------------------------------------------


def _limit() -> None:
    """Bound what this process may use; where the system knows no such limits, the time limit of the caller stays."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (4 * LARGEST_RESULT, 4 * LARGEST_RESULT))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def main(arguments: list[str]) -> int:
    """Inspect one file and print what came of it."""
    _limit()
    try:
        result = inspect(Path(arguments[0]), Path(arguments[1]))
    except Refusal as refusal:
        result = {"refused": str(refusal)}
    except MemoryError:
        result = {"refused": "heavy"}
    sys.stdout.write(json.dumps(result) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
