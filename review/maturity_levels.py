"""What the five levels mean on each dimension of the maturity sheet, in full sentences; they are never added up."""

from django.utils.translation import gettext_lazy as _

from .models.opinions import Dimension as D

LEVELS = {
    D.POLICY: (
        _("The plan does not say which rules, standards or fiscal and tax support the city will work on."),
        _("The plan names problems of the policy environment, but in general words and without measures."),
        _("Measures on rules, standards or support are listed, each with a lead department and a date."),
        _("Each rule to be made names its form, its drafting department and the problem raised by firms it answers."),
        _("The first drafts exist or are in force, and the plan says how and by whom their effect will be checked."),
    ),
    D.SUPPORT: (
        _("The plan does not deal with authentication, payment, logistics or trading integrity."),
        _("Some links of the support system are mentioned; nobody is named for them."),
        _("Authentication, payment, logistics and integrity each have a measure with a department and a date."),
        _("The links are joined: who collects and uses which data, and which indicator shows the gain, is written."),
        _("Arrangements between the departments and with the province are signed, and a first link works."),
    ),
    D.INFRASTRUCTURE: (
        _("The plan does not deal with communications, information platforms or trading facilities."),
        _("Facilities are listed without place, money or schedule."),
        _("The main facilities have a place, a source of money and a schedule."),
        _("For each facility the plan shows the need, the operator and the rules of its use, not its building alone."),
        _("The first facilities are in use, and figures on their use are given with their source."),
    ),
    D.SERVICES: (
        _("The plan does not deal with services for e-commerce."),
        _("The plan intends to foster services, without saying which and for whom."),
        _("Industry bodies, dispute settlement or technical services have measures with a department and a date."),
        _("The measures answer needs named by firms, with indicators and a baseline for each."),
        _("Services are running, and the plan shows how many firms use them and what they say about them."),
    ),
    D.APPLICATIONS: (
        _("The plan does not deal with applications of e-commerce."),
        _("The fields of application are named, without goals."),
        _("For each field there is a goal with a figure, a year and a department."),
        _("The goals follow from the city's own industries, and baseline, source and yearly steps are given."),
        _("First results are measured against the baseline, and others could take over what was learned."),
    ),
    D.ORGANISATION: (
        _("There is no leading group and no department in the lead."),
        _("A leading group is intended; leader, members or founding document are missing."),
        _("Leading group, leader in charge, lead department and founding document are there."),
        _("Coordination has fixed meetings and a task breakdown in which each measure has a post in charge."),
        _("The leading group has met and decided, and people and money for the first year are settled."),
    ),
    D.ASSESSMENT: (
        _("There is no mechanism to assess the departments."),
        _("An assessment is announced; who assesses whom, and when, is open."),
        _("The assessing department, the assessed departments and the frequency are written down."),
        _("The assessment follows the task breakdown and belongs to the city's yearly evaluation of departments."),
        _("The mechanism is issued as a document, and the plan says what follows when a task is late."),
    ),
    D.SUMMARIES: (
        _("There are no periodic summaries and no exchange."),
        _("Summaries are promised without frequency or responsible department."),
        _("Frequency, responsible department, form and recipients of the summaries are fixed."),
        _("The summaries report against the indicators, and departments and firms exchange experience."),
        _("A first summary has been made, and it changed something in the plan."),
    ),
}


def sentence(dimension: str, level: int) -> str:
    """Return what ``level`` means on ``dimension``."""
    return str(LEVELS[D(dimension)][level])
