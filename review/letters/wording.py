"""The wording of the letters: plain Chinese text, paragraph by paragraph; what is open stands in braces."""

import re
from datetime import date
from typing import Any

Text = dict[str, Any]
PROJECT = "国家电子商务示范城市"
_NOUN = {"reply": "复函", "approval": "批复", "notice": "通知"}
_LEAD_IN = {"reply": "现函复如下：", "approval": "现批复如下：", "notice": "现将有关事项通知如下："}
_VERB = {"reply": "函复", "approval": "批复", "notice": "通知"}
_CLOSE = {"reply": "特此函复。", "approval": "特此批复。", "notice": "特此通知。"}
_FIELD = re.compile(r"\{(\w+)\}")


def fill(text: str, fields: dict[str, str]) -> str:
    """Put the fields in; a field without a value is an error, never an empty place on paper."""
    return _FIELD.sub(lambda found: fields[found[1]], text)


def some(cities: list[str]) -> str:
    """Return 杭州市 or 杭州市等13个城市, as a title names them."""
    return cities[0] if len(cities) == 1 else f"{cities[0]}等{len(cities)}个城市"


def chinese_date(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def city(
    *,
    kind: str,
    genre: str,
    city: str,
    addressee: str,
    plan: str,
    filing: dict[str, Any],
    agencies: list[str],
    copies: list[str],
    earlier: str,
) -> Text:
    """Return the letter on one city."""
    came = f"你委《{filing['title']}》（{filing['number']}，{chinese_date(filing['date'])}）收悉。"
    noun = _NOUN[genre]
    if kind == "rescind":
        title = f"关于撤销同意{city}创建{PROJECT}的{noun}"
        body = [
            f"经{'、'.join(agencies)}研究，{_LEAD_IN[genre]}",
            f"一、撤销同意{city}创建{PROJECT}的决定，原文件（{earlier}）自本文印发之日起停止执行。",
            f"二、请指导{city}继续完善创建工作方案，条件成熟后可再次提出申请。",
        ]
    else:
        title = f"关于同意{city}创建{PROJECT}的{noun}"
        body = [
            f"{came}经{'、'.join(agencies)}研究，{_LEAD_IN[genre]}",
            f"一、原则同意《{plan}》，请指导{city}认真组织实施。",
            f"二、{city}要坚持制度建设与设施建设并重，着力完善政策环境、支撑体系、基础设施、服务和应用，"
            "解决企业反映的实际问题。",
            f"三、{city}人民政府要加强组织领导，落实部门分工，把创建任务的完成情况列入对有关部门的年度考核，"
            "并定期总结、交流创建工作的进展、经验和问题。",
            f"四、请你委会同有关部门加强指导和跟踪。{'、'.join(agencies)}将按照职责分工给予支持，"
            "及时研究解决创建工作中的问题，总结推广典型经验。",
        ]
    return _text(title, [addressee], [*body, _CLOSE[genre]], copies)


def joint(*, kind: str, genre: str, agencies: list[str]) -> Text:
    """Return the joint letter with its list left open."""
    noun = _NOUN[genre]
    if kind == "rescind":
        title = f"关于撤销同意{{cities}}创建{PROJECT}的{noun}"
        body = [
            f"经{'、'.join(agencies)}研究，{_LEAD_IN[genre]}",
            f"一、撤销同意{{cities}}创建{PROJECT}的决定，城市名单见附件。",
            "二、请指导有关城市继续完善创建工作方案，条件成熟后可再次提出申请。",
        ]
    else:
        title = f"关于同意{{cities}}创建{PROJECT}的{noun}"
        body = [
            f"有关城市正式申报的创建工作方案收悉。经{'、'.join(agencies)}研究，{_LEAD_IN[genre]}",
            f"一、原则同意{{cities}}（名单见附件）创建{PROJECT}，对各城市创建工作方案的意见另行{_VERB[genre]}。",
            "二、请督促有关城市人民政府加强组织领导，落实部门考核机制和定期总结交流制度，坚持制度建设与设施建设并重。",
            f"三、{'、'.join(agencies)}将加强指导和跟踪，及时研究解决创建工作中的问题，总结推广典型经验。",
        ]
    text = _text(title, [], [*body, _CLOSE[genre]], [])
    return text | {"list_title": f"{PROJECT}名单" if kind == "approve" else f"撤销同意创建{PROJECT}的城市名单"}


def _text(title: str, addressees: list[str], body: list[str], copies: list[str]) -> Text:
    return {"title": title, "addressees": addressees, "body": [["p", p] for p in body], "copies_to": copies}
