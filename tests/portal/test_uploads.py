"""Uploads: judged by content, hostile ones refused, honest ones named and measured."""

import contextlib
import hashlib
import io
import struct
import tempfile
import time
import tracemalloc
import zipfile
import zlib

import docx
import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from pypdf import PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, StreamObject, TextStringObject

from portal.uploads import Kind, Limits, Refused, clean_name, inspect

TYPES = (
    '<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/'
    'content-types"><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-'
    'officedocument.wordprocessingml.document.main+xml"/></Types>'
)
RELATION = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship '
    'Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/%s" Target="%s" '
    'TargetMode="External"/></Relationships>'
)


def word():
    buffer = io.BytesIO()
    document = docx.Document()
    document.add_paragraph("一、创建基础和需求")
    document.save(buffer)
    return buffer.getvalue()


def excel():
    buffer = io.BytesIO()
    openpyxl.Workbook().save(buffer)
    return buffer.getvalue()


def picture(format_, size=(20, 10)):
    buffer = io.BytesIO()
    Image.new("RGB", size, "red").save(buffer, format_)
    return buffer.getvalue()


def pdf(change=None):
    writer = PdfWriter()
    writer.add_blank_page(100, 100)
    if change:
        change(writer)
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def package(extra=(), *, types=TYPES, document="<w:document xmlns:w='w'/>"):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", types)
        archive.writestr("word/document.xml", document)
        for name, content in extra:
            archive.writestr(name, content)
    return buffer.getvalue()


def code(data, name="方案.pdf", **kwargs):
    with pytest.raises(Refused) as refused:
        inspect(io.BytesIO(data), name, **kwargs)
    assert len(refused.value.message) > 10
    return refused.value.code


