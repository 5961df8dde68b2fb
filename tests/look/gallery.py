"""One page with every component and invented rows, so that the look can be checked and photographed."""

from datetime import date
from pathlib import Path
from types import SimpleNamespace

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Field, Fieldset, Layout
from django import forms
from django.core.paginator import Paginator
from django.template import engines
from django.test import RequestFactory

from portal import charts

HERE = Path(__file__).parent


class ReplyForm(forms.Form):
    title = forms.CharField(
        label="标题",
        help_text="写清城市和事项。",
        error_messages={"required": "请写标题，如“杭州市第 4 版”。"},
    )
    due = forms.DateField(label="答复期限", widget=forms.DateInput(attrs={"type": "date"}), required=False)
    kind = forms.ChoiceField(
        label="处理", choices=[("", "请选择"), ("a", "采纳")], error_messages={"required": "请选择处理方式。"}
    )
    often = forms.ChoiceField(
        label="考核频次",
        choices=[("y", "每年一次"), ("h", "每半年一次")],
        widget=forms.RadioSelect,
        error_messages={"required": "请选择“部门考核机制”的考核频次。"},
    )
    text = forms.CharField(
        label="说明",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "data-count-most": "20"}),
    )
    true = forms.BooleanField(label="我已核对，材料真实。", error_messages={"required": "请核对后勾选声明。"})

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.layout = Layout(Fieldset("答复", "title", "due", "kind", "often"), Field("text"), "true")


def due(day: str, words: str, level: str = "") -> dict:
    return {"date": day, "words": words, "level": level}


def pictures() -> dict:
    spans = [
        charts.Span("信用平台上线", date(2026, 1, 1), date(2027, 3, 1), False),
        charts.Span("电子认证条例", date(2026, 5, 1), date(2026, 11, 1), True),
        charts.Span("共同配送站点 80 个，覆盖全部城区和两个县", date(2026, 9, 1), date(2028, 1, 1), False),
    ]
    names = ["政策环境", "支撑体系", "基础设施", "服务培育", "深化应用", "组织保障", "考核机制", "总结交流"]
    levels = [(2, 3), (2, 3), (4, 4), (2, 3), (3, 3), (3, 4), (1, 3), (2, 4)]
    return {
        "bars": charts.stage_bars(
            [("研究提出", 46), ("讨论修改", 31), ("正式受理", 18), ("已批复", 13)],
            "各阶段城市数：研究提出 46",
        ),
        "gantt": charts.milestones(spans, today=date(2026, 9, 19), says="3 个时间节点", today_word="今天"),
        "radar": charts.radar(
            [charts.Axis(n, *v) for n, v in zip(names, levels, strict=True)], "成熟度：第 3 版与第 4 版"
        ),
        "tiles": charts.tile_grid({"33": 5, "44": 3, "61": 4, "11": 1, "42": 2}, "各省份城市数"),
        "spark": charts.sparkline([320, 351, 402, 480], "网络零售额 320 升到 480"),
    }


