"""The sample data of the portal: one full plan with its versions and reviews, and 23 small plans.

Every figure in it is invented and marked 示例数据, every plan is marked 示例 in its title. Reading is pure: nothing
here knows the database.
"""

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

from .checks import SampleError, check_cities, check_plan, check_reviews, check_revisions
from .revising import revise

__all__ = ["SampleError", "load_cities", "load_plan", "load_reviews", "load_revisions", "plan_version"]

HERE = Path(__file__).parent


def _read(name: str) -> Any:
    try:
        return json.loads((HERE / name).read_text(encoding="utf-8"))
    except ValueError as error:
        raise SampleError([f"{name}: not valid JSON: {error}"]) from error


def load_plan() -> dict[str, Any]:
    """Return version 1 of the full plan, checked."""
    plan = _read("plan.json")
    check_plan(plan, "plan.json")
    return plan


def load_revisions() -> list[dict[str, Any]]:
    """Return versions 2 and 3 as edits on the version before."""
    versions = _read("revisions.json")["versions"]
    check_revisions(versions)
    return versions


def plan_version(number: int) -> dict[str, Any]:
    """Return the full plan as it stands in version ``number`` (1, 2 or 3), checked again after every step."""
    plan = deepcopy(load_plan())
    revisions = load_revisions()
    if not 1 <= number <= len(revisions) + 1:
        raise SampleError([f"there is no version {number}; the sample has versions 1 to {len(revisions) + 1}"])
    for revision in revisions[: number - 1]:
        plan = revise(plan, revision)
        check_plan(plan, f"version {revision['version']}")
    return plan


def load_reviews() -> dict[str, Any]:
    """Return notes, opinions, answers, verdicts and maturity sheets; quotes are checked against their version."""
    reviews = _read("reviews.json")
    check_reviews(reviews, {1: plan_version(1), 2: plan_version(2)})
    return reviews


def load_cities() -> list[dict[str, Any]]:
    """Return the 23 further applicants, each with a short plan in the shape of the full one."""
    cities = _read("cities.json")["cities"]
    check_cities(cities)
    return cities
