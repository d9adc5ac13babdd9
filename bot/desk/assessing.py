"""From the answers in the database to an assessment, and from there to what people read.

Round 1 is the record of how the groups saw it; what somebody changed in round 2 lies on top. The
answers are scored by the playbook they were asked by, under the initiative's present profile.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select

from bot.desk.initiatives import asked_conditions
from bot.desk.questions import is_settled
from bot.desk.work import Work
from bot.method.answers import Answer as MethodAnswer
from bot.method.answers import CriterionAnswers
from bot.method.assessment import Assessment, assess
from bot.playbook.model import Playbook
from bot.store.models import (
    Answer,
    Conversation,
    ConversationState,
    Initiative,
    NotApplicable,
    Round,
    RoundState,
    Said,
    Stakeholder,
)
from bot.views.assessed import figures_of
from bot.views.figures import Figures

# Conversations that somebody else carries on, or a whole group together.
_NOT_COUNTED = (ConversationState.PASSED_ON, ConversationState.LEFT)


# The round in which the groups have seen where they differ.
SECOND = 2


@dataclass(frozen=True)
class Heard:
    """What one conversation said about one question, with what its words may be used for."""

    conversation: Conversation
    answer: Answer


@dataclass(frozen=True)
class Assessed:
    """An assessment with the answers it was made from."""

    assessment: Assessment
    playbook: Playbook
    first_round: Round
    # Criterion to what was said in the end, per conversation of round 1.
    heard: Mapping[str, list[Heard]]
    second_round: Round | None

    def figures(self, initiative: Initiative) -> Figures:
        """The assessment as the views show it."""
        second = self.second_round
        until = second.answer_by if second is not None and second.state == RoundState.OPEN else None
        return figures_of(
            self.assessment,
            self.playbook,
            str(self.first_round.id),
            initiative.name or "",
            round_two_until=until,
        )


async def assessed(work: Work, initiative: Initiative) -> Assessed | None:
    """The assessment of an initiative's diagnosis; None before round 1 has opened."""
    rounds = await _rounds(work, initiative)
    if 1 not in rounds:
        return None
    first = rounds[1]
    playbook = await work.playbooks.get(work.session, first.playbook_sha256)
    conversations = await _conversations(work, [round_.id for round_ in rounds.values()])
    gone = await _gone(work, initiative)
    # What is said in round 2 stays hidden until it closes, as it was in round 1.
    said = await _answers(work, [one.id for one in rounds.values() if not _is_blind(one)])
    heard, by_group = _gather(conversations, said, rounds, gone)
    answers = {
        criterion: CriterionAnswers(
            by_group=groups,
            evidence="linked" if any(one.answer.link for one in heard[criterion]) else "none",
            na_confirmed=None,
        )
        for criterion, groups in by_group.items()
    }
    for confirmed in await _confirmed(work, initiative):
        kept = answers.get(confirmed.criterion_id, CriterionAnswers())
        answers[confirmed.criterion_id] = CriterionAnswers(kept.by_group, kept.evidence, confirmed.reason)
    assessment = assess(
        playbook,
        initiative.profile or first.profile,
        answers,
        await capacity(work, initiative),
        conditions=asked_conditions(initiative),
    )
    return Assessed(assessment, playbook, first, heard, rounds.get(2))


def _gather(
    conversations: list[Conversation],
    said: Mapping[int, dict[str, Answer]],
    rounds: Mapping[int, Round],
    gone: frozenset[int],
) -> tuple[dict[str, list[Heard]], dict[str, dict[str, list[MethodAnswer | None]]]]:
    """Answers per criterion and group, round 2's on top of round 1's.

    What somebody said before they left counts; what they left open is nobody's to answer.
    """
    changed = {
        one.stakeholder_id: said.get(one.id, {}) for one in conversations if one.round_id != rounds[1].id
    }
    heard: dict[str, list[Heard]] = defaultdict(list)
    by_group: dict[str, dict[str, list[MethodAnswer | None]]] = defaultdict(lambda: defaultdict(list))
    for conversation in conversations:
        if conversation.round_id != rounds[1].id or conversation.state in _NOT_COUNTED:
            continue
        own = {**said.get(conversation.id, {}), **_settled(changed.get(conversation.stakeholder_id, {}))}
        for criterion in conversation.criteria:
            answer = own.get(criterion)
            if answer is not None and answer.said == Said.HANDED_OVER:
                continue
            if conversation.stakeholder_id in gone and not is_settled(answer):
                continue
            by_group[criterion][conversation.group].append(_for_method(answer))
            if answer is not None and is_settled(answer):
                heard[criterion].append(Heard(conversation, answer))
    return heard, by_group


def _settled(answers: Mapping[str, Answer]) -> dict[str, Answer]:
    return {criterion: answer for criterion, answer in answers.items() if is_settled(answer)}


def _for_method(answer: Answer | None) -> MethodAnswer | None:
    """An answer as the method takes it; None while the question is open."""
    if answer is None or not is_settled(answer):
        return None
    if answer.said == Said.DONT_KNOW:
        return "dk"
    return "na" if answer.said == Said.NOT_APPLICABLE else answer.level


def _is_blind(round_: Round) -> bool:
    return round_.number == SECOND and round_.state == RoundState.OPEN


async def _rounds(work: Work, initiative: Initiative) -> dict[int, Round]:
    found = await work.session.scalars(
        select(Round).where(Round.initiative_id == initiative.id, Round.number.in_((1, 2)))
    )
    return {round_.number: round_ for round_ in found}


async def _conversations(work: Work, round_ids: list[int]) -> list[Conversation]:
    found = await work.session.scalars(
        select(Conversation).where(Conversation.round_id.in_(round_ids)).order_by(Conversation.id)
    )
    return list(found)


async def _gone(work: Work, initiative: Initiative) -> frozenset[int]:
    found = await work.session.scalars(
        select(Stakeholder.id).where(
            Stakeholder.initiative_id == initiative.id, Stakeholder.left_at.is_not(None)
        )
    )
    return frozenset(found)


async def _answers(work: Work, round_ids: list[int]) -> dict[int, dict[str, Answer]]:
    found = await work.session.scalars(
        select(Answer).where(Answer.round_id.in_(round_ids), Answer.is_current)
    )
    said: dict[int, dict[str, Answer]] = defaultdict(dict)
    for answer in found:
        said[answer.conversation_id][answer.criterion_id] = answer
    return said


async def _confirmed(work: Work, initiative: Initiative) -> list[NotApplicable]:
    found = await work.session.scalars(
        select(NotApplicable).where(NotApplicable.initiative_id == initiative.id)
    )
    return list(found)


async def capacity(work: Work, initiative: Initiative) -> dict[str, int]:
    """The days each group's lead said it has in weeks 5-8."""
    leads = await work.session.scalars(
        select(Stakeholder).where(
            Stakeholder.initiative_id == initiative.id,
            Stakeholder.is_lead,
            Stakeholder.left_at.is_(None),
            Stakeholder.capacity_days.is_not(None),
        )
    )
    return {lead.group: lead.capacity_days or 0 for lead in leads}
