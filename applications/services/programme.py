"""Loads what the programme stands on: regions, offices, agencies, working days, a call; twice changes nothing."""

import json
from datetime import date
from pathlib import Path

from django.db import transaction

from portal import clock, workdays, workdays_store
from portal.models import Holiday, Organisation, OrganisationName
from portal.models.organisations import OrganisationKind as Kind

from ..models import Call, CallAgency, City, Guidance, Province

DATA = Path(__file__).resolve().parent.parent / "data"
GENRES = {"复函": Call.Genre.REPLY, "批复": Call.Genre.APPROVAL, "通知": Call.Genre.NOTICE}


def _read(name: str):
    return json.loads((DATA / name).read_text(encoding="utf-8"))


@transaction.atomic
def load() -> Call:
    """Load everything and return the call of the committed data."""
    load_holidays()
    load_regions()
    load_organisations()
    return load_call(_read("call_2026.json"))


def load_holidays() -> None:
    Holiday.objects.bulk_create(
        (Holiday(day=d.date, kind=d.kind.value, notice=d.notice) for d in workdays.load_days()),
        update_conflicts=True,
        update_fields=["kind", "notice"],
        unique_fields=["day"],
    )
    workdays_store.forget()


def load_regions() -> None:
    data = _read("cities.json")
    Province.objects.bulk_create(
        (Province(code=p["code"], name=p["name"], short_name=p["short"]) for p in data["provinces"]),
        update_conflicts=True,
        update_fields=["name", "short_name"],
        unique_fields=["code"],
    )
    City.objects.bulk_create(
        (
            City(
                code=c["code"],
                name=c["name"],
                province_id=c["province"],
                level=c["level"],
                slug=c["slug"],
                initials=c["initials"],
            )
            for c in data["cities"]
        ),
        update_conflicts=True,
        update_fields=["name", "province", "level", "slug", "initials"],
        unique_fields=["code"],
    )


def load_organisations() -> None:
    data = _read("organisations.json")
    for row in data["agencies"]:
        agency, _new = Organisation.objects.update_or_create(
            kind=Kind.AGENCY,
            region_code="",
            name=row["name"],
            defaults={"short_name": row["short"], "number_series": row["series"].get("复函", "")},
        )
        OrganisationName.objects.get_or_create(
            organisation=agency,
            name=row["name"],
            defaults={"valid_from": _day(row["valid_from"]), "valid_to": _day(row["valid_to"])},
        )
    for row in data["offices"]:
        code = row["city"] if row["kind"].startswith("city_") else row["province"]
        Organisation.objects.update_or_create(
            kind=row["kind"], region_code=code, name=row["name"], defaults={"short_name": row["short"]}
        )
    Organisation.objects.get_or_create(
        kind=Kind.GROUP,
        region_code="",
        name="国家电子商务示范城市创建工作协调小组",
        defaults={"short_name": "协调小组"},
    )


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def load_call(data: dict) -> Call:
    by_key = {row["key"]: row["name"] for row in _read("organisations.json")["agencies"]}
    call, new = Call.objects.get_or_create(
        number=data["year"],
        defaults={
            "title": data["title"],
            "opens_on": date(data["year"], 1, 1),
            "genre": GENRES[data["genre"]],
            "deadlines": data["deadlines"],
            "cascade": data["cascade"],
            **{gate: _day(day) for gate, day in data["gates"].items()},
            "indicative_size": data["indicative"]["cities"],
            "indicative_date": date(data["year"], data["indicative"]["month"], 30),
        },
    )
    if new:
        for position, key in enumerate(data["agencies"], start=1):
            agency = Organisation.objects.get(kind=Kind.AGENCY, name=by_key[key])
            CallAgency.objects.create(call=call, organisation=agency, position=position)
        call.direct_cities.set(City.objects.filter(code__in=data["direct_filing_cities"]))
    known = set(Guidance.objects.filter(call=call).values_list("part", flat=True))
    Guidance.objects.bulk_create(
        Guidance(call=call, part=part, number=1, text=text, at=clock.now())
        for part, text in data["guidance"].items()
        if part not in known
    )
    return call


def join(city: City) -> Organisation:
    """Return the city's government as an organisation, made when the city first takes part."""
    if city.government_id is None:
        city.government, _new = Organisation.objects.get_or_create(
            kind=Kind.CITY,
            region_code=city.code,
            name=f"{city.name}人民政府",
            defaults={"short_name": f"{city.name}政府"},
        )
        city.save(update_fields=["government"])
    assert city.government is not None
    return city.government
