"""Who said what: names with answers, for the facilitator alone and never before the round has closed.

A facilitator who belongs to a group (often its lead, or somebody's boss) sees names only in that group,
otherwise each group's level; and none at all without having finished their own round 1.
"""

from dataclasses import dataclass

from sqlalchemy import select

from bot.desk import posting
from bot.desk.assessing import Assessed, Heard
from bot.desk.authority import Action, authorise
from bot.desk.work import Work
from bot.store.models import Answer, Conversation, ConversationState, Initiative, Said, Stakeholder
from bot.views import kit
from bot.views.figures import answer_words
from bot.views.names import Saying, Sayings, names_modal
from bot.views.render import Modal


@dataclass(frozen=True)
class _Sight:
    """In which groups names may be seen (None: in all), and why not in the others."""

    groups: frozenset[str] | None
    why: str = ""

    def sees(self, group: str) -> bool:
        return self.groups is None or group in self.groups


async def who_said_what(work: Work, initiative: Initiative, page: int) -> Modal:
    """One page of names with answers. Raises Refused for everybody but the facilitator."""
    await authorise(work, Action.SEE_NAMES, initiative)
    result = await posting.visible(work, initiative)
    sight = await _sight(work, initiative, result)
    people = await _people(work, initiative)
    rows = [_sayings(result, criterion, sight, people) for criterion in result.assessment.criteria]
    return names_modal(str(result.first_round.id), initiative.name or "", rows, page, sight.why)


async def _sight(work: Work, initiative: Initiative, result: Assessed) -> _Sight:
    row = (
        await work.session.execute(
            select(Stakeholder.group, Conversation.state)
            .join(Conversation, Conversation.stakeholder_id == Stakeholder.id)
            .where(
                Conversation.round_id == result.first_round.id,
                Stakeholder.user_id == work.actor.user_id,
                Stakeholder.initiative_id == initiative.id,
            )
            .limit(1)
        )
    ).one_or_none()
    if row is None:
        return _Sight(None)
    if row.state not in (ConversationState.FINISHED, ConversationState.LEFT):
        return _Sight(frozenset(), "You had not finished your own round 1, so names are left out.")
    group = result.playbook.group_names[row.group]
    return _Sight(
        frozenset({row.group}),
        f"You answer for {kit.said(group)} yourself, so you see names there and levels elsewhere.",
    )


async def _people(work: Work, initiative: Initiative) -> dict[int, Stakeholder]:
    found = await work.session.scalars(select(Stakeholder).where(Stakeholder.initiative_id == initiative.id))
    return {one.id: one for one in found}


def _sayings(result: Assessed, criterion_id: str, sight: _Sight, people: dict[int, Stakeholder]) -> Sayings:
    judged = result.assessment.criteria[criterion_id]
    found: list[Saying] = []
    for group, says in judged.groups.items():
        if not sight.sees(group):
            level = answer_words(None if group in judged.unheard else says)
            found.append(Saying(kit.said(result.playbook.group_names[group]), level))
            continue
        heard = [one for one in result.heard.get(criterion_id, ()) if one.conversation.group == group]
        found += [Saying(_who(one, people), _says(one.answer), one.answer.note) for one in heard]
    return Sayings(result.playbook.criterion(criterion_id).title, judged.required, found)


def _who(heard: Heard, people: dict[int, Stakeholder]) -> str:
    if heard.conversation.together:
        return f"{kit.person(heard.answer.said_by)} for the group"
    person = people[heard.conversation.stakeholder_id]
    if person.user_id:
        return kit.person(person.user_id)
    return f"{kit.said(person.name or '')} (told to {kit.person(heard.answer.said_by)})"


def _says(answer: Answer) -> str:
    if answer.said == Said.LEVEL:
        return answer_words(answer.level)
    return answer_words("na" if answer.said == Said.NOT_APPLICABLE else "dk")
