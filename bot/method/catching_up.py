"""What is done about work whose time has passed, by kind: said late, merged into one message, or left out.

Data and one look-up. Knows no rows and sends nothing; who sends asks here first.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

Kind = Literal[
    "monday",
    "checkin",
    "digest",
    "invitation",
    "reminder",
    "gate_reminder",
    "escalation",
    "catch_up",
    "post",
    "severity1",
]
"""The messages that Slipway sends of its own accord."""

Verdict = Literal["on_time", "late", "merge", "skip"]
"""Send as it is; send and say that it is late; put into the person's one catch-up; do not send."""

ON_TIME = timedelta(minutes=30)
"""Up to here nobody would call it late."""


@dataclass(frozen=True, slots=True)
class CatchUp:
    """How a kind is caught up, and after how long it is not worth sending any more (None: it always is)."""

    how: Literal["late", "merge"]
    pointless_after: timedelta | None = None


CATCH_UP: Mapping[Kind, CatchUp] = {
    # The channel has Thursday's check-in by then, and nobody plans the week on a Thursday.
    "monday": CatchUp("late", timedelta(days=3)),
    # On Monday the new week has begun: the next check-in asks for both.
    "checkin": CatchUp("merge", timedelta(days=4)),
    # The Monday message says the same and more.
    "digest": CatchUp("late", timedelta(days=3)),
    "invitation": CatchUp("merge"),
    "reminder": CatchUp("merge"),
    "gate_reminder": CatchUp("merge"),
    "escalation": CatchUp("merge"),
    "catch_up": CatchUp("late"),
    "post": CatchUp("late"),
    "severity1": CatchUp("late"),
}


def verdict_on(kind: Kind, due: datetime, now: datetime) -> Verdict:
    """What to do now with something of this kind that was due then."""
    late = now - due
    rule = CATCH_UP[kind]
    if late <= ON_TIME:
        return "on_time"
    if rule.pointless_after is not None and late >= rule.pointless_after:
        return "skip"
    return rule.how
