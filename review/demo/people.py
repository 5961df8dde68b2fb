"""Who acts in the sample programme: named by post, marked 示例, a password only where it is printed."""

from dataclasses import dataclass
from functools import cache

from django.contrib.auth.hashers import make_password
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from applications.models import Call, City
from applications.services import programme
from portal import appointments
from portal.models import Membership, Organisation
from portal.models.organisations import OrganisationKind as Kind
from portal.roles import Role

PASSWORD = "Sample-2026"  # noqa: S105 - the sample programme's own, printed on every start; production refuses to load it
MAIL = "portal.example"
# GB/T 2260 code of a province → the beginning of its offices' accounts.
PROVINCES = {
    "110000": "beijing", "120000": "tianjin", "130000": "hebei", "140000": "shanxi", "150000": "neimenggu",
    "210000": "liaoning", "220000": "jilin", "230000": "heilongjiang", "310000": "shanghai", "320000": "jiangsu",
    "330000": "zhejiang", "340000": "anhui", "350000": "fujian", "360000": "jiangxi", "370000": "shandong",
    "410000": "henan", "420000": "hubei", "430000": "hunan", "440000": "guangdong", "450000": "guangxi",
    "460000": "hainan", "500000": "chongqing", "510000": "sichuan", "520000": "guizhou", "530000": "yunnan",
    "540000": "xizang", "610000": "shaanxi", "620000": "gansu", "630000": "qinghai", "640000": "ningxia",
    "650000": "xinjiang",
}  # fmt: skip
AGENCIES = {"国家发展改革委": "ndrc", "商务部": "mofcom", "人民银行": "pbc", "税务总局": "sta", "市场监管总局": "samr"}
CORPS = "兵团"
# The accounts that are printed: account → who it is.
PRINTED = {
    "wuxi": gettext_noop("City lead of Wuxi, invited, without a plan yet"),
    "wuxi-editor": gettext_noop("City editor of Wuxi"),
    "longnan": gettext_noop("City lead of Longnan (a draft being written, parts handed in for sign-off)"),
    "longnan-editor": gettext_noop("City editor of Longnan"),
    "hangzhou": gettext_noop("City lead of Hangzhou (the full plan, ready for formal application)"),
    "hangzhou-editor": gettext_noop("City editor of Hangzhou"),
    "tangshan": gettext_noop("City lead of Tangshan (answers are overdue)"),
    "ganzhou": gettext_noop("City lead of Ganzhou (ready, to be released for filing)"),
    "jiangsu-commerce": gettext_noop("Provincial commerce office of Jiangsu (channel, if Wuxi names it)"),
    "jiangsu-drc": gettext_noop("Provincial DRC of Jiangsu (channel of Nantong; formal filing for Wuxi)"),
    "yunnan-drc": gettext_noop("Provincial DRC of Yunnan (channel, Kunming is waiting)"),
    "shaanxi-commerce": gettext_noop("Provincial commerce office of Shaanxi (channel, Yan'an is waiting)"),
    "hebei-drc": gettext_noop("Provincial DRC of Hebei (channel of Tangshan, and formal filing for it)"),
    "jiangxi-drc": gettext_noop("Provincial DRC of Jiangxi (formal filing for Ganzhou, which is ready)"),
    "xiamen-drc": gettext_noop("DRC of Xiamen (formal filing, Xiamen is ready and released)"),
    "hangzhou-drc": gettext_noop("DRC of Hangzhou, a city that files directly (formal filing for Hangzhou)"),
    "office": gettext_noop("Office of the coordination group"),
    "leader": gettext_noop("Leader of the coordination group"),
    "expert1": gettext_noop("Member of the coordination group, expert"),
    "expert2": gettext_noop("Member of the coordination group, expert"),
    "expert3": gettext_noop("Member of the coordination group, expert"),
    "expert4": gettext_noop("Member of the coordination group, expert"),
    "ndrc-handler": gettext_noop("Handler of the lead agency"),
    "ndrc-signer": gettext_noop("Signer of the lead agency"),
    "mofcom-handler": gettext_noop("Handler of a co-signing agency"),
    "mofcom-signer": gettext_noop("Signer of a co-signing agency"),
    "pbc-handler": gettext_noop("Handler of a co-signing agency"),
    "pbc-signer": gettext_noop("Signer of a co-signing agency"),
    "sta-handler": gettext_noop("Handler of a co-signing agency"),
    "sta-signer": gettext_noop("Signer of a co-signing agency (one objection)"),
    "samr-handler": gettext_noop("Handler of a co-signing agency"),
    "samr-signer": gettext_noop("Signer of a co-signing agency (signature awaited)"),
    "sysadmin": gettext_noop("System administrator"),
    "secadmin": gettext_noop("Security administrator"),
    "auditor": gettext_noop("Audit administrator"),
}


@cache
def _hashed() -> str:
    """Hash once for all: everybody knows this password, and hashing is slow on purpose."""
    return make_password(PASSWORD)


