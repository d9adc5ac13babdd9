"""Where an initiative stands, who takes part, and what comes next: `/slipway status` and `people`.

Shows counts of who is waited for, never what anybody answered. Changes nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from bot.desk import asking, opening, profile, recap
from bot.desk.authority import Action, weigh
from bot.desk.errors import NothingYet
from bot.desk.initiatives import meant
from bot.desk.work import Work
from bot.store.models import (
    Conversation,
    ConversationState,
    Initiative,
    InitiativeState,
    Role,
    RoleKind,
    RoleState,
    Round,
    RoundState,
    Stage,
    Stakeholder,
)
from bot.views import commands as views
from bot.views import kit
from bot.views.commands import Next
from bot.views.render import Message

# Who no longer answers is not waited for.
_GONE = (ConversationState.PASSED_ON, ConversationState.LEFT)


@dataclass(frozen=True)
class Facts:
    """What the next step depends on. `finished` of `asked` people have finished the open round."""

    initiative: Initiative
    roles: Sequence[Role]
    is_complete: bool
    rounds: Sequence[Round]
    finished: int = 0
    asked: int = 0

    @property
    def open_round(self) -> Round | None:
        """The round that takes answers."""
        return next((one for one in self.rounds if one.state == RoundState.OPEN), None)

    def of_state(self, state: RoleState) -> list[Role]:
        """Roles that stand like this."""
        return [role for role in self.roles if role.state == state]


async def show(work: Work, *, channel_id: str, name: str) -> Message:
    """The status of the initiative that is meant; before anything exists, how to start."""
    try:
        initiative = await meant(work, channel_id=channel_id, name=name, action=Action.SEE_STATUS)
    except NothingYet:
        return views.nothing_yet(has_draft=await has_draft(work))
    facts = await facts_of(work, initiative)
    disputes = await profile.open_disputes(work, initiative)
    return views.status(
        views.Status(
            initiative=initiative.id,
            name=initiative.name or "",
            facilitator=initiative.facilitator_id,
            is_idea=initiative.stage == Stage.IDEA,
            next=next_step(facts, work.actor.user_id),
            accepted=_carried(work, facts.of_state(RoleState.ACCEPTED)),
            waiting=_carried(work, facts.of_state(RoleState.ASKED)),
            declined=_carried(work, facts.of_state(RoleState.DECLINED)),
            round=_round_words(facts),
            open_disputes=len(disputes),
        )
    )


async def show_people(work: Work, *, channel_id: str, name: str) -> Message:
    """Who is in which group, who leads it and who has accepted."""
    try:
        initiative = await meant(work, channel_id=channel_id, name=name, action=Action.SEE_STATUS)
    except NothingYet:
        return views.nothing_yet(has_draft=await has_draft(work))
    who = await weigh(work, initiative)
    roles = await asking.live_roles(work, initiative)
    team = await opening.stakeholders(work, initiative)
    groups = [
        views.GroupPeople(label, [_member(one, roles) for one in team if one.group == group])
        for group, label in work.playbooks.current.group_names.items()
    ]
    return views.people(
        initiative.id,
        initiative.name or "",
        groups,
        _carriers(work, initiative, roles),
        may_edit=who.may(Action.CHANGE_PEOPLE) and initiative.state == InitiativeState.OPEN,
    )


async def has_draft(work: Work) -> bool:
    """Whether the person has begun to describe an initiative."""
    found = await work.session.scalar(
        select(Initiative.id)
        .where(
            Initiative.workspace_id == work.actor.workspace_id,
            Initiative.facilitator_id == work.actor.user_id,
            Initiative.state == InitiativeState.DRAFT,
            Initiative.pilot.is_not(None),
        )
        .limit(1)
    )
    return found is not None


async def facts_of(work: Work, initiative: Initiative) -> Facts:
    """What is known about where an initiative stands."""
    rounds = list(
        await work.session.scalars(
            select(Round).where(Round.initiative_id == initiative.id).order_by(Round.number)
        )
    )
    facts = Facts(
        initiative,
        await asking.live_roles(work, initiative),
        await asking.is_complete(work, initiative),
        rounds,
    )
    if facts.open_round is None:
        return facts
    states = await _conversations(work, facts.open_round)
    return Facts(
        initiative,
        facts.roles,
        facts.is_complete,
        rounds,
        finished=states.get(ConversationState.FINISHED, 0),
        asked=sum(count for state, count in states.items() if state not in _GONE),
    )


def next_step(facts: Facts, reader: str) -> Next:
    """What comes next, with a button where it is the reader's to do."""
    initiative = facts.initiative
    runs_it = reader == initiative.facilitator_id
    here = f"#{initiative.id}"
    if initiative.state == InitiativeState.CLOSED:
        return Next("It is closed. Its settings open it again.", "Settings", f"settings {here}")
    if not facts.rounds:
        return _before_round_one(facts, runs_it=runs_it, here=here)
    if facts.open_round is not None:
        if facts.open_round.number > 1:
            return Next(
                "Round 2 is open. It is optional, so nothing is overdue.", "How far it is", f"gaps {here}"
            )
        left = facts.asked - facts.finished
        words = (
            f"{kit.plural(left, 'person', 'people')} still to finish." if left else "Everybody has finished."
        )
        return Next(words, "How far it is", f"gaps {here}")
    if facts.rounds[0].posted_at is None:
        return Next(
            "Owner and leads look at the assessment; then it comes to the channel.", "See it", f"gaps {here}"
        )
    return Next("The assessment is there. Look at what blocks, and who closes it.", "See it", f"gaps {here}")


