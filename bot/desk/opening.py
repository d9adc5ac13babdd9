"""Opening round 1: what it would do, doing it, and inviting whoever joins later.

Each stakeholder gets one message; nothing else is sent to them before they act.
"""

from datetime import datetime, time
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from bot.desk.authority import Action, authorise
from bot.desk.errors import Told
from bot.desk.initiatives import asked_conditions
from bot.desk.questions import minutes_for, questions_for
from bot.desk.work import AT_ONCE, Work
from bot.method.calendar import add_working_days, at_wall_time
from bot.store.models import (
    Conversation,
    ConversationState,
    Initiative,
    Role,
    RoleState,
    Round,
    Stakeholder,
)
from bot.store.upsert import insert_new
from bot.views import assessment as screens
from bot.views import conversation as views
from bot.views import facilitation
from bot.views.render import Message

# A round asks for answers within three working days; the first reminder comes no earlier (playbook E1).
ANSWER_WITHIN: Final = 3
_END_OF_DAY: Final = time(17, 0)


async def preview(work: Work, initiative: Initiative) -> screens.DiagnosePreview:
    """Whom opening round 1 writes to and until when they have, or what must happen first."""
    await authorise(work, Action.OPEN_ROUND, initiative)
    people = await stakeholders(work, initiative)
    return screens.DiagnosePreview(
        round=str(initiative.id),
        initiative=initiative.name or "",
        groups=_groups(work, initiative, people),
        answer_by=_answer_by(work.now, initiative.zone).astimezone(ZoneInfo(initiative.zone)),
        waiting_for=await _waiting_for(work, initiative, people),
    )


async def open_round(work: Work, initiative: Initiative) -> screens.DiagnosePreview:
    """Open round 1 and write to everybody who answers, once. Opening it twice changes nothing.

    Raises Told while owner or a lead has not accepted.
    """
    shown = await preview(work, initiative)
    if shown.waiting_for:
        raise Told("Round 1 can't open yet. " + " ".join(f"{reason}." for reason in shown.waiting_for))
    opened = await insert_new(
        work.session,
        Round,
        workspace_id=initiative.workspace_id,
        initiative_id=initiative.id,
        number=1,
        playbook_sha256=await work.playbooks.keep(work.session),
        profile=dict(initiative.profile or {}),
        opened_at=work.now,
        opened_by=work.actor.user_id,
        answer_by=_answer_by(work.now, initiative.zone),
    )
    if opened:
        round_ = await round_of(work, initiative, 1)
        if round_ is not None:
            for stakeholder in await stakeholders(work, initiative):
                if _questions(work, initiative, stakeholder):
                    await invite(work, initiative, round_, stakeholder)
            work.audit("round.opened", f"round:{round_.id}", initiative_id=initiative.id, number=1)
    return shown


async def invite(
    work: Work,
    initiative: Initiative,
    round_: Round,
    stakeholder: Stakeholder,
    *,
    criteria: list[str] | None = None,
    because: str = "",
) -> Conversation:
    """Start one person's conversation with the one message that asks them.

    `criteria` are the questions where not all of the group's are meant; `because` says who named them.
    """
    asked = criteria if criteria is not None else _questions(work, initiative, stakeholder)
    conversation = Conversation(
        workspace_id=initiative.workspace_id,
        initiative_id=initiative.id,
        round_id=round_.id,
        stakeholder_id=stakeholder.id,
        group=stakeholder.group,
        criteria=asked,
        root_key=f"invite:{round_.id}:{stakeholder.id}",
    )
    work.session.add(conversation)
    await work.session.flush()
    await work.send(
        await _invitation(work, initiative, round_, stakeholder, conversation, because),
        to=stakeholder.user_id or stakeholder.recorded_by or initiative.facilitator_id,
        key=conversation.root_key,
        kind="invitation",
        subject=f"conversation:{conversation.id}",
        priority=AT_ONCE if because else 5,
    )
    return conversation


async def remind(work: Work, conversation: Conversation, round_: Round) -> None:
    """Send an invitation that was put off once more; its thread is where the conversation goes on."""
    initiative = await work.session.get_one(Initiative, conversation.initiative_id)
    stakeholder = await work.session.get_one(Stakeholder, conversation.stakeholder_id)
    conversation.state = ConversationState.INVITED
    conversation.root_key = f"invite-again:{conversation.id}"
    await work.send(
        await _invitation(work, initiative, round_, stakeholder, conversation, ""),
        to=stakeholder.user_id or initiative.facilitator_id,
        key=conversation.root_key,
        kind="invitation",
        subject=f"conversation:{conversation.id}",
    )


