"""The one optional question after a condition: a probe, who would know, or something that shows it.

Three per person at most over the whole round, one at the end of a condition, never while it is being
answered. What to ask follows from the playbook's probes and the level this pilot needs.
"""

from collections.abc import Iterable
from typing import Final

from bot.desk.questions import answer_words, is_settled, wording
from bot.desk.talk import Talk
from bot.method.profile import bar
from bot.store.models import Said
from bot.views import rounds as views

# All in all, per person and round (field notes: people mute what keeps asking).
AT_MOST: Final = 3


def wanted(talk: Talk, criterion_id: str) -> views.FollowUp | None:
    """The one more thing to ask when this answer was the last of its condition; noted as asked."""
    condition = talk.criterion(criterion_id).condition
    asked_here = [one for one in talk.criteria if talk.criterion(one).condition == condition]
    done = list(talk.conversation.followed_up)
    if len(done) >= AT_MOST or any(one in done for one in asked_here):
        return None
    if not all(is_settled(talk.answers.get(one)) for one in asked_here):
        return None
    found = _most_worth_asking(talk, asked_here)
    if found is not None:
        talk.conversation.followed_up = [*done, found.criterion]
    return found


async def ask(talk: Talk, wanted: views.FollowUp) -> None:
    """Ask it, below whatever else is shown."""
    condition = talk.criterion(wanted.criterion).condition
    await talk.work.send(
        views.follow_up(talk.id, talk.playbook.condition_names[condition], [wanted]),
        to=talk.to,
        thread_of=talk.conversation.root_key,
        key=f"follow-up:{talk.id}:{wanted.criterion}",
        kind="follow_up",
        subject=talk.subject,
    )


def _most_worth_asking(talk: Talk, criteria: Iterable[str]) -> views.FollowUp | None:
    """A claim to show comes first, then the answer furthest below what is needed, then who would know."""
    ranked = [(*_rank(talk, one), one) for one in criteria]
    kinds = sorted((entry for entry in ranked if entry[0] is not None), key=lambda entry: entry[1])
    return _follow_up(talk, kinds[0][2], kinds[0][0]) if kinds else None


def _rank(talk: Talk, criterion_id: str) -> tuple[str | None, tuple[int, int]]:
    """What to ask about one answer, and how much it is worth; lower sorts first."""
    answer = talk.answers.get(criterion_id)
    criterion = talk.criterion(criterion_id)
    if answer is None:
        return None, (9, 0)
    needed = bar(talk.playbook, criterion, talk.round.profile).required
    is_claim = answer.said == Said.LEVEL and (answer.level or 0) >= 3
    if (
        is_claim
        and not answer.link
        and talk.stakeholder.is_lead
        and criterion.authority == talk.conversation.group
    ):
        return "show_it", (0, -needed)
    if answer.said == Said.LEVEL and answer.level is not None and answer.level < needed and not answer.note:
        return "probe", (1, answer.level - needed)
    if answer.said == Said.DONT_KNOW:
        return "who_knows", (2, -needed)
    return None, (9, 0)


def _follow_up(talk: Talk, criterion_id: str, kind: str | None) -> views.FollowUp:
    criterion = talk.criterion(criterion_id)
    return views.FollowUp(
        kind="show_it" if kind == "show_it" else "probe" if kind == "probe" else "who_knows",
        criterion=criterion_id,
        wording=wording(criterion, talk.conversation.group),
        words=answer_words(criterion, talk.answers.get(criterion_id)) or "",
        probe=criterion.probe,
    )
