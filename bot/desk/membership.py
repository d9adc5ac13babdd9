"""Who answers, group by group: read from the people page, kept as rows, with one group per person.

Leaving and joining are dated, never deleted. Knows neither who may change this nor who is told.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from bot.desk import opening
from bot.desk.checks import Checked
from bot.desk.description import DAILY_GROUP, Reading
from bot.desk.work import Work
from bot.playbook.model import Playbook
from bot.store.models import Initiative, Stakeholder
from bot.views import intake as views

_NAME_AT_MOST: Final = 80
_WITHOUT_SLACK_AT_MOST: Final = 50


@dataclass(frozen=True)
class Team:
    """Who shall answer: user ids by group, each group's lead, daily users, and names without Slack."""

    groups: Mapping[str, tuple[str, ...]]
    leads: Mapping[str, str]
    daily: frozenset[str]
    without_slack: Sequence[tuple[str, str]] = field(default=())
    """Name and group of people who are not in Slack."""


@dataclass(frozen=True)
class Changes:
    """Who newly answers, and who no longer does."""

    joined: Sequence[Stakeholder] = ()
    left: Sequence[Stakeholder] = ()


def read_team(playbook: Playbook, reading: Reading, checked: Checked) -> Team:
    """The people page. What needs another look is noted in `reading`."""
    groups: dict[str, tuple[str, ...]] = {}
    leads: dict[str, str] = {}
    for group in playbook.group_names:
        groups[group] = _read_members(playbook, reading, checked, group, groups)
        leads[group] = _read_lead(reading, group, groups[group])
    daily = frozenset(reading.several(views.DAILY))
    strangers = daily - frozenset(groups.get(DAILY_GROUP, ()))
    if strangers:
        name = playbook.group_names.get(DAILY_GROUP, DAILY_GROUP)
        reading.errors[views.DAILY] = f"Daily users belong to {name}. Add them there first."
    return Team(groups, leads, daily, _read_without_slack(playbook, reading))


def _read_members(
    playbook: Playbook, reading: Reading, checked: Checked, group: str, before: Mapping[str, Sequence[str]]
) -> tuple[str, ...]:
    block = views.people_block(group)
    members = reading.several(block)
    if not members:
        reading.errors[block] = "Choose at least one person who answers for this group."
    elif reason := checked.why_not(members):
        reading.errors[block] = reason
    for other, taken in before.items():
        twice = [one for one in members if one in taken]
        if twice:
            names = " and ".join(_name(checked, one) for one in twice)
            reading.errors[block] = (
                f"{names}: already in {playbook.group_names[other]}. Each person belongs to one group."
            )
    return members


def _read_lead(reading: Reading, group: str, members: Sequence[str]) -> str:
    block = views.lead_block(group)
    lead = reading.person(block, "Choose who leads this group.")
    if lead and lead not in members:
        reading.errors[block] = (
            "The lead is one of the group's people. Add them above, or choose one of those."
        )
    return lead


def _read_without_slack(playbook: Playbook, reading: Reading) -> list[tuple[str, str]]:
    found = []
    for line in reading.words(views.WITHOUT_SLACK).splitlines()[:_WITHOUT_SLACK_AT_MOST]:
        name, comma, group = (part.strip() for part in line.rpartition(","))
        fits = [
            key
            for key, label in playbook.group_names.items()
            if group and group.casefold() in (key, label.casefold())
        ]
        if line.strip() and not (comma and name and fits):
            reading.errors[views.WITHOUT_SLACK] = (
                f"One person a line, with their group: “Kim Lee, {playbook.groups[0].name}”."
            )
        elif fits:
            found.append((name[:_NAME_AT_MOST], fits[0]))
    return found


def _name(checked: Checked, user_id: str) -> str:
    facts = checked.people.get(user_id)
    return facts.name if facts and facts.name else user_id


async def keep_team(work: Work, initiative: Initiative, team: Team) -> Changes:
    """Make the rows say who answers."""
    present = await opening.stakeholders(work, initiative)
    wanted = _wanted(team)
    staying, left = {}, []
    for one in present:
        whom = (one.user_id or "", one.name or "" if one.user_id is None else "", one.group)
        if whom in wanted:
            staying[whom] = one
        else:
            one.left_at = work.now
            left.append(one)
    # The one-group rule is an index: who changes groups leaves the old one first.
    await work.session.flush()
    joining = [_new(work, initiative, whom) for whom in wanted if whom not in staying]
    for one in [*staying.values(), *joining]:
        one.is_lead = one.user_id is not None and team.leads.get(one.group) == one.user_id
        one.is_daily_user = one.group == DAILY_GROUP and one.user_id in team.daily
        one.recorded_by = team.leads.get(one.group) if one.user_id is None else None
    work.session.add_all(joining)
    await work.session.flush()
    return Changes(joining, left)


def _wanted(team: Team) -> list[tuple[str, str, str]]:
    """User id or name, and group, in the order they were named."""
    in_slack = [(user_id, "", group) for group, members in team.groups.items() for user_id in members]
    return list(dict.fromkeys([*in_slack, *(("", name, group) for name, group in team.without_slack)]))


def _new(work: Work, initiative: Initiative, whom: tuple[str, str, str]) -> Stakeholder:
    user_id, name, group = whom
    return Stakeholder(
        workspace_id=initiative.workspace_id,
        initiative_id=initiative.id,
        user_id=user_id or None,
        name=name or None,
        group=group,
        added_at=work.now,
    )