async def invite_late(work: Work, initiative: Initiative, stakeholder: Stakeholder) -> None:
    """Invite somebody who was added while round 1 is open; before or after it, nothing happens."""
    round_ = await round_of(work, initiative, 1)
    if round_ is not None and round_.closed_at is None:
        await invite(work, initiative, round_, stakeholder)


async def stakeholders(work: Work, initiative: Initiative) -> list[Stakeholder]:
    """Everybody who answers, in the order they were named."""
    found = await work.session.scalars(
        select(Stakeholder)
        .where(Stakeholder.initiative_id == initiative.id, Stakeholder.left_at.is_(None))
        .order_by(Stakeholder.id)
    )
    return list(found)


async def round_of(work: Work, initiative: Initiative, number: int) -> Round | None:
    """The initiative's round with this number."""
    found: Round | None = await work.session.scalar(
        select(Round).where(Round.initiative_id == initiative.id, Round.number == number)
    )
    return found


async def _invitation(
    work: Work,
    initiative: Initiative,
    round_: Round,
    stakeholder: Stakeholder,
    conversation: Conversation,
    because: str,
) -> Message:
    playbook = work.playbooks.current
    if stakeholder.user_id is None:
        return facilitation.record_for(
            str(conversation.id), initiative.name or "", stakeholder.name or "", len(conversation.criteria)
        )
    return views.invitation(
        views.Invitation(
            conversation=str(conversation.id),
            initiative=initiative.name or "",
            facilitator=initiative.facilitator_id,
            group=playbook.group_names[stakeholder.group],
            group_size=await _group_size(work, initiative, stakeholder.group),
            questions=len(conversation.criteria),
            minutes=minutes_for(len(conversation.criteria)),
            answer_by=round_.answer_by.astimezone(ZoneInfo(initiative.zone)),
            facilitator_sees_names=await _sees_names(work, initiative, stakeholder.group),
            because=because,
            may_answer_together=stakeholder.is_lead and not because,
        )
    )


async def _group_size(work: Work, initiative: Initiative, group: str) -> int:
    size = await work.session.scalar(
        select(func.count()).where(
            Stakeholder.initiative_id == initiative.id,
            Stakeholder.group == group,
            Stakeholder.left_at.is_(None),
        )
    )
    return size or 1


async def _sees_names(work: Work, initiative: Initiative, group: str) -> bool:
    """A facilitator who belongs to a group sees names only in that group."""
    own = await work.session.scalar(
        select(Stakeholder.group).where(
            Stakeholder.initiative_id == initiative.id,
            Stakeholder.user_id == initiative.facilitator_id,
            Stakeholder.left_at.is_(None),
        )
    )
    return own is None or own == group


def _questions(work: Work, initiative: Initiative, stakeholder: Stakeholder) -> list[str]:
    return questions_for(
        work.playbooks.current,
        initiative.profile or {},
        group=stakeholder.group,
        daily_user=stakeholder.is_daily_user,
        conditions=asked_conditions(initiative),
    )


def _groups(work: Work, initiative: Initiative, people: list[Stakeholder]) -> list[screens.GroupToAsk]:
    shown = []
    for group, name in work.playbooks.current.group_names.items():
        members = [one for one in people if one.group == group]
        most = max((len(_questions(work, initiative, one)) for one in members), default=0)
        shown.append(screens.GroupToAsk(name, len(members), most, minutes_for(most)))
    return shown


async def _waiting_for(work: Work, initiative: Initiative, people: list[Stakeholder]) -> list[str]:
    """What must happen before round 1 opens: owner and leads accepted, every group has somebody."""
    roles = list(
        await work.session.scalars(
            select(Role).where(Role.initiative_id == initiative.id, Role.kind.in_(("owner", "lead")))
        )
    )
    accepted = {(role.kind, role.group) for role in roles if role.state == RoleState.ACCEPTED}
    names = work.playbooks.current.group_names
    missing = [] if ("owner", None) in accepted else ["The business owner has not accepted yet"]
    for group, name in names.items():
        if not any(one.group == group for one in people):
            missing.append(f"{name} has nobody who answers")
        elif ("lead", group) not in accepted:
            missing.append(f"The lead of {name} has not accepted yet")
    return missing


def _answer_by(now: datetime, zone: str) -> datetime:
    day = add_working_days(now, ANSWER_WITHIN, zone).astimezone(ZoneInfo(zone)).date()
    return at_wall_time(day, _END_OF_DAY, zone)
