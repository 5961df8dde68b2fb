"""Copies without personal data: the name is nowhere in them, the content is as it was."""

import io
import struct
import zipfile

import docx
import openpyxl
import pypdf
import pytest
from lxml import etree
from openpyxl.comments import Comment
from PIL import Image, ImageCms, ImageOps
from PIL.PngImagePlugin import PngInfo
from pypdf.annotations import FreeText
from pypdf.generic import DictionaryObject, NameObject, StreamObject, TextStringObject

from portal.filework.strip import office, pdf, pictures
from portal.filework.strip.problems import Unknown
from portal.uploads import Kind, inspect
from tests import some_files

NAME, PLACE, PROGRAM = "张某某", "30.2741", "WPS Office 12.1.0"
FORMS = [
    form for text in (NAME, PROGRAM) for form in (text.encode(), text.encode("utf-16-be"), text.encode("utf-16-le"))
]


def told(content: bytes) -> list[bytes]:
    """Return which of the names stand in the bytes, also inside packed parts."""
    seen = [content]
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            seen = [archive.read(name) for name in archive.namelist()] + [str(archive.namelist()).encode()]
    if content.startswith(b"%PDF"):
        reader = pypdf.PdfReader(io.BytesIO(content))
        numbers = {n for table in reader.xref.values() for n in table} | set(reader.xref_objStm)
        for number in numbers:
            thing = pypdf.generic.IndirectObject(number, 0, reader).get_object()
            seen.append(str(thing).encode())
            if isinstance(thing, StreamObject):
                seen.append(thing.get_data())
    return [form for form in [*FORMS, PLACE.encode()] if any(form in part for part in seen)]


def photograph(format: str, side: int = 6) -> bytes:
    picture = Image.linear_gradient("L").convert("RGB").resize((64, 48))
    exif = Image.Exif()
    exif[0x0112], exif[0x0131] = side, PROGRAM
    exif.get_ifd(0x8825).update({1: "N", 2: (30.0, 16.0, 26.0), 3: "E", 4: (120.0, 9.0, 0.0)})
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    target = io.BytesIO()
    if format == "PNG":
        words = PngInfo()
        words.add_text("Author", PROGRAM)
        words.add_itxt("Author", NAME)
        picture.save(target, format, exif=exif, icc_profile=profile, pnginfo=words, dpi=(300, 300))
    else:
        more = {"comment": NAME, "xmp": f"<x>{NAME} {PLACE}</x>".encode(), "dpi": (300, 300)}
        picture.save(target, format, exif=exif, icc_profile=profile, **more)
    return target.getvalue()


def upright(content: bytes) -> bytes:
    with Image.open(io.BytesIO(content)) as picture:
        return ImageOps.exif_transpose(picture).tobytes()


@pytest.mark.parametrize(("format", "strip"), [("JPEG", pictures.jpg), ("PNG", pictures.png)])
@pytest.mark.parametrize("side", [1, 3, 6, 8])
def test_a_photograph_keeps_its_pixels_its_profile_and_which_side_is_up(format, strip, side):
    content = photograph(format, side)
    assert told(content)
    copy = strip(content)
    assert told(copy) == []
    assert upright(copy) == upright(content)
    with Image.open(io.BytesIO(copy)) as picture, Image.open(io.BytesIO(content)) as original:
        assert picture.info["icc_profile"] == original.info["icc_profile"]
        assert picture.getexif().get_ifd(0x8825) == {}
        assert dict(picture.getexif()) == ({0x0112: side} if side != 1 else {})
    assert inspect(io.BytesIO(copy), "x").kind in (Kind.JPG, Kind.PNG)
    assert strip(copy) == copy


@pytest.mark.parametrize(
    "more", [{"progressive": True}, {"restart_marker_rows": 1}, {"quality": 100, "subsampling": 0}]
)
@pytest.mark.parametrize("mode", ["RGB", "L", "CMYK"])
def test_a_jpeg_of_any_making_keeps_its_pixels(more, mode):
    target = io.BytesIO()
    Image.effect_noise((200, 150), 80).convert(mode).save(target, "JPEG", **more)
    copy = pictures.jpg(target.getvalue())
    assert upright(copy) == upright(target.getvalue())


def test_what_a_camera_appends_to_a_photograph_goes():
    content = photograph("JPEG")
    assert pictures.jpg(content + b"\0\0" + photograph("JPEG")) == pictures.jpg(content)


def test_a_thumbnail_in_the_first_section_goes():
    content = some_files.picture("JPEG")
    assert content[2:4] == b"\xff\xe0"
    body = content[6:18] + b"\x01\x01" + b"\x07\x07\x07"
    with_thumbnail = content[:2] + struct.pack(">BBH", 0xFF, 0xE0, len(body) + 2) + body + content[20:]
    assert b"\x07\x07\x07\xff" not in pictures.jpg(with_thumbnail)
    assert upright(pictures.jpg(with_thumbnail)) == upright(content)


