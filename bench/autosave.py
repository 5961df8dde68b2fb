"""Autosave beside a bare Django view that writes one row, turn about in one run: milliseconds and their ratios.

The view is asked twice: behind the portal's door (post, access, headers), which no request of the portal goes without,
and with Django's own middleware alone (docs/decisions/0007).

Makes a database of its own and removes it. `bench/autosave.py --keep` writes the figures to bench/results.
"""

import json
import os
import statistics
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
os.environ["PORTAL_ENV"] = "test"

import django  # noqa: E402

django.setup()

from django.conf import settings  # noqa: E402
from django.db import connection  # noqa: E402
from django.http import JsonResponse  # noqa: E402
from django.test import Client, override_settings  # noqa: E402
from django.urls import path  # noqa: E402
from django.utils import timezone  # noqa: E402

from applications.models import Section  # noqa: E402
from applications.services.sections import Base  # noqa: E402
from portal.urls import urlpatterns as portal_addresses  # noqa: E402
from script.lib import figures  # noqa: E402

GOAL = 2.0
ROUNDS = 60
LENGTHS = (3_000, 15_000)
SENTENCE = "（一）示例：本市围绕企业反映的问题安排工作，由责任部门负责，每季度报送一次进展，年底考核。"
BARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    f"{__name__}.own_addresses",
]


def write(request, pk):
    """Write what was sent into one row, for whoever is signed in."""
    if not request.user.is_authenticated:
        return JsonResponse({}, status=401)
    paragraphs = [{"id": "", "text": line} for line in request.POST["text"].split("\n")]
    Section.objects.filter(pk=pk).update(paragraphs=paragraphs, updated_at=timezone.now())
    return JsonResponse({"saved": True})


def write_behind_the_door(request, ref, key):
    return write(request, request.plan.sections.values_list("pk", flat=True).get(key="support"))


urlpatterns = [
    path("write/<int:pk>/", write),
    path("plans/<str:ref>/sections/<str:key>/save/", write_behind_the_door, name="plan_section_save"),
    *portal_addresses,
]


def own_addresses(get_response):
    def middleware(request):
        request.urlconf = __name__
        return get_response(request)

    return middleware


def text(length: int, number: int) -> str:
    lines = [SENTENCE] * (length // len(SENTENCE))
    lines[number % len(lines)] += f"第{number}次修改。"
    return "\n".join(lines)


def timed(send) -> float:
    started = time.perf_counter()
    answer = send()
    spent = (time.perf_counter() - started) * 1000
    assert answer.status_code == 200, answer.content
    return spent


def door() -> list[str]:
    return [f"{__name__}.own_addresses", *settings.MIDDLEWARE]


def measure(case, lead, length: int) -> dict[str, float]:
    portal, bare, behind = Client(), Client(), Client()
    for client in (portal, bare, behind):
        client.force_login(lead.user, backend="django.contrib.auth.backends.ModelBackend")
    section = Section.objects.get(plan=case.plan, key="policy")
    other = Section.objects.get(plan=case.plan, key="support")
    sent = {"base": Base.of(section).token(section), "page": f"bench{length}"}
    ours, theirs, doors = [], [], []
    address = f"/plans/{case.plan.reference}/sections/policy/save/"
    accept = {"accept": "application/json"}
    for number in range(ROUNDS + 5):
        sent["text"] = text(length, number)
        with override_settings(MIDDLEWARE=BARE):
            plain = timed(lambda: bare.post(f"/write/{other.pk}/", sent))
        with override_settings(MIDDLEWARE=door()):
            same_door = timed(lambda: behind.post(address, sent, headers=accept))
        answers = []

        def save():
            answers.append(portal.post(address, sent, headers=accept))  # noqa: B023
            return answers[-1]  # noqa: B023

        spent = timed(save)
        sent["base"] = answers[0].json()["base"]
        if number >= 5:
            ours.append(spent)
            theirs.append(plain)
            doors.append(same_door)
    found = {
        "autosave": statistics.median(ours),
        "bare view": statistics.median(theirs),
        "bare view behind the door": statistics.median(doors),
    }
    ratios = {"ratio": "bare view", "ratio behind the door": "bare view behind the door"}
    return found | {name: found["autosave"] / found[to] for name, to in ratios.items()}


def main() -> None:
    connection.settings_dict["TEST"]["NAME"] = "bench_autosave"
    before = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        from tests.builders import World

        world = World()
        case, results = world.draft(), {}
        for length in LENGTHS:
            found = results[str(length)] = measure(case, world.lead, length)
            print(
                f"{length:6} characters  autosave {found['autosave']:6.1f} ms  bare view behind the portal's door"
                f" {found['bare view behind the door']:6.1f} ms, ratio {found['ratio behind the door']:4.2f} of at most"
                f" {GOAL}; without the door {found['bare view']:6.1f} ms, ratio {found['ratio']:4.2f}"
            )
    finally:
        connection.creation.destroy_test_db(before, verbosity=0)
    if "--keep" in sys.argv:
        kept = figures.circumstances("bench/autosave.py --keep") | {"rounds": ROUNDS}
        target = ROOT / "bench" / "results" / "autosave.json"
        target.parent.mkdir(exist_ok=True)
        rounded = {k: {name: round(value, 2) for name, value in v.items()} for k, v in results.items()}
        target.write_text(json.dumps(kept | {"milliseconds": rounded}, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
