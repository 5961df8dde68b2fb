"""Documents that repeat what the code says are compared with it."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from review.states import Stage, State
from review.workflow import NAMES
from script.lib import figures

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
    stages = [s["stage"] for s in told["states"]]
    proposal = {"name": "proposal", "label": {"en": "Proposal", "zh-hans": "研究提出"}}
    assert stages[0] == proposal
    assert [s["name"] for s in told["states"] if s["stage"] is None] == ["withdrawn"]
    assert {s["name"] for s in stages if s} == set(Stage)
    assert told["states"][0]["turn"] == {"name": "city", "label": {"en": "City", "zh-hans": "城市"}}
    for row in told["states"] + told["transitions"]:
        assert row["label"]["en"] != row["label"]["zh-hans"], row
    recalls = [t for t in told["transitions"] if t["name"] == "recall"]
    assert {(tuple(t["from"]), t["to"], tuple(t["roles"])) for t in recalls} == {
        (("with_channel",), "draft", ("city_lead",)),
        (("awaiting_discussion",), "draft", ("city_lead",)),
        (("checking",), "ready", ("local_drc",)),
    }


def test_the_readme_tells_the_figures_that_were_measured():
    text = (DOCS.parent / "README.md").read_text(encoding="utf-8")
    told = figures.kept("fresh")
    assert f"<!-- figures: fresh -->\n{figures.fresh(told)}\n<!-- /figures -->" in text
    assert told.keys() >= {"command", "commit", "date", "processors", "memory_gib"}
    assert told["second_start_s"] < 10


def test_figures_are_written_between_their_marks_and_nowhere_else(tmp_path, monkeypatch):
    monkeypatch.setattr(figures, "FOLDER", tmp_path / "figures")
    document = tmp_path / "README.md"
    document.write_text("Before\n<!-- figures: x -->\nold\nwords\n<!-- /figures -->\nAfter 1.5 s\n", encoding="utf-8")
    figures.keep("x", {"seconds": 2.5}, document, r"It took 2.5 s\.")
    assert document.read_text(encoding="utf-8") == (
        "Before\n<!-- figures: x -->\nIt took 2.5 s\\.\n<!-- /figures -->\nAfter 1.5 s\n"
    )
    assert figures.kept("x") == {"seconds": 2.5}
