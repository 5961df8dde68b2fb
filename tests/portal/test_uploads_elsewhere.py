"""Uploads that lead elsewhere: refused when they do it by themselves, taken when a reader has to click."""

import io

import pytest
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, TextStringObject

from portal.uploads import Kind, inspect
from tests.portal.test_uploads import RELATION, code, package, pdf


@pytest.mark.parametrize(
    ("kind", "target", "expected"),
    [
        ("attachedTemplate", " http://x.test/t.dotm", "external"),
        ("attachedTemplate", "&#9;&#10;ht&#10;tp://x.test/t.dotm", "external"),
        ("attachedTemplate", "file://host/t.dotm", "external"),
        ("attachedTemplate", "file:///C:/Normal.dotm", None),
        ("header", "http://x.test/h.xml", "external"),
        ("footer", "ftp://x.test/f.xml", "external"),
        ("frame", "//host/a.html", "external"),
        ("subDocument", "file:////host/share/a.docx", "external"),
        ("subDocument", "第二章.docx", None),
        ("externalLinkPath", "https://x.test/a.xlsx", "external"),
        ("externalLinkPath", "file:///D:/a.xlsx", None),
        ("image", " \\\\host\\share\\a.png", "external"),
        ("image", "file://host/a.png", "external"),
        ("image", "http://x.test/a.png", None),
        ("hyperlink", " Java&#9;Script:alert(1)", "script"),
        ("hyperlink", "https://example.test/javascript:", None),
        ("hyperlink", "mailto:a@example.test", None),
    ],
)
def test_relation_is_judged_by_what_it_fetches_or_runs(kind, target, expected):
    data = package([("word/_rels/s.xml.rels", RELATION % (kind, target))])
    if expected:
        assert code(data, "方案.docx") == expected
    else:
        assert inspect(io.BytesIO(data), "方案.docx").kind is Kind.DOCX


WORDS = "xmlns:w='http://schemas.openxmlformats.org/wordprocessingml/2006/main'"
RUN = "<w:r><w:instrText>%s</w:instrText></w:r>"
BEGIN = "<w:r><w:fldChar w:fldCharType='begin'/></w:r>"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (BEGIN + RUN % " DDEAUTO c:\\windows\\cmd.exe", "external"),
        (BEGIN + RUN % "D" + RUN % "DE c:\\cmd", "external"),
        ("<w:fldSimple w:instr=' dde excel a.xlsx'/>", "external"),
        (BEGIN + RUN % ' INCLUDEPICTURE "http://x.test/a.png" \\* MERGEFORMATINET', None),
        (BEGIN + RUN % " PAGE" + BEGIN + RUN % " DDENOTE x", None),
        ("<w:r><w:t>DDEAUTO 是一种域。</w:t></w:r>", None),
    ],
)
def test_a_field_that_starts_a_program_is_refused(body, expected):
    data = package(document=f"<w:document {WORDS}><w:body><w:p>{body}</w:p></w:body></w:document>")
    if expected:
        assert code(data, "方案.docx") == expected
    else:
        assert inspect(io.BytesIO(data), "方案.docx").kind is Kind.DOCX


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("word/afchunk.html", "<html><script>1</script></html>", "embedded"),
        ("word/media/a.JS", "alert(1)", "embedded"),
        ("word/_rels/document.xml.rels", (RELATION % ("aFChunk", "chunk.dat")).replace("External", ""), "embedded"),
        ("word/media/a.svg", "<svg xmlns='http://www.w3.org/2000/svg' onload='a()'/>", "script"),
        ("word/media/b.svg", "<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "script"),
        ("word/media/c.svg", "<svg><a href=' JavaScript:a()'/></svg>", "script"),
        ("word/media/d.svg", "<svg xmlns='http://www.w3.org/2000/svg'><path d='M0 0'/></svg>", None),
        ("xl/externalLinks/externalLink1.xml", "<externalLink><ddeLink ddeService='cmd'/></externalLink>", "external"),
    ],
)
def test_a_part_that_runs_by_itself_is_refused(name, content, expected):
    data = package([(name, content)])
    if expected:
        assert code(data, "方案.docx") == expected
    else:
        assert inspect(io.BytesIO(data), "方案.docx").kind is Kind.DOCX


def action(kind, **entries):
    pairs = {NameObject(f"/{key}"): value for key, value in entries.items()}
    return DictionaryObject({NameObject("/S"): NameObject(kind), **pairs})


ADDRESS = action("/URI", URI=TextStringObject("http://x.test/"))
SPECIFICATION = DictionaryObject({NameObject("/UF"): TextStringObject("//host/share/a.pdf")})
STEP = action("/Named", N=NameObject("/FirstPage"))


def other(path):
    return action("/GoToR", F=TextStringObject(path))


@pytest.mark.parametrize(
    ("place", "held", "expected"),
    [
        ("OpenAction", ADDRESS, "opens"),
        ("OpenAction", other("\\\\host\\share\\a.pdf"), "opens"),
        ("OpenAction", other("/host/share/a.pdf"), "opens"),
        (
            "OpenAction",
            action("/GoToR", F=DictionaryObject({NameObject("/UF"): TextStringObject("//host/a")})),
            "opens",
        ),
        ("OpenAction", action("/Named", Next=ArrayObject([STEP, ADDRESS])), "opens"),
        ("OpenAction", STEP, None),
        ("OpenAction", other("附件二.pdf"), None),
        ("OpenAction", other("/c/方案/附件二.pdf"), None),
        ("AA", DictionaryObject({NameObject("/O"): ADDRESS}), "opens"),
        ("AA", DictionaryObject({NameObject("/O"): STEP}), None),
        ("A", ADDRESS, None),
        ("A", other("\\\\host\\share\\a.pdf"), None),
    ],
)
def test_pdf_may_lead_elsewhere_by_a_click_but_never_by_itself(place, held, expected):
    def change(writer):
        # Indirect, as writers leave it: the judge has to follow the reference.
        reference = writer._add_object(held)
        if place == "OpenAction":
            writer.root_object[NameObject("/OpenAction")] = reference
        elif place == "AA":
            writer.pages[0][NameObject("/AA")] = reference
        else:
            link = DictionaryObject({NameObject("/Subtype"): NameObject("/Link"), NameObject("/A"): reference})
            writer.pages[0][NameObject("/Annots")] = ArrayObject([link])

    if expected:
        assert code(pdf(change)) == expected
    else:
        assert inspect(io.BytesIO(pdf(change)), "方案.pdf").kind is Kind.PDF


@pytest.mark.parametrize(
    ("key", "name", "expected"),
    [("S", "/Launch", "script"), ("S", "/URI", None), ("Subtype", "/RichMedia", "script"), ("Subtype", "/Link", None)],
)
def test_a_name_of_a_pdf_is_read_through_its_reference(key, name, expected):
    def change(writer):
        held = DictionaryObject({NameObject(f"/{key}"): writer._add_object(NameObject(name))})
        writer.pages[0][NameObject("/Annots")] = ArrayObject([held])

    if expected:
        assert code(pdf(change)) == expected
    else:
        assert inspect(io.BytesIO(pdf(change)), "方案.pdf").kind is Kind.PDF


def test_actions_that_follow_one_another_in_a_ring_end():
    def change(writer):
        ring = action("/Named", N=NameObject("/FirstPage"))
        reference = writer._add_object(ring)
        ring[NameObject("/Next")] = ArrayObject([reference, reference])
        writer.root_object[NameObject("/OpenAction")] = reference

    assert inspect(io.BytesIO(pdf(change)), "方案.pdf").kind is Kind.PDF
