"""What production demands, as the leads see it: confirmed in one click or disputed line by line.

Knows the profile's lines, who confirmed them, and who is told when they change.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence

from sqlalchemy import select

from bot.desk.authority import Action, authorise
from bot.desk.description import Fields, Reading, read_factors
from bot.desk.errors import Invalid, Refused, Told
from bot.desk.initiatives import by_id
from bot.desk.work import Work
from bot.playbook.model import Playbook, ProfileFactor
from bot.store.models import Initiative, ProfileDispute, Role, RoleKind, RoleState, Stakeholder
from bot.views import profile as views
from bot.views.actions import ProfileRef
from bot.views.intake import FactorLine
from bot.views.render import Modal

_ONLY_LEADS = "Only a group's lead can say this, because the lead answers for the group. Nothing was changed."


def lines(playbook: Playbook, profile: Mapping[str, str]) -> list[tuple[str, str]]:
    """Each factor's question and what was chosen, in the playbook's words."""
    return [
        (factor.question, label(factor, profile[factor.id]))
        for factor in playbook.profile_factors
        if factor.id in profile
    ]


def label(factor: ProfileFactor, value: str) -> str:
    """The words of a choice."""
    return next((choice.label for choice in factor.values if choice.id == value), value)


def choices(factors: Sequence[ProfileFactor]) -> list[FactorLine]:
    """Factors with what can be chosen, for a form."""
    return [
        FactorLine(factor.id, factor.question, tuple((choice.id, choice.label) for choice in factor.values))
        for factor in factors
    ]


def mark(profile: Mapping[str, str]) -> str:
    """A short text that differs when the profile does."""
    return hashlib.sha256(json.dumps(dict(profile), sort_keys=True).encode()).hexdigest()[:12]


def dispute_form(work: Work, initiative: Initiative) -> Modal:
    """The profile line by line."""
    return views.dispute(
        initiative.id,
        initiative.name or "",
        choices(work.playbooks.current.profile_factors),
        dict(initiative.profile or {}),
    )


async def open_dispute(work: Work, initiative_id: int, *, key: str, view_id: str) -> None:
    """Fill the form in which a lead disputes the profile."""
    initiative, _ = await _for_lead(work, initiative_id)
    await work.fill(dispute_form(work, initiative), view_id=view_id, key=f"{key}:view")


async def confirm(work: Work, ref: ProfileRef, *, key: str, response_url: str) -> None:
    """A lead confirms the profile they were shown. Raises Told where it has changed since."""
    initiative, lead = await _for_lead(work, ref.initiative)
    if not await work.once(key):
        return
    if ref.mark != mark(initiative.profile or {}):
        raise Told(
            "The profile has changed since this message, so nothing was confirmed. My newest message "
            "about it "
            "shows what it is now."
        )
    lead.profile_confirmed_at = work.now
    work.audit("profile.confirmed", f"group:{lead.group}", initiative_id=initiative.id)
    await work.replace(
        views.confirmed(initiative.name or ""),
        response_url=response_url,
        edit_of=None,
        key=f"{key}:card",
        kind="profile",
    )


async def dispute(work: Work, initiative_id: int, fields: Fields, *, key: str) -> None:
    """Keep a lead's different view of some lines, and tell the facilitator. Raises Invalid."""
    initiative, lead = await _for_lead(work, initiative_id)
    reading = Reading(fields)
    seen = read_factors(reading, work.playbooks.current.profile_factors)
    if reading.errors:
        raise Invalid(reading.errors)
    if not await work.once(key):
        return
    now = initiative.profile or {}
    differing = {factor: value for factor, value in seen.items() if value != now.get(factor)}
    await _settle(work, initiative, list(seen), by=work.actor.user_id)
    if not differing:
        lead.profile_confirmed_at = work.now
        work.audit("profile.confirmed", f"group:{lead.group}", initiative_id=initiative.id)
        return
    because = reading.words(views.BECAUSE)[:1000]
    for factor, value in differing.items():
        work.session.add(
            ProfileDispute(
                initiative_id=initiative.id,
                user_id=work.actor.user_id,
                factor=factor,
                value=value,
                because=because,
                raised_at=work.now,
            )
        )
    lead.profile_confirmed_at = None
    work.audit("profile.disputed", f"group:{lead.group}", initiative_id=initiative.id, lines=differing)
    await work.send(
        views.disputed(
            initiative.id,
            initiative.name or "",
            work.actor.user_id,
            _compared(work.playbooks.current, now, differing),
            because,
        ),
        to=initiative.facilitator_id,
        key=f"{key}:disputed",
        kind="profile",
    )


