"""Whole tables through their pages: the preview, all or nothing, one undo, XLSX both ways, the order of rows."""

import html
import io
import json
import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook, load_workbook

from applications.models import Indicator, Measure, Milestone, TableChange
from applications.pasting import tabular
from portal import sheets
from portal.models import AuditEntry
from tests.pages import Queries

HEAD = "指标\t所属任务\t软硬\t目标年\t目标值\t单位\n"


def at(case, table, tail=""):
    return f"/plans/{case.plan.reference}/tables/{table}/{tail}"


def preview(city, case, text, table="indicators"):
    return city.post(at(case, table, "paste/"), {"text": text})


def hidden(response):
    """Return what the page would send back."""
    page = response.content.decode()
    fields = re.findall(r'<input type="hidden" name="(text|seen)" value="([^"]*)"', page)
    return {name: html.unescape(value) for name, value in fields} | {"apply": "1"}


def confirm(city, case, text, table="indicators"):
    shown = preview(city, case, text, table)
    assert shown.status_code == 200, shown.content.decode()
    return city.post(at(case, table, "paste/"), hidden(shown))


def words(response):
    text = re.sub(r"<(del|ins|strong)[^>]*>|</(del|ins|strong)>", "", response.content.decode())
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text))


def test_preview_shows_what_changes_and_writes_nothing(city, case):
    text = HEAD + "网络零售额\t深化应用\t硬\t2028\t５２０\t亿元\n电子认证覆盖率\t支撑体系\t软\t2028年\t65％\t%\n"
    shown = preview(city, case, text)
    said = words(shown)
    assert shown.status_code == 200
    assert "识别 2 行 × 6 列：更新 1 行、新增 1 行。" in said
    assert "480 → 520" in said
    assert list(Indicator.objects.values_list("name", "target_value")) == [("网络零售额", 480)]
    assert TableChange.objects.count() == 0


def test_applied_and_taken_back(city, world, case):
    before = Indicator.objects.values().get()
    text = HEAD + "网络零售额\t深化应用\t硬\t2028\t5.2亿\t亿元\n电子认证覆盖率\t支撑体系\t软\t2028\t65％\t%\n"
    answer = confirm(city, case, text)
    assert answer.status_code == 302
    rows = list(
        Indicator.objects.values_list("name", "area", "kind", "target_year", "target_value", "unit", "position")
    )
    assert rows == [
        ("网络零售额", "applications", "hard", 2028, Decimal("5.2"), "亿元", before["position"]),
        ("电子认证覆盖率", "support", "soft", 2028, 65, "%", before["position"] + 1),
    ]  # fmt: skip
    assert Indicator.objects.get(name="网络零售额").baseline_value == before["baseline_value"], (
        "columns not pasted stay"
    )
    entry = AuditEntry.objects.get(action="rows:paste")
    change = TableChange.objects.get()
    data = json.loads(entry.text)["data"]
    assert (entry.post, data["table"], data["added"], data["changed"], data["change"]) == (
        world.editor, "indicators", change.added, [str(before["id"])], change.pk,
    )  # fmt: skip
    page = words(city.get(at(case, "indicators")))
    assert "已写入本表：更新了 1 行，新增了 1 行。" in page
    assert "撤销粘贴" in page

    answer = city.post(at(case, "indicators", "undo/"), {"change": change.pk}, follow=True)
    assert "已撤销粘贴，本表恢复为粘贴前的样子。" in words(answer)
    assert "撤销粘贴" not in words(answer).replace("已撤销粘贴", "")
    assert Indicator.objects.values().get() == before
    assert AuditEntry.objects.filter(action="rows:undo").count() == 1
    again = city.post(at(case, "indicators", "undo/"), {"change": change.pk}, follow=True)
    assert "这次粘贴已经撤销" in words(again)


def test_undo_is_refused_once_a_row_was_changed(city, case):
    confirm(city, case, HEAD + "网络零售额\t深化应用\t硬\t2028\t520\t亿元\n新指标\t支撑体系\t软\t2028\t65\t%\n")
    Indicator.objects.filter(name="新指标").update(target_value=70)
    answer = city.post(at(case, "indicators", "undo/"), {"change": TableChange.objects.get().pk}, follow=True)
    assert "“新指标”后来又改过，所以不能整体撤销。" in words(answer)
    assert Indicator.objects.get(name="网络零售额").target_value == 520
    Indicator.objects.filter(name="新指标").delete()
    answer = city.post(at(case, "indicators", "undo/"), {"change": TableChange.objects.get().pk}, follow=True)
    assert "粘贴的一行后来被删除了" in words(answer)


