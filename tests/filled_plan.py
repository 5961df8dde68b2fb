"""A working text that passes every check, and the files that go with it."""

import hashlib
import itertools
from datetime import date

from django.conf import settings

from applications.areas import Area
from applications.models import Attachment, Consultation, Indicator, Measure, Section
from applications.models.records import RECORDS
from portal import blobs, clock
from portal.models import CleanCopy, Membership, StoredFile

_serial = itertools.count(1)
RECORD_VALUES = {
    "leading_group": {
        "leader_post": "分管副市长", "lead_department": "市发展改革委", "members": "市商务局\n市税务局",
        "founding_title": "关于成立领导小组的通知", "founding_date": date(2026, 1, 15),
        "founding_number": "示例〔2026〕2号",
    },
    "coordination": {"departments": "市发展改革委\n市商务局", "frequency": "quarterly", "arrangement": "联席会议"},
    "assessment": {
        "assessing_department": "市政府办公室", "assessed_departments": "各成员单位", "frequency": "yearly",
        "in_annual_evaluation": True, "method": "对照任务分解表", "accountability": "责任到人",
    },
    "summaries": {
        "frequency": "half_yearly", "lead_department": "市发展改革委", "form": "书面总结和交流会",
        "recipients": "协调小组", "first_due": date(2026, 12, 31),
    },
    "funds": {"sources": "市级财政专项资金"},
}  # fmt: skip


def stored_file(name: str = "示例.pdf", kind: str = "pdf", by: Membership | None = None) -> StoredFile:
    """Keep 1,000 bytes that no other file has; written plainly, since nothing here must outlive a crash."""
    content = b"%%PDF sample %d" % next(_serial)
    content = content.ljust(1000)
    sha = hashlib.sha256(content).hexdigest()
    place = blobs.path_of(sha, settings.PRIVATE_ROOT)
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(content)
    CleanCopy.objects.create(sha256=sha, copy_sha256=sha, made_at=clock.now())  # there is nothing in it to take out
    return StoredFile.objects.create(
        sha256=sha, name=name, kind=kind, mime="application/pdf", size=len(content), uploaded_by=by
    )


def fill(plan, by: Membership) -> None:
    """Write enough for every check: areas, records, one indicator and measure, the founding document."""
    plan.contact_name, plan.contact_phone = "示例·联系人", "0573-0000000"
    plan.save(update_fields=["contact_name", "contact_phone"])
    fill_areas(plan)
    fill_rows(plan)
    for name, values in RECORD_VALUES.items():
        RECORDS[name].objects.update_or_create(plan=plan, defaults=values)
    file = stored_file("成立领导小组的通知.pdf", by=by)
    Attachment.objects.create(plan=plan, file=file, title="成立领导小组的通知", kind="founding", unclassified=True)


def fill_areas(plan) -> None:
    for number, area in enumerate(Area, start=1):
        text = f"（{'一二三四五'[number - 1]}）示例：" + f"本市在第{number}项任务上围绕企业反映的问题安排工作，" * 4
        section = Section.objects.get(plan=plan, key=area.value)
        section.paragraphs = [
            {"id": f"p{number}a", "text": text},
            {"id": f"p{number}b", "text": "到2028年覆盖率达到60%。"},
        ]
        section.save(update_fields=["paragraphs"])


def fill_rows(plan) -> None:
    indicator = Indicator.objects.create(
        plan=plan,
        name="网络零售额",
        area=Area.APPLICATIONS,
        kind="hard",
        unit="亿元",
        baseline_year=2025,
        baseline_value=320,
        target_year=2028,
        target_value=480,
        source="示例数据",
    )
    measure = Measure.objects.create(
        plan=plan,
        area=Area.POLICY,
        kind="soft",
        title="制定网络交易管理办法",
        deliverable="印发管理办法",
        instrument="normative",
        drafting_department="市司法局",
        lead_department="市市场监管局",
        post="市市场监管局网络监管处处长",
        due=date(2027, 6, 30),
    )
    measure.indicators.add(indicator)
    Consultation.objects.create(
        plan=plan,
        held_on=date(2026, 2, 3),
        form="座谈会",
        who="电子商务企业",
        participants=12,
        from_firms=True,
        opinions="示例意见",
        adopted="示例采纳",
    )