@dataclass(slots=True)
class Cast:
    """The posts by account."""

    posts: dict[str, Membership]

    def __getitem__(self, account: str) -> Membership:
        return self.posts[account]

    def of(self, organisation: Organisation, *roles: Role) -> Membership:
        """Return the person who holds one of the roles in an organisation."""
        return next(p for p in self.posts.values() if p.organisation_id == organisation.pk and p.role in roles)

    def join(self, account: str, name: str, title: str, organisation: Organisation, role: Role) -> Membership:
        user = appointments.enrol(
            account,
            full_name=f"示例·{name}",
            post_title=title,
            email=f"{account}@{MAIL}",
        )
        if account in PRINTED:
            user.password = _hashed()
            user.save(update_fields=["password"])
        self.posts[account] = appointments.appoint(user, organisation, role)
        return self.posts[account]


def appoint(call: Call) -> Cast:
    """Appoint everybody who is there before the first city begins."""
    cast = Cast({})
    _offices(cast)
    _group(cast)
    for row in call.agencies.select_related("organisation"):
        agency, key = row.organisation, AGENCIES[row.organisation.short_name]
        cast.join(f"{key}-handler", f"{agency.short_name}经办人", "经办人", agency, Role.AGENCY_HANDLER)
        cast.join(f"{key}-signer", f"{agency.short_name}签署人", "签署人", agency, Role.AGENCY_SIGNER)
    keepers = appointments.establish(Kind.PORTAL, "创建工作平台运行管理组（示例）", short_name="平台管理组")
    cast.join("sysadmin", "系统管理员", "系统管理员", keepers, Role.SYSTEM_ADMIN)
    cast.join("secadmin", "安全管理员", "安全管理员", keepers, Role.SECURITY_ADMIN)
    cast.join("auditor", "审计管理员", "审计管理员", keepers, Role.AUDIT_ADMIN)
    return cast


def _offices(cast: Cast) -> None:
    """Development and reform commissions and commerce offices of all provinces and the cities that file directly."""
    slugs = dict(City.objects.filter(level="prefecture").values_list("code", "slug"))
    for office in Organisation.objects.filter(
        kind__in=[Kind.PROVINCE_DRC, Kind.PROVINCE_COMMERCE, Kind.CITY_DRC, Kind.CITY_COMMERCE]
    ).order_by("region_code", "id"):
        of_city = office.kind in {Kind.CITY_DRC, Kind.CITY_COMMERCE}
        place = slugs[office.region_code] if of_city else PROVINCES[office.region_code]
        if CORPS in office.short_name:
            place = "bingtuan"
        is_drc = office.kind in {Kind.PROVINCE_DRC, Kind.CITY_DRC}
        account = f"{place}-{'drc' if is_drc else 'commerce'}"
        role = Role.LOCAL_DRC if is_drc else Role.CHANNEL_OFFICE
        cast.join(account, f"{office.short_name}经办人", "经办人", office, role)


def _group(cast: Cast) -> None:
    group = Organisation.objects.get(kind=Kind.GROUP)
    cast.join("office", "协调小组办公室经办人", "经办人", group, Role.GROUP_OFFICE)
    cast.join("leader", "协调小组组长", "组长", group, Role.GROUP_LEADER)
    employers = ("政策研究机构", "信息技术研究机构", "物流研究机构", "信用和支付研究机构")
    for number, (employer, ordinal) in enumerate(zip(employers, "甲乙丙丁", strict=True), start=1):
        body = appointments.establish(Kind.EXPERTS, f"示例{employer}")
        cast.join(f"expert{number}", f"专家{ordinal}（{employer}）", "研究人员", body, Role.EXPERT)
    for short, key in (("商务部", "mofcom"), ("市场监管总局", "samr")):
        agency = Organisation.objects.get(kind=Kind.AGENCY, short_name=short)
        cast.join(f"{key}-member", f"{short}成员单位联络员", "联络员", agency, Role.EXPERT)


def join_city(cast: Cast, city: City) -> tuple[Membership, Membership]:
    """Appoint the lead and the editor of a city that takes part; return both."""
    government = programme.join(city)
    department = appointments.establish(
        Kind.CITY_DEPARTMENT, f"{city.name}商务局", region_code=city.code, parent=government
    )
    lead = cast.join(city.slug, f"{city.name}创建工作牵头人", "市政府副秘书长", government, Role.CITY_LEAD)
    editor = cast.join(f"{city.slug}-editor", f"{city.name}商务局经办人", "经办人", department, Role.CITY_EDITOR)
    return lead, editor


def sign_ins() -> list[tuple[str, str, str]]:
    """Return (account, person, who it is) of the printed accounts that exist."""
    found = {
        post.user.username: post
        for post in Membership.objects.current().filter(user__username__in=PRINTED).select_related("user")
    }
    return [(name, found[name].user.full_name, _(who)) for name, who in PRINTED.items() if name in found]