def test_undo_is_refused_once_a_new_indicator_is_used(city, case):
    confirm(city, case, HEAD + "新指标\t支撑体系\t软\t2028\t65\t%\n")
    Measure.objects.get().indicators.add(Indicator.objects.get(name="新指标"))
    answer = city.post(at(case, "indicators", "undo/"), {"change": TableChange.objects.get().pk}, follow=True)
    assert "“新指标”后来关联了措施或时间节点" in words(answer)
    assert Indicator.objects.filter(name="新指标").exists()


def test_undo_is_over_after_a_day(city, case, held_clock):
    confirm(city, case, HEAD + "新指标\t支撑体系\t软\t2028\t65\t%\n")
    held_clock.set_to(held_clock.now() + timedelta(hours=25))
    city.force_login(case.plan.created_by.user)
    assert "撤销粘贴" not in words(city.get(at(case, "indicators")))


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("甲\t支撑体系\t软\t2028\t约500\t家", "第 2 行“目标值” 看不懂“约500”。请写以家计的数字，如 480。"),
        ("甲\t支撑体系\t软\t28\t5\t家", "第 2 行“目标年” 请用四位数字填写 2000 至 2050 之间的年份"),
        ("甲\t其他\t软\t2028\t5\t家", "第 2 行“所属任务” 看不懂“其他”。请写下列之一："),
        ("甲\t支撑体系\t软\t2028\t5", "第 2 行“单位” 请填写单位"),
        ("\t支撑体系\t软\t2028\t5\t家", "第 2 行“指标” 请填写指标名称"),
        ("甲\t支撑体系\t软\t2028\t120\t%", "第 2 行“目标值” 百分比不能超过 100。"),
        ("甲\t支撑体系\t软\t2028\t5\t家\n甲\t支撑体系\t软\t2028\t6\t家", "第 3 行 “甲”在第 2 行已经出现过。"),
        ("甲\t支撑体系\t软\t2028\t65％\t家", "第 2 行“目标值” 看不懂“65％”。"),
    ],
)
def test_a_cell_not_understood_keeps_everything_back(city, case, line, told):
    text = HEAD + line + "\n网络零售额\t深化应用\t硬\t2028\t520\t亿元\n"
    shown = preview(city, case, text)
    assert shown.status_code == 422
    assert told in words(shown)
    assert 'name="apply"' not in shown.content.decode()
    forced = city.post(at(case, "indicators", "paste/"), {"text": text, "seen": "x", "apply": "1"})
    assert forced.status_code == 409
    assert list(Indicator.objects.values_list("name", "target_value")) == [("网络零售额", 480)]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "请在这里粘贴单元格，或者选择一个 XLSX 表。"),
        ("指标\t目标值\n", "表头下面没有数据行"),
        ("目标年\t目标值\n2028\t5\n", "没有“指标”这一列"),
        ("指标\t目标值\t目标\n甲\t5\t6\n", "“目标”这一列出现了两次"),
        (HEAD + "甲\t支撑体系\t软\t2028\t5\t家\n" * 301, "最多 300 行"),
        ("指标\t目标值\n网络零售额\t480\n", "粘贴的内容与表中一致"),
    ],
)
def test_a_paste_that_cannot_be_taken_over_says_why(city, case, text, told):
    shown = preview(city, case, text)
    assert shown.status_code == 422
    assert told in words(shown)


def test_unit_from_the_figure_when_none_is_named(city, case):
    confirm(city, case, "指标\t所属任务\t软硬\t2028年目标值\n交易额\t应用\t硬\t4.8亿\n覆盖率\t支撑\t软\t60％\n")
    assert list(Indicator.objects.exclude(name="网络零售额").values_list("target_value", "unit", "target_year")) == [
        (Decimal("4.8"), "亿元", 2028),
        (60, "%", 2028),
    ]


def test_units_in_the_head_are_worked_out(city, case):
    confirm(city, case, "指标\t2028年目标值（万元）\n网络零售额\t5,200,000\n")
    assert Indicator.objects.get().target_value == 520


def test_columns_left_out_and_empty_cells(city, case):
    shown = preview(city, case, "指标\t目标值\t来源\t联系人\n网络零售额\t490\t\t某人\n")
    said = words(shown)
    assert "不认识下列各列，已略去： 联系人" in said
    source = Indicator.objects.get().source
    city.post(at(case, "indicators", "paste/"), hidden(shown))
    assert (Indicator.objects.get().target_value, Indicator.objects.get().source) == (490, source)


