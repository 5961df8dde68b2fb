"""Three questions to begin an empty part with: its headings before there is any text."""

from django.utils.translation import gettext_lazy as _

from .parts import PARTS

_AREA = (
    _("Where does the city stand, and what hinders its firms?"),
    _("What will be done, by which department, until when?"),
    _("How is it measured, who checks it and how often?"),
)
QUESTIONS = {
    "basis": (
        _("What do firms, trade and services of the city show today, in figures with their source?"),
        _("Which problems do firms and residents name?"),
        _("What does the city need that it cannot settle alone?"),
    ),
    "positioning": (
        _("What shall the city be an example of?"),
        _("Which few goals is it to be judged by, in which year?"),
        _("Which principles decide where goals compete for means?"),
    ),
    "projects": (
        _("Which projects carry the plan, and where?"),
        _("Who builds and runs each, with what money?"),
        _("When is each begun, finished and opened?"),
    ),
    "steps": (
        _("Which stages does the work have, from when to when?"),
        _("What stands finished at the end of each?"),
        _("Who looks at the stage and decides on the next?"),
    ),
    "safeguards": (
        _("Who leads, and which departments answer for what?"),
        _("How is the work assessed, and with what effect?"),
        _("Which people, funds and rules are assured?"),
    ),
}


def of(part: str) -> list[str]:
    """Return the questions of a prose part in the numbering of a plan; the appendix has none."""
    questions = _AREA if PARTS[part].area else QUESTIONS.get(part, ())
    return [f"（{number}）{question}" for number, question in zip("一二三", questions, strict=False)]