def _before_round_one(facts: Facts, *, runs_it: bool, here: str) -> Next:
    if facts.is_complete:
        if runs_it:
            return Next("You can open the questions.", "See what it would send", f"diagnose {here}")
        return Next(f"{kit.person(facts.initiative.facilitator_id)} opens the questions.")
    declined = facts.of_state(RoleState.DECLINED)
    if declined:
        words = (
            f"{kit.plural(len(declined), 'role')} need somebody else."
            if len(declined) > 1
            else "One role needs somebody else."
        )
        return Next(words, "See mine", "mine") if runs_it else Next(words)
    waiting = [role for role in facts.of_state(RoleState.ASKED) if role.kind != RoleKind.SPONSOR]
    return Next(
        f"{kit.plural(len({role.user_id for role in waiting}), 'person', 'people')} still to accept. "
        "Then the questions can start."
    )


def _round_words(facts: Facts) -> str:
    if not facts.rounds:
        return ""
    open_ = facts.open_round
    if open_ is None:
        last = facts.rounds[-1]
        return f"Round {last.number}: closed"
    by = open_.answer_by.astimezone(ZoneInfo(facts.initiative.zone))
    return (
        f"Round {open_.number}: {facts.finished} of {facts.asked} have finished; answers by {kit.moment(by)}"
    )


async def _conversations(work: Work, round_: Round) -> dict[str, int]:
    rows = await work.session.execute(
        select(Conversation.state, func.count())
        .where(Conversation.round_id == round_.id)
        .group_by(Conversation.state)
    )
    return {state: count for state, count in rows}


def _carried(work: Work, roles: Sequence[Role]) -> list[str]:
    return [f"{asking.role_name(work, role)} ({kit.person(role.user_id)})" for role in roles]


_STATE_WORDS = {
    RoleState.ACCEPTED: "accepted",
    RoleState.ASKED: "asked",
    RoleState.DECLINED: "said no",
}


def _carriers(work: Work, initiative: Initiative, roles: Sequence[Role]) -> str:
    told = [f"Facilitator: {kit.person(initiative.facilitator_id)}"]
    told += [
        f"{asking.role_name(work, role)}: {kit.person(role.user_id)}, {_STATE_WORDS[RoleState(role.state)]}"
        for role in roles
        if role.kind != RoleKind.LEAD
    ]
    return "\n".join(told)


def _member(one: Stakeholder, roles: Sequence[Role]) -> str:
    words = recap.member(one)
    if not one.is_lead:
        return words
    role = next((r for r in roles if r.kind == RoleKind.LEAD and r.group == one.group), None)
    return f"{words}, {_STATE_WORDS[RoleState(role.state)]}" if role else words
