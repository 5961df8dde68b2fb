"""Real files small enough to make in a test: with pages, with a camera's words, kept through the door of uploads."""

import io

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from pypdf import PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, NumberObject, StreamObject, TextStringObject

from applications.models import Attachment
from portal.files import keep


def pdf(pages: int = 1, *, words: str = "") -> bytes:
    """Return a PDF whose pages are 200 × 100 points and bear ``words`` in a Chinese face that it does not carry."""
    writer = PdfWriter()
    for _page in range(pages):
        page = writer.add_blank_page(200, 100)
        if words:
            _write(writer, page, words)
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()


def _write(writer, page, words: str) -> None:
    system = DictionaryObject(
        {NameObject("/Registry"): TextStringObject("Adobe"), NameObject("/Ordering"): TextStringObject("GB1")}
    )
    system[NameObject("/Supplement")] = NumberObject(2)
    descendant = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Font"),
            NameObject("/Subtype"): NameObject("/CIDFontType0"),
            NameObject("/BaseFont"): NameObject("/STSong-Light"),
            NameObject("/CIDSystemInfo"): system,
        }
    )
    font = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Font"),
            NameObject("/Subtype"): NameObject("/Type0"),
            NameObject("/BaseFont"): NameObject("/STSong-Light"),
            NameObject("/Encoding"): NameObject("/UniGB-UCS2-H"),
            NameObject("/DescendantFonts"): ArrayObject([writer._add_object(descendant)]),
        }
    )
    fonts = DictionaryObject({NameObject("/F"): writer._add_object(font)})
    page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
    content = StreamObject()
    content.set_data(b"BT /F 24 Tf 10 40 Td <" + words.encode("utf-16-be").hex().encode() + b"> Tj ET")
    page[NameObject("/Contents")] = writer._add_object(content)


def picture(format: str, mode: str = "RGB", size: tuple[int, int] = (30, 20), colour="red", **saved) -> bytes:
    target = io.BytesIO()
    Image.new(mode, size, colour).save(target, format, **saved)
    return target.getvalue()


def kept(content: bytes, name: str, *, by=None):
    """Keep a file as an upload keeps it."""
    return keep(SimpleUploadedFile(name, content), by=by)


def attached(plan, content: bytes, name: str, *, by, title: str = "示例附件"):
    """Keep a file and attach it to the working text, whatever state the plan is in."""
    stored = kept(content, name, by=by)
    Attachment.objects.create(plan=plan, file=stored, title=title, kind="ordinary", unclassified=True)
    return stored
