"""What was said on each page of the description, in lines for a summary.

Knows no authority and changes nothing.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from bot.desk import description, profile
from bot.desk.amounts import shown
from bot.playbook.model import Playbook
from bot.store.models import Initiative, Stage, Stakeholder
from bot.views import intake as views
from bot.views import kit
from bot.views.intake import Page
from bot.views.limits import one_line

NOT_KNOWN: Final = "_Not known yet._"
_LINE_AT_MOST: Final = 160


def lines(playbook: Playbook, initiative: Initiative, page: Page, team: Sequence[Stakeholder]) -> list[str]:
    """A page's answers, a line each; what isn't known yet is left out."""
    match page:
        case Page.CARRIERS:
            return _carriers(initiative)
        case Page.PROFILE | Page.PROFILE_MORE:
            factors = description.factors_on(page, views.Then.NEW, playbook)
            chosen = initiative.profile or {}
            return [
                f"• {kit.said(profile.label(factor, chosen[factor.id]))}"
                for factor in factors
                if factor.id in chosen
            ]
        case Page.PEOPLE:
            return _people(playbook, team)
        case _:
            return _typed(initiative, page) or [NOT_KNOWN]


def _typed(initiative: Initiative, page: Page) -> list[str]:
    records = (description.pilot_of(initiative), description.outcome_of(initiative))
    known: dict[str, object] = {name: value for record in records for name, value in record}
    known["name"] = initiative.name
    told = [_line(line.label, known.get(line.id)) for line in views.LINES[page]]
    stage = "An idea, before a pilot" if initiative.stage == Stage.IDEA else "A pilot that stalled"
    return ([stage] if page is Page.PILOT else []) + [line for line in told if line]


def _line(label: str, value: object) -> str:
    if value is None or value == "":
        return ""
    words = shown(value) if isinstance(value, Decimal) else str(value)
    mark = "" if label.endswith("?") else ":"
    return f"{label}{mark} {kit.said(one_line(words, _LINE_AT_MOST))}"


def _carriers(initiative: Initiative) -> list[str]:
    told = []
    if initiative.owner_id:
        told.append(f"Owner: {kit.person(initiative.owner_id)}")
    if initiative.sponsor_id:
        told.append(f"Sponsor: {kit.person(initiative.sponsor_id)}")
    if initiative.home_channel_id:
        told.append(f"Home: {kit.channel(initiative.home_channel_id)}, {initiative.zone}")
    return told


def _people(playbook: Playbook, team: Sequence[Stakeholder]) -> list[str]:
    told = []
    for group, name in playbook.group_names.items():
        members = [one for one in team if one.group == group]
        if members:
            told.append(f"{kit.said(name)}: {', '.join(member(one) for one in members)}")
    return told


def member(one: Stakeholder) -> str:
    """A person of a group, with what they are in it."""
    who = kit.person(one.user_id) if one.user_id else f"{kit.said(one.name or '')} (not in Slack)"
    marks = [word for word, holds in (("lead", one.is_lead), ("daily user", one.is_daily_user)) if holds]
    return f"{who} ({', '.join(marks)})" if marks else who
