"""The workflow table as a picture: data for the help page, Mermaid and JSON for the command."""

from typing import Any

from django.utils import translation

from .actors import Actor
from .states import FACTS, Stage, State, Turn
from .workflow import NAMES, TITLES, WORKFLOW


def stages() -> list[dict[str, Any]]:
    """Return the stages with their states and, for each state, the ways out of it."""
    grouped: dict[Stage | None, list] = {stage: [] for stage in (*Stage, None)}
    for state, facts in FACTS.items():
        ways = [
            {
                "title": TITLES[w.name],
                "target": w.target.label,
                "by": [a.label for a in Actor if a in w.by],
            }
            for w in WORKFLOW
            if state in w.sources
        ]
        grouped[facts.stage].append({"state": facts, "ways": ways})
    return [{"stage": stage, "states": states} for stage, states in grouped.items()]


def mermaid() -> str:
    """Return the table as a Mermaid state diagram."""
    lines = [f"    [*] --> {State.DRAFT.value}"]
    lines += [
        f"    {source.value} --> {w.target.value}: {w.name}"
        for w in WORKFLOW
        for source in sorted(w.sources, key=list(State).index)
    ]
    return "\n".join(["stateDiagram-v2", *lines]) + "\n"


def as_json() -> dict[str, Any]:
    """Return states and transitions with labels in both languages, roles, needs and effects."""
    return {
        "states": [
            {
                "name": state.value,
                "stage": named(facts.stage) if facts.stage else None,
                "turn": named(facts.turn),
                "label": both(state.label),
            }
            for state, facts in FACTS.items()
        ],
        "transitions": [
            {
                "name": w.name,
                "label": both(TITLES[w.name]),
                "from": [s.value for s in State if s in w.sources],
                "to": w.target.value,
                "roles": [a.value for a in Actor if a in w.by],
                "needs": [guard.__name__ for guard in w.needs],
                "effects": (["freeze_version"] if w.freezes else []) + [effect.__name__ for effect in w.then],
                "reason": w.reason,
            }
            for w in sorted(WORKFLOW, key=lambda w: NAMES.index(w.name))
        ],
    }


def named(choice: Stage | Turn) -> dict[str, Any]:
    """Return a choice's own name with its label in both languages."""
    return {"name": choice.value, "label": both(choice.label)}


def both(label: Any) -> dict[str, str]:
    """Return a lazy label in both languages."""
    found = {}
    for code in ("zh-hans", "en"):
        with translation.override(code):
            found[code] = str(label)
    return found