@pytest.mark.parametrize(
    ("make", "kind", "mime"),
    [
        (pdf, Kind.PDF, "application/pdf"),
        (word, Kind.DOCX, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        (excel, Kind.XLSX, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (lambda: picture("PNG"), Kind.PNG, "image/png"),
        (lambda: picture("JPEG"), Kind.JPG, "image/jpeg"),
        (package, Kind.DOCX, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ],
)
def test_honest_file_is_taken_by_content_and_gets_its_own_extension(make, kind, mime):
    data = make()
    stream = io.BytesIO(data)
    checked = inspect(stream, "领导小组文件.exe")
    assert (checked.kind, checked.mime, checked.size) == (kind, mime, len(data))
    assert checked.clean_name == f"领导小组文件.{kind}"
    assert checked.sha256 == hashlib.sha256(data).hexdigest()
    assert stream.tell() == 0


def test_stream_that_cannot_seek_is_taken():
    class Pipe(io.BytesIO):
        def seekable(self):
            return False

    assert inspect(Pipe(picture("PNG")), "a").kind is Kind.PNG


@pytest.mark.parametrize(
    "data",
    [
        b"<!DOCTYPE html><script>alert(1)</script>",
        b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
        b"<?xml version='1.0'?><a/>",
        b"alert(1)",
        b"<?php system('id'); ?>",
        b"MZ\x90\x00" + b"\0" * 64,
        b"L\x00\x00\x00\x01\x14\x02\x00",
        b"II*\x00" + b"\0" * 64,
        b"\x00\x00\x01\x00\x01\x00",
        b"%!PS-Adobe-3.0 EPSF-3.0",
        b"GIF89a" + b"\0" * 64,
        b"Rar!\x1a\x07\x00",
        b" %PDF-1.7\n%%EOF",
    ],
)
def test_other_kinds_are_refused_whatever_their_name(data):
    assert code(data, "方案.pdf") == "kind"


def test_kind_outside_the_callers_list_is_refused():
    assert code(picture("PNG"), allowed=[Kind.DOCX]) == "kind"


def test_empty_and_too_large_files_are_refused():
    assert code(b"") == "empty"
    assert code(b"%PDF-" + b"0" * 200, limits=Limits(size=100)) == "too_large"


def test_old_and_encrypted_office_files_are_told_apart():
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 70000
    assert code(ole) == "old_office"
    assert code(ole + "EncryptedPackage".encode("utf-16-le")) == "encrypted"


@pytest.mark.parametrize(
    ("extra", "expected"),
    [
        ([("word/vbaProject.bin", b"x")], "macros"),
        ([("word/activeX/activeX1.xml", b"<a/>")], "macros"),
        ([("../evil.xml", b"<a/>")], "path"),
        ([("/etc/passwd", b"x")], "path"),
        ([("word\\..\\evil.xml", b"<a/>")], "path"),
        ([("WORD/document.xml", b"<a/>")], "path"),
        ([("word/media/inner.zip", b"PK\x03\x04rest")], "embedded"),
        ([("word/embeddings/oleObject1.bin", b"\xd0\xcf\x11\xe0rest")], "embedded"),
        ([("word/media/run.png", b"MZrest")], "embedded"),
        ([("word/a.xml", b'<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>')], "entities"),
        ([("word/a.xml", b"<!-- " + b"x" * 70000 + b" --><!DOCTYPE a><a/>")], "entities"),
        ([("word/a.xml", "\ufeff<!DOCTYPE a><a/>".encode("utf-16-le"))], "entities"),
        ([("word/a.xml", b'<?xml version="1.0" encoding="utf-7"?><a/>')], "entities"),
        ([("word/_rels/s.xml.rels", RELATION % ("attachedTemplate", "http://x.test/t.dotm"))], "external"),
        ([("word/_rels/s.xml.rels", RELATION % ("oleObject", "\\\\host\\share"))], "external"),
    ],
)
def test_hostile_office_part_is_refused(extra, expected):
    assert code(package(extra), "方案.docx") == expected


def test_plain_link_local_template_and_chart_data_are_taken():
    extra = [
        ("word/_rels/a.xml.rels", RELATION % ("hyperlink", "https://example.test/")),
        ("word/_rels/b.xml.rels", RELATION % ("attachedTemplate", "file:///C:/Normal.dotm")),
        ("word/embeddings/chart.xlsx", excel()),
    ]
    assert inspect(io.BytesIO(package(extra)), "a.docx").kind is Kind.DOCX


def test_archive_that_is_no_office_document_is_refused():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("word/document.xml", "<a/>")
    assert code(buffer.getvalue(), "a.docx") == "not_office"
    docm = TYPES.replace(
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
        "application/vnd.ms-word.document.macroEnabled.main+xml",
    )
    assert code(package(types=docm), "a.docx") == "macros"


def test_symlink_in_the_archive_is_refused():
    link = zipfile.ZipInfo("word/link")
    link.external_attr = 0o120777 << 16
    assert code(package([(link, "/etc/passwd")])) == "path"


def test_bombs_are_refused_from_the_directory_alone():
    started = time.process_time()
    assert code(package([("word/media/a.xml", b"<a/>" + b"0" * 30_000_000)])) == "bomb"
    assert code(package([(f"word/{n}.txt", b"") for n in range(2100)])) == "bomb"
    assert code(package(), limits=Limits(unpacked=10)) == "bomb"
    assert time.process_time() - started < 6


def test_directory_that_lies_about_its_size_is_refused():
    data = bytearray(package())
    offset = data.rindex(b"PK\x05\x06")
    data[offset + 10 : offset + 12] = struct.pack("<H", 60000)
    assert code(bytes(data)) == "bomb"


def test_text_before_or_behind_an_office_file_is_refused():
    assert code(package() + b"tail") == "damaged"
    assert code(package()[:-30]) == "damaged"


def script(writer):
    tree = DictionaryObject({NameObject("/Names"): ArrayObject()})
    writer.root_object[NameObject("/Names")] = DictionaryObject({NameObject("/JavaScript"): tree})


def launch(writer):
    action = DictionaryObject({NameObject("/S"): NameObject("/Launch"), NameObject("/F"): TextStringObject("cmd")})
    writer.root_object[NameObject("/OpenAction")] = action


def hidden_script(writer):
    action = {NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("1")}
    writer._add_object(ArrayObject([DictionaryObject(action)]))


def attached(writer):
    writer.add_attachment("a.exe", b"MZ")


def locked(writer):
    writer.encrypt("secret", algorithm="RC4-128")


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (script, "script"),
        (launch, "script"),
        (hidden_script, "script"),
        (attached, "embedded"),
        (locked, "encrypted"),
    ],
)
def test_pdf_that_acts_carries_or_hides_is_refused(change, expected):
    assert code(pdf(change)) == expected


def test_damaged_and_overlong_pdf_are_refused():
    assert code(b"%PDF-1.7\n" + b"garbage " * 50 + b"\n%%EOF") == "damaged"
    assert code(pdf(lambda w: w.add_blank_page(9, 9)), limits=Limits(pages=1)) == "pages"
    assert code(pdf()[:-20]) == "trailing"


def test_second_file_inside_is_refused():
    assert code(pdf() + package()) == "two_kinds"
    assert code(picture("PNG") + package()) == "two_kinds"
    assert code(picture("JPEG")[:20] + b"%PDF-1.7" + picture("JPEG")[20:]) == "two_kinds"
    assert code(picture("PNG") + b"<script>") == "trailing"
    assert code(picture("JPEG") + b"<script>") == "trailing"
    assert code(pdf() + b"<script>") == "trailing"


def test_preview_behind_a_photograph_is_taken():
    photograph = picture("JPEG") + b"\0\0" + picture("JPEG", (4, 4))
    assert inspect(io.BytesIO(photograph), "x.jpeg").clean_name == "x.jpg"


def huge_png():
    def chunk(name, body):
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    header = struct.pack(">IIBBBBB", 50000, 50000, 1, 0, 0, 0, 0)
    rows = zlib.compress(b"\0" * 1_000_000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def test_huge_picture_is_refused_before_it_is_decoded():
    assert code(huge_png()) == "pixels"


def test_cut_picture_is_refused():
    assert code(picture("PNG")[:-5]) == "damaged"
    assert code(picture("JPEG")[:-5]) == "damaged"


def test_a_large_picture_and_a_large_pdf_cost_little_memory():
    size = 15_000_000
    photograph = picture("JPEG")
    scan = photograph.index(b"\xff\xda") + 14
    cells = struct.pack(">I4s", size, b"IDAT") + b"\0" * (size + 4)
    png = picture("PNG")
    for data in (
        photograph[:scan] + b"\xff\x00" * (size // 2) + photograph[scan:],
        png[:33] + cells + png[33:],
        pdf(
            lambda w: w._add_object(
                StreamObject.initialize_from_dictionary({"/Length": 0, "__streamdata__": b"0" * size})
            )
        ),
    ):
        with tempfile.TemporaryFile() as stream:
            stream.write(data)
            tracemalloc.start()
            assert inspect(stream, "x").size > size
            _now, most = tracemalloc.get_traced_memory()
            tracemalloc.stop()
        assert most < 2_000_000


@pytest.mark.parametrize("filling", [b"\xff", b"\xff\x01", b"\xff\xd0", b"\xff\xe0\x00\x02"])
def test_a_picture_of_millions_of_empty_sections_is_refused_at_once(filling):
    photograph = picture("JPEG")
    data = photograph[:2] + filling * (8_000_000 // len(filling)) + photograph[2:]
    before = time.process_time()
    assert code(data, "照片.jpg") == "damaged"
    assert time.process_time() - before < 1


def test_a_drawing_of_a_million_empty_sections_is_refused_at_once():
    png = picture("PNG")
    empty = struct.pack(">I4sI", 0, b"tEXt", 0)
    before = time.process_time()
    assert code(png[:33] + empty * 1_000_000 + png[33:], "图.png") == "damaged"
    assert time.process_time() - before < 1


@given(st.sampled_from([pdf(), word(), picture("PNG"), picture("JPEG")][1:]), st.data())
def test_any_broken_byte_ends_in_an_answer_and_never_in_an_error(data, draw):
    at = draw.draw(st.integers(0, len(data) - 1))
    broken = data[:at] + bytes([draw.draw(st.integers(0, 255))]) + data[at + 1 :]
    with contextlib.suppress(Refused):
        assert inspect(io.BytesIO(broken), "x").size == len(data)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("../../etc/passwd", "passwd.pdf"),
        ("..\\x.docx", "x.pdf"),
        ("C:\\方案\\初步方案.PDF", "初步方案.pdf"),
        ("x.pdf\0.html", "x.pdf"),
        ("CON", "_CON.pdf"),
        ("nul.tar.gz", "_nul.pdf"),
        ("批复\u202efdp.exe", "批复fdp.pdf"),
        (".htaccess", "htaccess.pdf"),
        ("a\r\nSet-Cookie: x.pdf", "aSet-Cookie_ x.pdf"),
        ('say "hi".pdf', "say _hi_.pdf"),
        ("统计2011.3.docx", "统计2011.3.pdf"),
        ("\ud800方案.pdf", "方案.pdf"),
    ],
)
def test_names_are_cleaned(name, expected):
    assert clean_name(name, "pdf") == expected


def test_long_chinese_name_is_cut_at_a_character():
    cleaned = clean_name("批" * 300 + ".pdf", "pdf")
    assert cleaned == "批" * 83 + ".pdf"
    assert clean_name("批" * 80, "pdf") == "批" * 80 + ".pdf"


@given(st.text(max_size=400))
def test_any_name_becomes_a_safe_one(name):
    cleaned = clean_name(name, "docx")
    assert cleaned.endswith(".docx")
    assert len(cleaned) > len(".docx")
    assert len(cleaned.encode()) <= 255
    assert not set(cleaned) & set('/\\:"<>|?*\0\r\n\u202e\u2066')
    assert not cleaned.startswith(".")
    assert clean_name(cleaned, "docx") == cleaned
