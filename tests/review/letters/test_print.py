"""Letters as they come out of the press: measured in the PDF itself, not in the style sheet."""

import io
import itertools
import re
import subprocess
from dataclasses import replace
from datetime import date
from functools import cache

import pikepdf
import pytest
from django.utils import translation

from review.letters import press
from review.letters.document import Attachment, InvalidLetter, Letter
from review.letters.faces import faces_used
from review.letters.render import RenderFailed, print_limited
from review.letters.render import render as render_anew

render = cache(render_anew)  # a letter is a frozen value: each is printed once a run

NAMES = (
    "国家发展和改革委员会",
    "商务部",
    "中国人民银行",
    "国家税务总局",
    "国家市场监督管理总局",
    "财政部",
    "工业和信息化部",
    "国家邮政局",
)
SENTENCE = "各地要因地制宜、突出重点，把完善政策环境放在首位，坚持制度建设与设施建设并重，注重听取企业意见。"
MM = 72 / 25.4


def a_letter(form="letter", agencies=5, sentences=6, **changes) -> Letter:
    values = {
        "format": form,
        "marks": NAMES[:agencies] if form == "document" else NAMES[:1],
        "number": "发改办高技〔2026〕12号",
        "title": "关于同意示例市创建国家电子商务示范城市的复函",
        "addressees": ("示例省发展和改革委员会",),
        "body": (("p", "你委来函收悉。经研究，现函复如下："), ("p", SENTENCE * sentences), ("p", "特此函复。")),
        "signatories": NAMES[:agencies],
        "issued_on": date(2026, 9, 8),
        "code": "0123-4567-89AB-CDEF-GHJK",
        "verify_url": "https://portal.example/verify/0123-4567-89AB-CDEF-GHJK/",
        "audit_anchor": "0123456789abcdef",
    }
    return Letter(**values | changes)


def text(pdf: bytes, *options: str) -> str:
    done = subprocess.run(["pdftotext", *options, "-", "-"], input=pdf, capture_output=True, check=True)
    return done.stdout.decode()


def words(pdf: bytes) -> list[tuple[int, float, float, str]]:
    """Return (page, left, top in mm, text) of every line of the file."""
    found, page = [], 0
    for line in text(pdf, "-bbox-layout").splitlines():
        if "<page " in line:
            page += 1
        hit = re.search(r'<word xMin="([\d.]+)" yMin="([\d.]+)"[^>]*>([^<]*)</word>', line)
        if hit:
            found.append((page, float(hit[1]) / MM, float(hit[2]) / MM, hit[3]))
    return found


def test_body_has_28_characters_a_line_and_22_lines_a_page():
    pdf = render(a_letter(body=(("p", "国家电子商务示范城市" * 160),)))
    second = [line.strip() for line in text(pdf, "-layout").split("\f")[1].splitlines() if line.strip()]
    body = [line for line in second if "不具效力" not in line and not line.startswith("—")]
    assert [len(line) for line in body] == [28] * 22


@pytest.mark.parametrize(
    ("form", "agencies", "sentences"),
    [
        ("document", 1, 1), ("document", 2, 6), ("document", 3, 20), ("document", 5, 1), ("document", 7, 6),
        ("document", 8, 20), ("letter", 1, 20), ("letter", 2, 1), ("letter", 3, 6), ("letter", 5, 20),
        ("letter", 7, 1), ("letter", 8, 6),
    ],
)  # fmt: skip
def test_every_letter_holds_what_it_says_and_nothing_is_cut(form, agencies, sentences):
    letter = a_letter(form, agencies, sentences, copies_to=("示例市人民政府",))
    pdf = render(letter)
    flat = re.sub(r"\s", "", text(pdf))
    for said in (letter.title, letter.number, "2026年9月8日", "特此函复。", "示例市人民政府", letter.code):
        assert re.sub(r"\s", "", said) in flat
    for name in letter.signatories:
        assert name in flat or all(part in flat for part in (name[:4], name[4:]))
    body = [page for page, _x, _y, word in words(pdf) if "你委来函收悉" in word]
    assert body
    assert body[0] == 1, "the body must begin on page 1"
    assert "2026年09月" not in flat


