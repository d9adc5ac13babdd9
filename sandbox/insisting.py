"""How people get on when an app does not answer: they look, wait a moment, and try again.

Knows acts and what should come of them, and no words of any app.
"""

import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

from sandbox.client import Outcome, Person, Refused, TimedOut

_T = TypeVar("_T")

# Seconds after which nobody goes on hoping.
GIVE_UP = 300.0
# Seconds people look at a button that showed a warning before they press it again.
_AFTER_TROUBLE = 1.0


async def insist(
    person: Person,
    act: Callable[[], Awaitable[Outcome]],
    seen: Callable[[], Awaitable[_T | None]],
    *,
    patience: float,
    what: str,
) -> _T:
    """Act until `seen` gives something true, and give that. `patience` is the wait for one attempt, seconds.

    `person` is whose screen shows it. Where Slack shows that the app did not take it, the next attempt comes
    sooner. After an act that is not possible any more, or that waited in vain itself, what
    comes of it is looked for all the same.
    """
    until = time.monotonic() + GIVE_UP
    while time.monotonic() < until:
        try:
            trouble = (await act()).trouble
        except (Refused, TimedOut):
            trouble = None
        try:
            return await person.wait_until(seen, _AFTER_TROUBLE if trouble else patience, what)
        except TimedOut:
            continue
    raise TimedOut(f"{person.name} tried for {GIVE_UP:g} s and did not see {what}")
