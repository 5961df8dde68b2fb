"""The status sheet: the whole task list on one page of paper."""

from django.http import HttpResponse
from django.shortcuts import render

from applications import tasks_list
from portal.http import Request

from .. import dates, pinned, presenting


def plan_status(request: Request, ref: str) -> HttpResponse:
    """Show every part with its department, what people say of it and what the machine misses."""
    case, plan = request.case, request.plan
    groups = tasks_list.rows(plan, pinned.waiting(case))
    rows = [row for group in groups for row in group.rows if row.is_open]
    context = {
        "case": case,
        "plan": plan,
        "strip": presenting.strip(case),
        "groups": groups,
        "open": len(rows),
        "done": sum(row.is_done for row in rows),
        "waiting": sum(row.status is tasks_list.FOR_SIGN_OFF for row in rows),
        "blocking": sum(row.blocks for row in rows),
        "cascade": dates.cascade_of(case),
    }
    return render(request, "review/plan_status.html", context)
