import re
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

import pytest

from portal import charts

CSS = (Path(__file__).parents[2] / "static" / "css" / "tokens.css").read_text("utf-8")
NAMES = ["政策环境", "支撑体系", "基础设施", "服务培育", "深化应用", "组织保障", "考核机制", "总结交流"]
EVIL = '<script>alert("1")</script>&'


def drawn(picture: str) -> ElementTree.Element:
    return ElementTree.fromstring(picture)  # noqa: S314  drawn by ourselves a line above


def all_of(picture: str, kind: str) -> list[ElementTree.Element]:
    return drawn(picture).findall(f".//{{http://www.w3.org/2000/svg}}{kind}")


def texts(picture: str) -> list[str]:
    return [element.text or "" for element in all_of(picture, "text")]


def test_colours_are_those_of_the_style_sheet():
    named = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{3,6});", CSS))
    ramp = tuple(named[f"ramp-{i}"] for i in range(6))
    assert ramp == charts.RAMP
    assert [named[n] for n in ("ink", "ink-2", "ink-3", "line", "line-strong", "brand", "seal")] == [
        charts.INK, charts.INK_2, charts.INK_3, charts.LINE, charts.LINE_STRONG, charts.BRAND, charts.SEAL,
    ]  # fmt: skip


def test_share_of_nothing_is_none_and_not_zero():
    assert charts.share(0, 0) is None
    assert charts.share(0, 4) == 0
    assert charts.share(17, 25) == 68
    assert charts.share(20, 22) == 91


def test_share_bar_is_as_long_as_the_share():
    widths = [rect.get("width") for rect in all_of(charts.share_bar(68, soft=True), "rect")]
    assert widths == ["280", "190.4"]
    assert drawn(charts.share_bar(None, soft=False)).get("aria-hidden") == "true"


def test_stage_bars_say_every_figure():
    picture = charts.stage_bars([("研究提出", 46), ("已批复", 0)], "各阶段城市数")
    assert texts(picture) == ["研究提出", "46", "已批复", "0"]
    assert [rect.get("width") for rect in all_of(picture, "rect")] == ["280", "0"]
    assert drawn(picture).get("aria-label") == "各阶段城市数"


def test_words_of_people_are_escaped():
    span = charts.Span(EVIL, date(2026, 1, 1), date(2026, 6, 1), True)
    pictures = [
        charts.stage_bars([(EVIL, 1)], EVIL),
        charts.milestones([span], today=date(2026, 3, 1), says=EVIL, today_word=EVIL),
        charts.radar([charts.Axis(EVIL, 1, 2)] * 3, EVIL),
        charts.tile_grid({}, EVIL),
        charts.sparkline([1, 2], EVIL),
    ]
    for picture in pictures:
        assert "<script" not in picture
        assert drawn(picture).get("aria-label") == EVIL


def test_soft_milestones_are_solid_and_hard_ones_light():
    spans = [
        charts.Span("条例", date(2026, 5, 1), date(2026, 11, 1), True),
        charts.Span("站点", date(2026, 9, 1), date(2028, 1, 1), False),
    ]
    picture = charts.milestones(spans, today=date(2026, 9, 19), says="2 个", today_word="今天")
    assert [rect.get("fill") for rect in all_of(picture, "rect")] == [charts.BRAND, charts.RAMP[2]]
    assert [t for t in texts(picture) if t.endswith("年")] == ["2026年", "2027年", "2028年"]
    assert texts(picture)[-1] == "今天"


def test_today_outside_the_years_has_no_line():
    spans = [charts.Span("条例", date(2026, 5, 1), date(2026, 5, 1), True)]
    picture = charts.milestones(spans, today=date(2025, 12, 31), says="1 个", today_word="今天")
    assert "今天" not in texts(picture)
    assert [rect.get("width") for rect in all_of(picture, "rect")] == ["6"]


def test_no_milestones_draw_nothing():
    assert charts.milestones([], today=date(2026, 1, 1), says="", today_word="") == ""


def test_radar_shows_both_rounds_and_each_step():
    axes = [charts.Axis(name, 2, 3) for name in NAMES[:7]] + [charts.Axis("总结交流", None, 4)]
    picture = charts.radar(axes, "成熟度")
    shapes = all_of(picture, "polygon")
    assert len(shapes) == 4 + 2
    assert shapes[-2].get("stroke-dasharray") == "5 4"
    assert len(shapes[-2].get("points").split()) == 7
    assert len(shapes[-1].get("points").split()) == 8
    assert texts(picture) == [t for name in NAMES[:7] for t in (name, "2→3")] + ["总结交流", "4"]


def test_radar_says_when_a_line_is_not_assessed():
    assert texts(charts.radar([charts.Axis("政策环境", 2, None)] * 3, ""))[:2] == ["政策环境", "2→—"]


def test_tiles_cover_the_34_units_without_clash():
    assert len(charts.TILES) == 34
    assert len({place[1:] for place in charts.TILES.values()}) == 34
    assert len({place[0] for place in charts.TILES.values()}) == 34


@pytest.mark.parametrize(("value", "level"), [(0, 0), (1, 1), (10, 1), (11, 2), (30, 3), (31, 4), (50, 5)])
def test_tile_level(value, level):
    assert charts.tile_level(value, 50) == level


def test_tile_grid_says_the_number_in_ink_that_can_be_read():
    picture = charts.tile_grid({"33": 5, "44": 3}, "各省份城市数")
    by_text = {element.text: element.get("fill") for element in all_of(picture, "text") if element.text}
    assert (by_text["浙"], by_text["5"]) == ("#fff", "#fff")
    assert (by_text["粤"], by_text["3"]) == (charts.INK, charts.INK)
    assert "0" not in by_text


def test_sparkline_leaves_out_what_is_unknown():
    picture = charts.sparkline([320, None, 480], "零售额")
    (line,) = all_of(picture, "polyline")
    assert line.get("points") == "3.0,21.0 117.0,3.0"
    assert charts.sparkline([None], "") == ""
    assert all_of(charts.sparkline([5, 5], ""), "polyline")[0].get("points") == "3.0,12.0 117.0,12.0"


def test_long_labels_are_cut_to_their_room():
    assert charts.shortened("共同配送站点", 14, 200) == "共同配送站点"
    cut = charts.shortened("共同配送站点" * 4, 14, 100)
    assert cut.endswith("…")
    assert charts.text_width(cut, 14) <= 100
