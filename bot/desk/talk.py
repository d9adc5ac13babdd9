"""One conversation, loaded whole: whose it is, what was asked, what was said, and what comes next.

`load` is the only way to one, and the place where "is this yours?" and "is the round still open?" are
decided. Two statements; the row is locked, so that two answers in the same second are taken one after
the other.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import and_, select

from bot.desk.authority import acting_person
from bot.desk.errors import Refused, Told
from bot.desk.questions import is_settled
from bot.desk.work import Work
from bot.playbook.model import Criterion, Playbook
from bot.store.models import (
    Answer,
    Conversation,
    ConversationState,
    Initiative,
    Outbox,
    Person,
    Round,
    RoundState,
    Said,
    Stakeholder,
)

NOT_YOURS = (
    "Only the person who was asked can answer this, so nothing was changed. If you should be asked too, tell "
    "<@{facilitator}>, who runs this."
)


@dataclass
class Talk:
    """See the module's first lines. `answers` holds the current revision per criterion."""

    work: Work
    conversation: Conversation
    round: Round
    initiative: Initiative
    stakeholder: Stakeholder
    playbook: Playbook
    # The ts of the message that shows the question; None before it was posted.
    card_ts: str | None
    answers: dict[str, Answer] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """The conversation's id, as values in buttons carry it."""
        return str(self.conversation.id)

    @property
    def subject(self) -> str:
        """How messages of this conversation are marked in the ledger."""
        return f"conversation:{self.conversation.id}"

    @property
    def to(self) -> str:
        """Whom its messages go to: a person, several people, or whoever records for somebody."""
        return ",".join(self.conversation.together or [self.person])

    @property
    def person(self) -> str:
        """Who answers, or records what somebody without Slack says."""
        return self.stakeholder.user_id or self.stakeholder.recorded_by or self.initiative.facilitator_id

    @property
    def has_cards(self) -> bool:
        """Whether each point has a card of its own, as in round 2: nothing is asked one by one."""
        return self.round.number > 1

    @property
    def is_open(self) -> bool:
        """Whether the round still takes answers."""
        return self.round.state == RoundState.OPEN

    @property
    def criteria(self) -> Sequence[str]:
        """What is asked here, in order."""
        return self.conversation.criteria

    @property
    def answered(self) -> int:
        """How many questions are dealt with."""
        return sum(is_settled(self.answers.get(one)) for one in self.criteria)

    @property
    def left(self) -> int:
        """How many questions are still to be gone through."""
        return sum(self.is_pending(one) for one in self.criteria)

    def is_pending(self, criterion_id: str) -> bool:
        """Whether a question is still to be gone through: open, or answered before a restart."""
        answer, started = self.answers.get(criterion_id), self.conversation.started_at
        if answer is None or not is_settled(answer):
            return True
        return started is not None and answer.said_at < started

    def criterion(self, criterion_id: str) -> Criterion:
        """The criterion, as the playbook of this round has it."""
        return self.playbook.criterion(criterion_id)

    def number(self, criterion_id: str) -> int:
        """The question's place in this conversation, from 1."""
        return self.criteria.index(criterion_id) + 1

    def after(self, criterion_id: str | None) -> str | None:
        """The next open question: what nobody touched yet comes first, what was skipped comes at the end.

        Both are looked for from the given question on, then from the start.
        """
        start = self.criteria.index(criterion_id) + 1 if criterion_id in self.criteria else 0
        ordered = [*self.criteria[start:], *self.criteria[:start]]
        open_ = [one for one in ordered if self.is_pending(one)]
        untouched = [one for one in open_ if not self._was_skipped(one)]
        return next(iter([*untouched, *open_]), None)

    def before(self, criterion_id: str | None) -> str | None:
        """The question before this one; of a finished conversation, the last one."""
        if criterion_id not in self.criteria:
            return self.criteria[-1] if self.criteria else None
        place = self.criteria.index(criterion_id)
        return self.criteria[place - 1] if place else None

    def local(self, moment: datetime) -> datetime:
        """A moment in the initiative's zone, for fallback texts."""
        return moment.astimezone(ZoneInfo(self.initiative.zone))

    def _was_skipped(self, criterion_id: str) -> bool:
        answer = self.answers.get(criterion_id)
        return answer is not None and answer.said == Said.SKIPPED


async def load(work: Work, conversation_id: str, *, needs_open: bool = True) -> Talk:
    """The conversation of the person who acts.

    Raises Refused for everybody else, Told where there is no such conversation or (unless `needs_open` is
    False) it takes no answers any more.
    """
    number = int(conversation_id) if conversation_id.isdecimal() and len(conversation_id) < 19 else 0
    actor = work.actor
    row = (
        await work.session.execute(
            select(Conversation, Round, Initiative, Stakeholder, Person, Outbox.ts)
            .join(Round, Round.id == Conversation.round_id)
            .join(Initiative, Initiative.id == Conversation.initiative_id)
            .join(Stakeholder, Stakeholder.id == Conversation.stakeholder_id)
            .outerjoin(
                Person, and_(Person.workspace_id == actor.workspace_id, Person.user_id == actor.user_id)
            )
            .outerjoin(Outbox, Outbox.key == Conversation.card_key)
            .where(Conversation.id == number, Conversation.workspace_id == actor.workspace_id)
            .with_for_update(of=Conversation)
        )
    ).one_or_none()
    await acting_person(work)
    if row is None:
        raise Told("I can't find that conversation any more. `/slipway mine` shows what is open for you.")
    conversation, round_, initiative, stakeholder, _, card_ts = row
    talk = Talk(
        work=work,
        conversation=conversation,
        round=round_,
        initiative=initiative,
        stakeholder=stakeholder,
        playbook=await work.playbooks.get(work.session, round_.playbook_sha256),
        card_ts=card_ts,
    )
    _refuse_others(talk)
    if needs_open:
        _refuse_ended(talk)
    talk.answers = await current_answers(work, conversation.id)
    return talk


async def current_answers(work: Work, conversation_id: int) -> dict[str, Answer]:
    """The current revision per criterion."""
    found = await work.session.scalars(
        select(Answer).where(Answer.conversation_id == conversation_id, Answer.is_current)
    )
    return {answer.criterion_id: answer for answer in found}


def _refuse_others(talk: Talk) -> None:
    if talk.work.actor.user_id in (talk.conversation.together or [talk.person]):
        return
    raise Refused(
        NOT_YOURS.format(facilitator=talk.initiative.facilitator_id),
        action="answer",
        initiative_id=talk.initiative.id,
    )


def _refuse_ended(talk: Talk) -> None:
    name = talk.initiative.name
    if not talk.is_open:
        raise Told(_closed(talk))
    if talk.conversation.state == ConversationState.LEFT:
        raise Told(
            f"Your group answers together on *{name}*, in a conversation of its own. Please go on there."
        )
    if talk.conversation.state == ConversationState.PASSED_ON:
        raise Told(f"You passed these questions on *{name}* on to a colleague, so nothing was changed.")
    if talk.stakeholder.left_at is not None and not talk.conversation.together:
        raise Told(
            f"You are no longer asked about *{name}*, so nothing was changed. "
            f"<@{talk.initiative.facilitator_id}> runs it and can add you again."
        )


def _closed(talk: Talk) -> str:
    if talk.round.number == 1:
        return (
            f"The round for *{talk.initiative.name}* has closed, so this could not be recorded any more. "
            "If something is wrong in the result, tell "
            f"<@{talk.initiative.facilitator_id}>; `/slipway gaps` shows the result."
        )
    return "Round 2 has closed, so your answer stands as it was. `/slipway gaps` shows the result."
