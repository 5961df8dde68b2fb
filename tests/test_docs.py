"""Documents that repeat what the code says are compared with it."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from review.states import State
from review.workflow import NAMES

DOCS = Path(__file__).resolve().parent.parent / "docs"


def printed(command: str, *args: str) -> str:
    out = StringIO()
    call_command(command, *args, stdout=out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "command", "form"), [("workflow.md", "workflow", "mermaid"), ("access.md", "access", "md")]
)
def test_document_holds_what_the_command_prints(name, command, form):
    text = (DOCS / name).read_text(encoding="utf-8")
    assert printed(command, "--format", form).strip() in text, f"write docs/{name} again: manage.py {command}"


def test_workflow_as_json_names_every_state_and_move_in_both_languages():
    import json

    told = json.loads(printed("workflow", "--format", "json"))
    assert [s["name"] for s in told["states"]] == [s.value for s in State]
    assert {t["name"] for t in told["transitions"]} == set(NAMES)
    for row in told["states"] + told["transitions"]:
        assert row["label"]["en"] != row["label"]["zh-hans"], row
    recalls = [t for t in told["transitions"] if t["name"] == "recall"]
    assert {(tuple(t["from"]), t["to"], tuple(t["roles"])) for t in recalls} == {
        (("with_channel",), "draft", ("city_lead",)),
        (("awaiting_discussion",), "draft", ("city_lead",)),
        (("checking",), "ready", ("local_drc",)),
    }