def test_file_is_archival_tagged_and_embeds_only_free_faces():
    pdf = render(a_letter("document"))
    with pikepdf.open(io.BytesIO(pdf)) as file:
        with file.open_metadata() as meta:
            assert (meta["pdfaid:part"], meta["pdfaid:conformance"]) == ("3", "A")
        assert file.Root.MarkInfo.Marked
        assert "/OutputIntents" in file.Root
        assert "/EmbeddedFiles" not in file.Root.get("/Names", {})
    listed = subprocess.run(["pdffonts", "-"], input=pdf, capture_output=True, check=True).stdout.decode()
    rows = [line.split() for line in listed.splitlines()[2:]]
    faces = {row[0].partition("+")[2] for row in rows}
    assert faces <= {
        "FandolFang", "FandolKai", "Noto-Serif-CJK-SC", "Noto-Serif-CJK-SC-Bold", "Noto-Sans-CJK-SC",
    }  # fmt: skip
    assert all(row[-5] == "yes" for row in rows), listed


def test_same_letter_gives_the_same_bytes():
    letter = a_letter()
    assert render_anew(letter) == render_anew(letter)


def test_specimen_says_so_on_every_page_and_a_real_letter_nowhere():
    pages = text(render(a_letter(sentences=40))).strip("\f\n").split("\f")
    assert len(pages) >= 2
    assert all("示例 · 不具效力" in page for page in pages)
    assert "不具效力" not in text(render(a_letter(specimen=False)))


def test_page_numbers_stand_outside_and_a_letter_format_has_none_on_page_1():
    found = words(render(a_letter("document", sentences=60)))
    numbers = {page: x for page, x, _y, word in found if word == "—" or re.fullmatch(r"—?\d+—?", word)}
    assert numbers[2] < 60 < 100 < max(x for page, x, _y, w in found if page == 3 and re.fullmatch(r"\d+", w))
    first = text(render(a_letter(sentences=60)), "-l", "1")
    assert not re.search(r"—\s*1\s*—", first)


def test_city_names_with_rare_characters_are_printed():
    pdf = render(a_letter(title="关于同意鄠邑浉河堃喆翀珺玥市创建国家电子商务示范城市的复函"))
    assert "鄠邑浉河堃喆翀珺玥市" in re.sub(r"\s", "", text(pdf))


@pytest.mark.parametrize(
    "hostile",
    [
        "<link rel=attachment href=file:///etc/passwd>",
        "<a rel=attachment href='file:///etc/passwd'>x</a>",
        "<base href=file:///etc/><img src=passwd>",
        "<style>@import url(http://127.0.0.1:1/x)</style>",
        "<td colspan=1000000>",
    ],
)
def test_markup_in_a_name_is_printed_as_text(hostile):
    pdf = render(a_letter(body=(("p", hostile),)))
    assert re.sub(r"\s", "", hostile) in re.sub(r"\s", "", text(pdf))
    with pikepdf.open(io.BytesIO(pdf)) as file:
        assert "/EmbeddedFiles" not in file.Root.get("/Names", {})
        assert "/AF" not in file.Root


def test_page_that_runs_away_is_killed_and_said():
    table = "<table><tr>" + "<td colspan=100000>x</td>" * 50 + "</tr></table>"
    with pytest.raises(RenderFailed):
        print_limited(f"<html lang=zh><title>x</title>{table}</html>", "", cpu_seconds=2, memory=press.MEMORY)


def test_attachment_with_a_long_list_keeps_every_row():
    rows = tuple((str(n), f"示例{n}市") for n in range(1, 61))
    letter = a_letter("document", attachments=(Attachment("示例名单", (), ("序号", "城市"), rows),))
    flat = re.sub(r"\s", "", text(render(letter)))
    assert all(f"示例{n}市" in flat for n in range(1, 61))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"number": "发改办高技[2026]012号"}, "document number “发改办高技[2026]012号” is not of the form"),
        ({"signatories": ()}, "needs between 1 and 12 names as signatory"),
        ({"title": ""}, "title must have 1 to"),
        ({"format": "memo"}, "format must be the document form or the letter form"),
        ({"issued_on": None}, "document date is missing"),
        ({"audit_anchor": "xyz"}, "audit"),
        ({"body": (("p", "前\x00后"),)}, "control character U+0000"),
    ],
)
def test_letter_that_must_not_be_printed_is_refused_in_words(change, said):
    with translation.override("en"), pytest.raises(InvalidLetter) as refusal:
        a_letter(**change)
    assert any(said in problem for problem in refusal.value.problems), refusal.value.problems