async def saved(work: Work, initiative: Initiative, before: Mapping[str, str], *, key: str) -> list[str]:
    """What follows once the whole profile was saved again: disputes are settled, leads confirm anew.

    Returns the factors that changed.
    """
    now = initiative.profile or {}
    playbook = work.playbooks.current
    changed = [factor for factor in playbook.factors if now.get(factor) != before.get(factor)]
    heard = await _settle(work, initiative, list(playbook.factors))
    ref = ProfileRef(initiative.id, mark(now))
    name, by = initiative.name or "", work.actor.user_id
    if changed:
        shown = _compared(playbook, now, {factor: before.get(factor, "") for factor in changed})
        for lead in await _leads(work, initiative):
            lead.profile_confirmed_at = None
            await work.send(
                views.changed(ref, name, by, shown),
                to=str(lead.user_id),
                key=f"{key}:profile:{lead.id}",
                kind="profile",
            )
        return changed
    for user_id, disputes in heard.items():
        shown = _compared(playbook, now, {one.factor: one.value for one in disputes})
        await work.send(
            views.settled(ref, name, by, shown),
            to=user_id,
            key=f"{key}:heard:{user_id}",
            kind="profile",
        )
    return []


async def open_disputes(work: Work, initiative: Initiative) -> list[ProfileDispute]:
    """Different views that are not settled yet."""
    found = await work.session.scalars(
        select(ProfileDispute)
        .where(ProfileDispute.initiative_id == initiative.id, ProfileDispute.settled_at.is_(None))
        .order_by(ProfileDispute.id)
    )
    return list(found)


async def _settle(
    work: Work, initiative: Initiative, factors: Sequence[str], by: str | None = None
) -> dict[str, list[ProfileDispute]]:
    """Settle what is open about these factors (only one person's with `by`); returns it by person."""
    settled: dict[str, list[ProfileDispute]] = {}
    for one in await open_disputes(work, initiative):
        if one.factor in factors and by in (None, one.user_id):
            one.settled_at = work.now
            settled.setdefault(one.user_id, []).append(one)
    return settled


async def _for_lead(work: Work, initiative_id: int) -> tuple[Initiative, Stakeholder]:
    initiative = await by_id(work, initiative_id)
    who = await authorise(work, Action.USE, initiative)
    if who.stakeholder is None or not who.stakeholder.is_lead:
        raise Refused(_ONLY_LEADS, action="confirm_profile", initiative_id=initiative.id)
    return initiative, who.stakeholder


async def _leads(work: Work, initiative: Initiative) -> list[Stakeholder]:
    """The leads who have accepted."""
    found = await work.session.scalars(
        select(Stakeholder)
        .join(
            Role,
            (Role.initiative_id == Stakeholder.initiative_id)
            & (Role.user_id == Stakeholder.user_id)
            & (Role.group == Stakeholder.group),
        )
        .where(
            Stakeholder.initiative_id == initiative.id,
            Stakeholder.left_at.is_(None),
            Stakeholder.is_lead,
            Role.kind == RoleKind.LEAD,
            Role.state == RoleState.ACCEPTED,
        )
        .order_by(Stakeholder.id)
    )
    return list(found)


def _compared(
    playbook: Playbook, now: Mapping[str, str], other: Mapping[str, str]
) -> list[views.ProfileLine]:
    return [
        views.ProfileLine(
            playbook.factors[factor].question,
            label(playbook.factors[factor], now.get(factor, "")),
            label(playbook.factors[factor], value),
        )
        for factor, value in other.items()
        if factor in playbook.factors
    ]