def test_somebody_else_was_quicker(city, case):
    shown = preview(city, case, "指标\t目标值\n网络零售额\t490\n")
    Indicator.objects.update(source="另一来源")
    answer = city.post(at(case, "indicators", "paste/"), hidden(shown))
    assert answer.status_code == 409
    assert "其间有人改过这张表。请重新看一遍预览；还没有写入任何内容。" in words(answer)
    assert Indicator.objects.get().target_value == 480
    assert city.post(at(case, "indicators", "paste/"), hidden(answer)).status_code == 302
    assert Indicator.objects.get().target_value == 490


def test_nothing_is_taken_once_the_part_is_closed(city, case):
    shown = preview(city, case, "指标\t目标值\n网络零售额\t490\n")
    case.plan.open_parts = ["measures"]
    case.plan.save(update_fields=["open_parts"])
    answer = city.post(at(case, "indicators", "paste/"), hidden(shown))
    assert answer.status_code == 409
    assert "“指标”在这一步不开放修改" in words(answer)
    assert Indicator.objects.get().target_value == 480


def test_measures_and_milestones_with_links_and_dates(city, case):
    text = (
        "任务名称\t所属任务\t软硬\t交付物\t完成时限\t资金（亿元）\t关联指标\n"
        "示例：建设公共信息平台\t基础设施\t硬\t平台一个\t2027年6月\t1.2\t网络零售额\n"
    )
    assert confirm(city, case, text, "measures").status_code == 302
    row = Measure.objects.get(title="示例：建设公共信息平台")
    assert (row.area, row.kind, row.due.isoformat(), row.money) == ("infrastructure", "hard", "2027-06-30", 12000)
    assert [i.name for i in row.indicators.all()] == ["网络零售额"]
    text = "事项\t所属任务\t软硬\t开始\t结束\t指标\n示例：平台上线\t基础设施\t硬\t2027/1/5\t2027年12月\t网络零售额\n"
    assert confirm(city, case, text, "milestones").status_code == 302
    found = Milestone.objects.get(title="示例：平台上线")
    assert (found.starts.isoformat(), found.ends.isoformat(), found.indicator.name) == (
        "2027-01-05", "2027-12-31", "网络零售额",
    )  # fmt: skip
    unknown = preview(city, case, "任务名称\t指标\n示例：建设公共信息平台\t没有的\n", "measures")
    assert "方案里没有指标“没有的”，请先把它加入指标表。" in words(unknown)


def test_undo_puts_links_and_dates_back(city, case):
    measure = Measure.objects.get()
    before = Measure.objects.values().get(), sorted(measure.indicators.values_list("pk", flat=True))
    confirm(city, case, HEAD + "乙\t支撑体系\t软\t2028\t65\t%\n")
    confirm(city, case, f"措施\t指标\t完成时限\n{measure.title}\t乙\t2027-03-31\n", "measures")
    assert [i.name for i in measure.indicators.all()] == ["乙"]
    change = TableChange.objects.get(table="measures")
    city.post(at(case, "measures", "undo/"), {"change": change.pk})
    assert (Measure.objects.values().get(), sorted(measure.indicators.values_list("pk", flat=True))) == before


@pytest.mark.parametrize("table", ["indicators", "measures", "milestones"])
def test_sheet_goes_out_and_comes_back_the_same(city, case, table):
    Indicator.objects.update(source='=HYPERLINK("x")', department="＝SUM(A1)")
    answer = city.get(at(case, table, "sheet/"))
    assert answer["Content-Type"] == sheets.MIME
    assert answer["Content-Disposition"] == f'attachment; filename="{case.plan.reference}-{table}.xlsx"'
    book = load_workbook(io.BytesIO(answer.content))
    kinds = {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row}
    assert kinds <= {"s", "n"}
    file = SimpleUploadedFile("表.xlsx", answer.content)
    shown = city.post(at(case, table, "paste/"), {"file": file, "unclassified": "on"})
    assert shown.status_code == 422
    expected = "粘贴的内容与表中一致" if getattr(case.plan, table).exists() else "表头下面没有数据行"
    assert expected in words(shown)


def test_a_filled_sheet_is_taken_over(city, case):
    book = Workbook()
    book.active.append(["指标", "所属任务", "软硬", "目标年", "目标值", "单位"])
    book.active.append(["覆盖率", "支撑体系", "软", 2028, 0.65, "%"])
    book.active["E2"].number_format = "0%"
    target = io.BytesIO()
    book.save(target)
    shown = city.post(
        at(case, "indicators", "paste/"),
        {"file": SimpleUploadedFile("a.xlsx", target.getvalue()), "unclassified": "on"},
    )
    assert shown.status_code == 200
    city.post(at(case, "indicators", "paste/"), hidden(shown))
    assert Indicator.objects.get(name="覆盖率").target_value == 65


