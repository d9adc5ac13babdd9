"""Asking Slack about the people and the channel that somebody named in a form, before the use case runs."""

import asyncio
from collections.abc import Iterable

from bot.desk.checks import Checked
from bot.desk.description import is_user
from bot.desk.people import PersonFacts
from handlers.front import Front
from handlers.incoming import Submission

# Slack allows about a hundred look-ups a minute; whoever else is named is taken for a plain member.
_PEOPLE_AT_MOST = 60


def people_in(request: Submission, blocks: Iterable[str]) -> list[str]:
    """Whoever was chosen in these inputs, each once."""
    found: dict[str, None] = {}
    for block in blocks:
        value = request.fields.get(block)
        for one in (value,) if isinstance(value, str) else value or ():
            if is_user(one):
                found[one] = None
    return list(found)


async def look_up(
    front: Front, request: Submission, *, people: Iterable[str] = (), channel: str = ""
) -> Checked:
    """What Slack says about them, asked all at once."""
    workspace = request.actor.workspace_id
    named = people_in(request, people)
    asked = front.look_up(workspace, named[:_PEOPLE_AT_MOST])
    others = [PersonFacts.unknown(workspace, one) for one in named[_PEOPLE_AT_MOST:]]
    if not channel:
        return Checked.of([*await asked, *others])
    facts, in_channel = await asyncio.gather(asked, front.is_in_channel(workspace, channel))
    return Checked.of([*facts, *others], in_channel)


def checked(answer: object) -> Checked:
    """The answer of `look_up`, as its type."""
    if not isinstance(answer, Checked):
        raise TypeError(f"looked up something else: {type(answer).__name__}")
    return answer