def test_both_formats_carry_one_qr_on_the_last_page():
    for form, sentences in itertools.product(("document", "letter"), (1, 40)):
        letter = replace(a_letter(form, sentences=sentences))
        found = [page for page, _x, _y, word in words(render(letter)) if letter.code in word]
        pages = text(render(letter)).count("\f")
        assert found == [pages]


def lines(pdf: bytes, page: int) -> list[tuple[float, str]]:
    """Return (top in mm, text) of the lines of one page, top down."""
    out = text(pdf, "-bbox-layout", "-f", str(page), "-l", str(page))
    found = []
    for block in re.findall(r"<line .*?</line>", out, re.S):
        parts = re.findall(r'yMin="([\d.]+)"[^>]*>([^<]+)</word>', block)
        found.append((float(parts[0][0]) / MM, "".join(word for _y, word in parts)))
    return sorted(found)


def test_other_faces_and_rare_characters_keep_the_22_line_grid():
    mixed = (("h2", "（一）加强组织领导。" + SENTENCE), ("p", "1. 鄠邑浉河堃喆翀珺玥"))
    pdf = render(a_letter("document", body=(("p", SENTENCE * 2), *mixed * 12)))
    tops = [top for top, said in lines(pdf, 2) if "不具效力" not in said and not re.fullmatch(r"[—\d]+", said)]
    assert len(tops) == 22
    assert tops[-1] - tops[0] == pytest.approx(21 * 10.227, abs=1.5)
    assert max(b - a for a, b in itertools.pairwise(tops)) < 12.8


def test_imprint_stands_on_the_bottom_edge_and_the_table_before_it_is_whole():
    rows = (("1", "示例甲市"), ("2", "示例乙市"))
    letter = a_letter(
        "document",
        attachments=(Attachment("示例名单", (), ("序号", "城市"), rows),),
        copies_to=("示例市人民政府",),
        printed_by="示例办公厅",
        printed_on=date(2026, 9, 9),
    )
    pdf = render(letter)
    pages = text(pdf).strip("\f\n").split("\f")
    assert "示例甲市" in pages[-1]
    assert "示例乙市" in pages[-1]
    last = lines(pdf, len(pages))
    printed = {said: top for top, said in last if "印发" in said or said == "示例办公厅"}
    assert len({round(top) for top in printed.values()}) == 1, "office and date stand on one line"
    assert max(printed.values()) == pytest.approx(262 - 8 + 1.5, abs=1.5)


@pytest.mark.parametrize("agencies", [1, 2, 5, 7, 8])
def test_two_lines_of_text_stand_on_page_1_under_every_head(agencies):
    body = (("p", "起" + SENTENCE * 6),)
    found = lines(
        render(
            a_letter("document", agencies, title="关于同意示例甲市等21个城市创建国家电子商务示范城市的复函", body=body)
        ),
        1,
    )
    begin = next(n for n, (_top, said) in enumerate(found) if said.startswith("起各地"))
    assert sum(1 for top, said in found[begin:] if top < 262 and not re.fullmatch(r"[—\d]+", said)) >= 2


def test_date_stands_under_the_last_name_inside_its_seal():
    for agencies in (1, 3, 5):
        found = [line for page in (1, 2) for line in lines(render(a_letter("letter", agencies, 8)), page)]
        date_top = next(top for top, said in found if said == "2026年9月8日")
        names = [top for top, said in found if said in {"改革委员会", "中国人民银行", "管理总局"}]
        assert any(5 < date_top - top < 11 for top in names), agencies


def test_character_that_no_face_has_is_refused_with_its_code():
    with pytest.raises(RenderFailed, match=r"U\+1F600"):
        render(a_letter(title="关于同意示例😀市创建的复函"))


def test_faces_used_are_named():
    used = faces_used(
        render(a_letter("document", body=(("h1", "一、总体要求"), ("h2", "（一）任务"), ("p", SENTENCE))))
    )
    assert {"FandolFang", "FandolKai", "Noto-Serif-CJK-SC-Bold", "Noto-Sans-CJK-SC"} <= set(used)