def test_a_file_that_is_no_sheet(city, case):
    sent = {"file": SimpleUploadedFile("a.xlsx", b"%PDF-1.4 no")}
    undeclared = city.post(at(case, "indicators", "paste/"), sent)
    assert undeclared.status_code == 422
    assert "请确认文件不含涉密内容" in words(undeclared)
    sent = {"file": SimpleUploadedFile("a.xlsx", b"%PDF-1.4 no"), "unclassified": "on"}
    shown = city.post(at(case, "indicators", "paste/"), sent)
    assert shown.status_code == 422
    assert "XLSX" in words(shown)


def test_the_preview_asks_the_database_the_same_number_of_times(city, case):
    measure = Measure.objects.get()

    def queries(lines):
        head = "措施\t所属任务\t软硬\t指标\t完成时限\n"
        known = f"{measure.title}\t{measure.get_area_display()}\t{measure.get_kind_display()}"
        rows = [(f"示例{n}\t政策环境\t软" if n else known) + f"\t网络零售额\t2027-01-0{n + 1}" for n in range(lines)]
        with Queries() as seen:
            assert preview(city, case, head + "\n".join(rows), "measures").status_code == 200
        return len(seen)

    queries(1)
    assert queries(1) == queries(8)


def test_rows_change_places(city, world, case):
    confirm(city, case, HEAD + "乙\t支撑体系\t软\t2028\t65\t%\n丙\t支撑体系\t软\t2028\t65\t%\n")
    keys = dict(Indicator.objects.values_list("name", "pk"))

    def move(name, to):
        answer = city.post(at(case, "indicators", f"{keys[name]}/move/"), {"to": to})
        assert answer["Location"].endswith(f"/tables/indicators/#row-{keys[name]}")
        return list(Indicator.objects.values_list("name", flat=True))

    assert move("丙", "up") == ["网络零售额", "丙", "乙"]
    assert move("网络零售额", "down") == ["丙", "网络零售额", "乙"]
    assert move("丙", "up") == ["丙", "网络零售额", "乙"], "the first row stays first"
    assert move("乙", "down") == ["丙", "网络零售额", "乙"]
    entries = AuditEntry.objects.filter(action="row:move")
    assert [(json.loads(e.text)["data"]["place"], e.post) for e in entries.order_by("seq")] == [
        (2, world.editor),
        (2, world.editor),
    ]
    other = city.post(at(case, "measures", f"{keys['乙'] + 999}/move/"), {"to": "up"})
    assert other.status_code == 404


def test_moving_asks_the_database_the_same_number_of_times(city, case):
    confirm(city, case, HEAD + "乙\t支撑体系\t软\t2028\t65\t%\n")
    pk = Indicator.objects.get(name="乙").pk

    def queries(to):
        with Queries() as seen:
            city.post(at(case, "indicators", f"{pk}/move/"), {"to": to})
        return len(seen)

    few = queries("up")
    more = "".join(f"行{n}\t支撑体系\t软\t2028\t65\t%\n" for n in range(20))
    confirm(city, case, HEAD + more)
    assert queries("down") == few


def test_unknown_tables_are_not_there(city, case):
    assert city.get(at(case, "consultations", "paste/")).status_code == 404
    assert city.get(at(case, "nothing", "sheet/")).status_code == 404


def test_a_stranger_may_do_nothing(client, world, case):
    client.force_login(world.neighbour_lead.user)
    row = Indicator.objects.get()
    assert client.get(at(case, "indicators", "sheet/")).status_code == 404
    assert client.post(at(case, "indicators", "paste/"), {"text": HEAD}).status_code == 404
    assert client.post(at(case, "indicators", "undo/"), {"change": 1}).status_code == 404
    assert client.post(at(case, "indicators", f"{row.pk}/move/"), {"to": "up"}).status_code == 404


def test_text_of_a_sheet_survives_as_cells():
    rows = [["甲", "两行\n文字", '"引'], ["", "x", ""]]
    content = sheets.write({"一": [["a", "b", "c"], *rows]})
    assert sheets.read(content) == [["a", "b", "c"], ["甲", "两行\n文字", '"引'], ["", "x"]]
    assert tabular.read(tabular.write(sheets.read(content))) == [
        ["a", "b", "c"],
        ["甲", "两行\n文字", '"引'],
        ["", "x"],
    ]
