"""Round 2: each perception gap goes to the people concerned, with every group's view.

Shows levels per group and the words that may be quoted; never a name. Both rounds are kept.
"""

from collections import defaultdict
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import select

from bot.desk.assessing import Assessed, Heard
from bot.desk.questions import anchors, answer_words, wording
from bot.desk.work import Work
from bot.method.assessment import CriterionResult
from bot.method.calendar import add_working_days
from bot.playbook.model import Playbook
from bot.store.models import Answer, Conversation, Initiative, Round, Stakeholder
from bot.views import facilitation
from bot.views import rounds as views
from bot.views.figures import answer_words as group_words
from bot.views.render import Message

# Round 2 closes by itself after this many working days.
OPEN_FOR: Final = 5


async def open_where_views_differ(work: Work, initiative: Initiative, result: Assessed) -> Round | None:
    """Open round 2 for everybody who answered where groups are two or more levels apart; None if nowhere."""
    concerned = _concerned(result)
    people = await _stakeholders(work, concerned)
    if not people:
        return None
    first = result.first_round
    round_ = Round(
        workspace_id=initiative.workspace_id,
        initiative_id=initiative.id,
        number=2,
        playbook_sha256=first.playbook_sha256,
        profile=dict(initiative.profile or first.profile),
        opened_at=work.now,
        opened_by=work.actor.user_id,
        answer_by=add_working_days(work.now, OPEN_FOR, initiative.zone),
    )
    work.session.add(round_)
    await work.session.flush()
    for stakeholder_id, stakeholder in people.items():
        await _ask(work, initiative, result, round_, stakeholder, concerned[stakeholder_id])
    await work.later("round_two_close", round_.id, at=round_.answer_by, key=f"round_two_close:{round_.id}")
    work.audit("round.opened", f"round:{round_.id}", initiative_id=initiative.id, number=2)
    return round_


def _concerned(result: Assessed) -> dict[int, dict[str, Heard]]:
    """Stakeholder to what they answered, for every criterion on which the groups differ."""
    found: dict[int, dict[str, Heard]] = defaultdict(dict)
    for criterion in result.assessment.perception_gaps:
        for heard in result.heard.get(criterion, ()):
            found[heard.conversation.stakeholder_id][criterion] = heard
    return found


async def _stakeholders(work: Work, concerned: dict[int, dict[str, Heard]]) -> dict[int, Stakeholder]:
    """Those concerned who still take part."""
    found = await work.session.scalars(
        select(Stakeholder).where(Stakeholder.id.in_(concerned), Stakeholder.left_at.is_(None))
    )
    by_id = {one.id: one for one in found}
    return {one: by_id[one] for one in concerned if one in by_id}


async def _ask(
    work: Work,
    initiative: Initiative,
    result: Assessed,
    round_: Round,
    stakeholder: Stakeholder,
    own: dict[str, Heard],
) -> None:
    together = next(iter(own.values())).conversation.together
    conversation = Conversation(
        workspace_id=initiative.workspace_id,
        initiative_id=initiative.id,
        round_id=round_.id,
        stakeholder_id=stakeholder.id,
        group=stakeholder.group,
        together=together,
        criteria=list(own),
        root_key=f"invite:{round_.id}:{stakeholder.id}",
    )
    work.session.add(conversation)
    await work.session.flush()
    to = ",".join(together or [stakeholder.user_id or stakeholder.recorded_by or initiative.facilitator_id])
    subject = f"conversation:{conversation.id}"
    closes = round_.answer_by.astimezone(ZoneInfo(initiative.zone))
    await work.send(
        facilitation.round_two_opening(initiative.name or "", len(own), closes),
        to=to,
        key=conversation.root_key,
        kind="invitation",
        subject=subject,
    )
    for criterion, heard in own.items():
        await work.send(
            difference_card(result, initiative, conversation, round_, criterion, heard.answer),
            to=to,
            thread_of=conversation.root_key,
            key=f"difference:{conversation.id}:{criterion}",
            kind="difference",
            subject=subject,
        )


def difference_card(
    result: Assessed,
    initiative: Initiative,
    conversation: Conversation,
    round_: Round,
    criterion_id: str,
    own: Answer,
) -> Message:
    """One perception gap, as one person concerned reads it."""
    playbook = result.playbook
    criterion = playbook.criterion(criterion_id)
    return views.perception_gap_card(
        views.PerceptionGap(
            conversation=str(conversation.id),
            criterion=criterion_id,
            initiative=initiative.name or "",
            title=criterion.title,
            wording=wording(criterion, conversation.group),
            views=_group_views(
                result, playbook, result.assessment.criteria[criterion_id], conversation.group
            ),
            anchors=anchors(criterion),
            my_words=answer_words(criterion, own) or "",
            closes=round_.answer_by.astimezone(ZoneInfo(initiative.zone)),
        )
    )


def _group_views(
    result: Assessed, playbook: Playbook, judged: CriterionResult, own_group: str
) -> list[views.GroupView]:
    shown = []
    for group, says in judged.groups.items():
        level = says if isinstance(says, int) else None
        quotes = [
            heard.answer.note
            for heard in result.heard.get(judged.id, ())
            if heard.conversation.group == group and heard.answer.may_be_quoted and heard.answer.note
        ]
        words = (
            playbook.criterion(judged.id).anchors[level]
            if level is not None
            else group_words(None if group in judged.unheard else says)
        )
        shown.append(
            views.GroupView(playbook.group_names[group], level, words, quotes, yours=group == own_group)
        )
    return shown
