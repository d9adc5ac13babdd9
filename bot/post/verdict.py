"""What a failed attempt means for its row: try again and when, or give up and whom to tell. Pure.

A row that was certainly not sent goes back to `waiting`; one that may have arrived stays `sending` until
it has been looked for.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bot.post.calls import RESPONSE_URL
from bot.post.errors import CallFault, CannotLook, Limited, NotSent, SaidNo, Unsure, WorkspaceGoneError
from bot.store.ledger import OutboxState
from bot.store.outbox import VIEWS, Claimed, Outcome, is_whisper

# Slack refuses these for good, and telling a person would help nobody: the feature or the message is gone.
_NOT_WORTH_TELLING: Final = frozenset(
    {"unknown_method", "not_enabled", "message_not_found", "edit_window_closed", "cant_update_message"}
)


@dataclass(frozen=True)
class Timing:
    """Seconds. `call` is shorter than `lease`: a sender that hangs gives up before the next one looks.

    A sender that lives renews its lease; what a killed one was sending waits for that long.
    `settling` is how long Slack's history may lag behind what it accepted.
    """

    lease: float = 12.0
    call: float = 8.0
    settling: float = 3.0
    first_retry: float = 1.0
    longest_retry: float = 60.0
    poll: float = 1.0
    # With a minute between attempts: some two and a half hours without Slack.
    attempts: int = 150

    def __post_init__(self) -> None:
        """Refuse a time-out that outlives the lease."""
        if self.call >= self.lease:
            raise ValueError("a call must end before its lease does")

    def retry_after(self, attempts: int) -> timedelta:
        """The pause after so many attempts."""
        return timedelta(seconds=min(self.first_retry * 2 ** min(attempts - 1, 10), self.longest_retry))


@dataclass(frozen=True)
class Verdict:
    """What to write down, and whether a person should hear of it."""

    outcome: Outcome
    tell: bool = False


def judge(claimed: Claimed, fault: CallFault | WorkspaceGoneError, timing: Timing, now: datetime) -> Verdict:
    """What this fault means for the row. `now` is the machine's time."""
    row = claimed.row
    if isinstance(fault, SaidNo):
        return Verdict(Outcome(OutboxState.FAILED, str(fault)), tell=_is_worth_telling(claimed, fault))
    if isinstance(fault, WorkspaceGoneError):
        return Verdict(Outcome(OutboxState.FAILED, str(fault) or "the workspace has no token"))
    if isinstance(fault, CannotLook) or (isinstance(fault, Unsure) and is_whisper(row)):
        return Verdict(Outcome(OutboxState.UNKNOWN, str(fault)))
    may_have_arrived = claimed.unsure or isinstance(fault, Unsure)
    if row.attempts >= timing.attempts:
        state = OutboxState.UNKNOWN if may_have_arrived else OutboxState.FAILED
        return Verdict(Outcome(state, f"given up after {row.attempts} attempts: {fault}"), tell=True)
    state = OutboxState.SENDING if may_have_arrived else OutboxState.WAITING
    return Verdict(Outcome(state, str(fault), until=now + _pause(claimed, fault, timing)))


def _pause(claimed: Claimed, fault: CallFault, timing: Timing) -> timedelta:
    if isinstance(fault, Limited):
        return timedelta(seconds=fault.seconds)
    pause = timing.retry_after(claimed.row.attempts)
    return pause if isinstance(fault, NotSent) else max(pause, timedelta(seconds=timing.settling))


def _is_worth_telling(claimed: Claimed, fault: SaidNo) -> bool:
    """Whispers and views are for somebody who is there and sees that nothing came."""
    is_shown_once = is_whisper(claimed.row) or claimed.row.method in VIEWS
    return not is_shown_once and fault.method != RESPONSE_URL and fault.error not in _NOT_WORTH_TELLING