def rows() -> dict:
    return {
        "todo": [
            {
                "title": "答复协调小组第二轮修改意见（还有 4 条未答复）",
                "url": "#a",
                "source": "意见编号 YJ-2026-031",
                "tag": {"label": "必改 3", "colour": "red"},
                "due": due("9月18日 18:00", "已超 1 个工作日", "late"),
            },
            {
                "title": "补齐“部门考核机制”的考核部门和频次",
                "url": "#a",
                "source": "硬性要求 1",
                "tag": {"label": "未达标", "colour": "amber"},
                "due": due("9月22日 18:00", "还有 2 个工作日", "soon"),
            },
            {
                "title": "审定市工商局提交的“信用体系”段落",
                "url": "#a",
                "tag": {"label": "待审定", "colour": "teal"},
                "due": due("9月24日", "还有 5 个工作日"),
            },
        ],
        "waiting": [
            {
                "title": "市税务局填写“财税政策”3 个指标",
                "source": "已于 9月16日 提醒一次",
                "act": {"url": "#a", "label": "再提醒", "hidden": [("op", "1")]},
                "due": due("9月24日", "还有 4 个工作日"),
            },
        ],
        "history": [
            {
                "title": "转报协调小组",
                "at": "9月8日 10:12",
                "who": "示例·省发展改革委经办人",
                "reason": "材料齐全",
            },
            {
                "title": "提交第 3 版",
                "at": "9月1日 09:30",
                "who": "示例·某市发展改革委负责人",
                "url": "#a",
                "url_label": "读第 3 版",
            },
        ],
        "tags": [
            ("grey", "草稿"),
            ("teal", "待转报"),
            ("amber", "修改中"),
            ("red", "有问题"),
            ("green", "已批复"),
            ("violet", "继续完善"),
            ("blue", "疑问"),
            ("", "已完成"),
        ],
        "notes": [
            (
                "must",
                "必改",
                "建立网上信用体系，完善信用服务",
                "没有写责任部门、归集范围和考核办法，请补充可核查的目标。",
            ),
            ("suggestion", "建议", "电子认证覆盖率达到 65%", "建议注明统计口径。"),
            ("question", "疑问", "建设跨区域物流配送信息平台", "与省级平台是什么关系？"),
            ("strength", "肯定", "每半年组织一次总结交流", "两项硬性要求写得具体。"),
        ],
    }


def context() -> dict:
    person = SimpleNamespace(full_name="示例·某市发展改革委经办人", is_authenticated=True)
    form = ReplyForm({"title": "", "text": "这一段文字超过了二十个字的建议篇幅，用来看提示。"})
    return {
        "site_name": "国家电子商务示范城市创建工作平台",
        "nav": [
            {"url": "#a", "label": label, "current": label == "首页"}
            for label in ("首页", "创建方案", "审议", "批次与批复", "实施与总结", "经验库")
        ],
        "unread": 3,
        "user": person,
        "post": SimpleNamespace(
            user=person,
            organisation=SimpleNamespace(short_name="某市发展改革委"),
            get_role_display="城市编辑",
        ),
        "other_language": {"code": "en", "label": "English", "url": "/en/"},
        "idle_seconds": 1800,
        "idle_warning_seconds": 120,
        "request": RequestFactory().get("/", {"state": "late", "page": "3"}),
        "strip": {
            "city": "示例市",
            "reference": "CJ-330100-2026-1",
            "url": "#a",
            "version": "第 4 版草稿",
            "turn": "示例市",
            "stages": [
                {"label": "研究提出"},
                {"label": "讨论修改（第 2 轮）", "current": True},
                {"label": "正式受理"},
            ],
            "state": {"label": "修改中", "colour": "amber"},
            "due": due("9月22日 18:00", "还有 2 个工作日", "soon"),
        },
        "gauge": {
            "soft": {"concrete": 17, "total": 25},
            "hard": {"concrete": 20, "total": 22},
            "advice": 15,
            "missing": [{"label": "5 个软性目标没有指标", "url": "#a"}],
        },
        "page": Paginator(range(200), 20).page(3),
        "receipt": {
            "title": "已提交第 4 版",
            "reference": "CJ-330100-2026-1",
            "version": "第 4 版",
            "at": "2026年9月22日（星期二）10:42:07",
            "by": "示例·某市发展改革委负责人",
            "fingerprint": "9F3A 77C1 52D0 E02B",
            "next": ["省发展改革委在 9月24日 前转报。", "转报前可以撤回。"],
            "links": [{"url": "#a", "label": "读第 4 版"}],
        },
        "facts": [{"label": "牵头部门", "value": "某市发展改革委"}, {"label": "分管领导", "value": ""}],
        "form": form,
        **pictures(),
        **rows(),
    }


def html(values: dict | None = None) -> str:
    return engines["django"].from_string((HERE / "gallery.html").read_text("utf-8")).render(values or context())