@pytest.mark.parametrize("cut", [1, 3, 30, 200])
def test_a_picture_without_its_end_is_not_copied(cut):
    for content, strip in ((photograph("JPEG"), pictures.jpg), (photograph("PNG"), pictures.png)):
        with pytest.raises(Unknown):
            strip(content[:-cut])


def document() -> bytes:
    """Return a PDF that tells of its author in every place we know of."""
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(some_files.pdf(2, words="示例方案")))
    writer.add_metadata({"/Author": NAME, "/Creator": PROGRAM, "/Title": "方案"})
    xmp = StreamObject()
    xmp.set_data(f"<x:xmpmeta xmlns:x='adobe:ns:meta/'>{NAME}{PLACE}</x:xmpmeta>".encode())
    writer.root_object[NameObject("/Metadata")] = writer._add_object(xmp)
    page = writer.pages[0]
    page[NameObject("/PieceInfo")] = DictionaryObject({NameObject("/App"): TextStringObject(NAME)})
    note = FreeText(text="请核对", rect=(10, 10, 60, 30))
    note[NameObject("/T")] = TextStringObject(NAME)
    writer.add_annotation(0, note)
    photo = StreamObject()
    photo._data = photograph("JPEG")
    photo.update({NameObject("/Type"): NameObject("/XObject"), NameObject("/Subtype"): NameObject("/Image")})
    photo[NameObject("/Filter")] = NameObject("/DCTDecode")
    page["/Resources"][NameObject("/XObject")] = DictionaryObject({NameObject("/P"): writer._add_object(photo)})
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()


def test_a_pdf_keeps_its_pages_and_loses_its_authors():
    content = document()
    assert set(told(content)) == {NAME.encode(), PROGRAM.encode(), PLACE.encode()}
    copy = pdf.strip(content)
    assert told(copy) == []
    reader = pypdf.PdfReader(io.BytesIO(copy))
    assert "/Info" not in reader.trailer
    assert reader.metadata is None
    assert reader.xmp_metadata is None
    assert len(reader.pages) == 2
    original = pypdf.PdfReader(io.BytesIO(content)).pages[0]
    assert reader.pages[0].get_contents().get_data() == original.get_contents().get_data()
    assert reader.pages[0]["/Annots"][0].get_object()["/Contents"] == "请核对"
    assert inspect(io.BytesIO(copy), "x").kind == Kind.PDF


def test_a_signature_goes_and_a_field_keeps_its_name():
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(some_files.pdf()))
    value = DictionaryObject(
        {NameObject("/ByteRange"): TextStringObject("x"), NameObject("/Name"): TextStringObject(NAME)}
    )
    place = pypdf.generic.RectangleObject((0, 0, 9, 9))
    field = DictionaryObject(
        {NameObject("/FT"): NameObject("/Sig"), NameObject("/T"): TextStringObject("seal"),
         NameObject("/Subtype"): NameObject("/Widget"), NameObject("/Rect"): place,
         NameObject("/V"): writer._add_object(value)}
    )  # fmt: skip
    writer.pages[0][NameObject("/Annots")] = pypdf.generic.ArrayObject([writer._add_object(field)])
    target = io.BytesIO()
    writer.write(target)
    copy = pdf.strip(target.getvalue())
    assert told(copy) == []
    (kept,) = pypdf.PdfReader(io.BytesIO(copy)).pages[0]["/Annots"]
    assert kept.get_object()["/T"] == "seal"
    assert "/V" not in kept.get_object()


def word() -> bytes:
    document = docx.Document()
    document.core_properties.author = document.core_properties.last_modified_by = NAME
    paragraph = document.add_paragraph(f"一、创建基础和需求（联系人{'：'}示例）")
    document.add_comment(paragraph.runs, text="请核对", author=NAME, initials=NAME)
    document.add_picture(io.BytesIO(some_files.picture("JPEG")))
    body = document.element.body
    change = etree.SubElement(paragraph._p, f"{{{body.nsmap['w']}}}ins")
    change.set(f"{{{body.nsmap['w']}}}author", NAME)
    change.set(f"{{{body.nsmap['w']}}}id", "1")
    target = io.BytesIO()
    document.save(target)
    return with_parts(
        target.getvalue(),
        {
            "docProps/custom.xml": f"<Properties xmlns='x'><p>{PROGRAM}</p></Properties>",
            "word/people.xml": f"<w15:people xmlns:w15='w'><w15:person w15:author='{NAME}'/></w15:people>",
            "customXml/item1.xml": f"<a>{NAME}</a>",
        },
        relations={"word/_rels/document.xml.rels": [("people", "people.xml"), ("customXml", "../customXml/item1.xml")]},
    )


def with_parts(content: bytes, parts: dict[str, str], relations: dict[str, list[tuple[str, str]]]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as copy:
        for name in source.namelist():
            body = photograph("JPEG") if "/media/" in name else source.read(name)
            for number, (kind, to) in enumerate(relations.get(name, [])):
                line = f'<Relationship Id="more{number}" Type="http://x/{kind}" Target="{to}"/></Relationships>'
                body = body.replace(b"</Relationships>", line.encode())
            if name == "[Content_Types].xml":
                lines = "".join(f'<Override PartName="/{part}" ContentType="application/xml"/>' for part in parts)
                body = body.replace(b"</Types>", f"{lines}</Types>".encode())
            if name not in parts:
                copy.writestr(name, body)
        for name, body in parts.items():
            copy.writestr(name, body)
    return target.getvalue()


def test_a_word_file_keeps_its_text_comments_and_pictures_without_the_names():
    content = word()
    assert told(content)
    copy = office.strip(content)
    assert told(copy) == []
    document = docx.Document(io.BytesIO(copy))
    assert [p.text for p in document.paragraphs] == [p.text for p in docx.Document(io.BytesIO(content)).paragraphs]
    (comment,) = document.comments
    assert (comment.text, comment.author, comment.initials) == ("请核对", "作者1", "作者1")
    assert document.core_properties.author == ""
    assert len(document.inline_shapes) == 1
    with zipfile.ZipFile(io.BytesIO(copy)) as archive:
        assert not {"word/people.xml", "customXml/item1.xml", "docProps/thumbnail.jpeg"} & set(archive.namelist())
        for name in archive.namelist():
            if name.endswith((".rels", "[Content_Types].xml")):
                assert not any(part in archive.read(name) for part in (b"people.xml", b"customXml/", b"thumbnail.jpeg"))
    assert inspect(io.BytesIO(copy), "x").kind == Kind.DOCX


def excel() -> bytes:
    book = openpyxl.Workbook()
    book.properties.creator = NAME
    sheet = book.active
    sheet["A1"], sheet["B1"] = "指标", 480
    sheet["A1"].comment = Comment(f"{NAME}:\n请核对", NAME)
    sheet["A2"] = f"{'联系人'}：示例"
    sheet["B2"] = "=B1*2"
    sheet.page_setup.orientation = "landscape"
    table = openpyxl.worksheet.table.Table(displayName="Table1", ref="A1:B2")
    table._initialise_columns()
    for column, title in zip(table.tableColumns, ("指标", "480"), strict=True):
        column.name = title
    sheet.add_table(table)
    target = io.BytesIO()
    book.save(target)
    path = "<x15ac:absPath xmlns:x15ac='x' url='C:\\Users\\" + NAME + "'/>"
    changed = io.BytesIO()
    with zipfile.ZipFile(target) as source, zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as copy:
        for name in source.namelist():
            body = source.read(name)
            if name == "xl/workbook.xml":
                body = body.replace(b"<workbookPr", f"{path}<workbookPr".encode())
            copy.writestr(name, body)
    return with_parts(
        changed.getvalue(),
        {
            "xl/persons/person.xml": f"<list xmlns='x'><person displayName='{NAME}' id='1' userId='{NAME}'/></list>",
            "xl/printerSettings/printerSettings1.bin": NAME,
        },
        relations={"xl/_rels/workbook.xml.rels": [("person", "persons/person.xml")]},
    )


def test_an_excel_file_keeps_cells_formulas_tables_and_comments_without_the_names():
    content = excel()
    assert told(content)
    copy = office.strip(content)
    assert told(copy) == []
    sheet = openpyxl.load_workbook(io.BytesIO(copy)).active
    assert [[cell.value for cell in row] for row in sheet] == [["指标", 480], ["联系人：示例", "=B1*2"]]
    assert sheet["A1"].comment.text == "作者1:\n请核对"
    assert sheet["A1"].comment.author == "作者1"
    assert list(sheet.tables) == ["Table1"]
    assert openpyxl.load_workbook(io.BytesIO(copy)).properties.creator in (None, "openpyxl")
    assert inspect(io.BytesIO(copy), "x").kind == Kind.XLSX


def test_a_workbook_inside_a_document_is_stripped_too():
    nested = with_parts(word(), {"word/embeddings/data.xlsx": ""}, {})
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(nested)) as source, zipfile.ZipFile(target, "w") as copy:
        for name in source.namelist():
            copy.writestr(name, excel() if name.endswith("data.xlsx") else source.read(name))
    with zipfile.ZipFile(io.BytesIO(office.strip(target.getvalue()))) as archive:
        assert told(archive.read("word/embeddings/data.xlsx")) == []


@pytest.mark.parametrize("head", [b"II*\0", b"RIFF0000WEBP", b"%PDF-1.7"])
def test_a_part_of_a_kind_that_is_not_known_keeps_the_file_back(head):
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(word())) as source, zipfile.ZipFile(target, "w") as copy:
        for name in source.namelist():
            copy.writestr(name, source.read(name))
        copy.writestr("word/media/image9.dat", head)
    with pytest.raises(Unknown):
        office.strip(target.getvalue())
