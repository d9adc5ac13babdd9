"""How fast we may call Slack: per channel, per workspace, and after it asked us to wait.

What was sent is counted in the database, so that replicas share one budget; only Slack's own "wait" is
remembered in the process that heard it. Knows the numbers and makes no calls.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bot.post.errors import Limited
from bot.store.outbox import Budget

WINDOW: Final = timedelta(minutes=1)
# Slack's tiers per minute, workspace and method (August 2026).
_TIERS: Final[Mapping[str, int]] = {
    "chat.update": 50,
    "chat.postEphemeral": 100,
    "views.update": 100,
    "views.publish": 100,
    "files.upload": 100,
}
_POST: Final = "chat.postMessage"
_POSTS_PER_MINUTE: Final = 300


@dataclass(frozen=True)
class Pacing:
    """Posts per second in one channel, and per minute in one workspace.

    The defaults are Slack's limits. The other methods keep their share: raising `per_minute` raises
    them all, which tests and the rehearsal do.
    """

    per_channel_per_second: float = 1.0
    per_minute: int = _POSTS_PER_MINUTE

    @property
    def lane_gap(self) -> timedelta:
        """The pause between two posts in one channel."""
        return timedelta(seconds=1 / self.per_channel_per_second)

    def exhausted(self, used: Mapping[Budget, int], headroom: int) -> Collection[Budget]:
        """Whose last minute is used up; `headroom` calls are kept for those being made right now."""
        return [
            budget for budget, count in used.items() if count >= max(1, self._limit(budget[1]) - headroom)
        ]

    def _limit(self, method: str) -> float:
        if method == _POST:
            return self.per_minute
        tier = _TIERS.get(method)
        return float("inf") if tier is None else tier * self.per_minute / _POSTS_PER_MINUTE


class Brakes:
    """What Slack's 429s hold back."""

    def __init__(self) -> None:
        self._held: dict[Budget, datetime] = {}
        self._slow_lanes: dict[str, tuple[str, datetime]] = {}

    def limited(self, workspace_id: str, lane: str, fault: Limited, now: datetime) -> None:
        """Note a 429. A post's lane waits by itself; a second lane at the same time means the workspace."""
        until = now + timedelta(seconds=fault.seconds)
        is_post = fault.method == _POST
        if fault.method in _TIERS or (is_post and self._is_another_lane(workspace_id, lane, now)):
            self._held[(workspace_id, fault.method)] = until
        if is_post:
            self._slow_lanes[workspace_id] = (lane, until)

    def held(self, now: datetime) -> Collection[Budget]:
        """Which methods of which workspaces have to wait."""
        self._held = {budget: until for budget, until in self._held.items() if until > now}
        return self._held.keys()

    def _is_another_lane(self, workspace_id: str, lane: str, now: datetime) -> bool:
        slow = self._slow_lanes.get(workspace_id)
        return slow is not None and slow[0] != lane and slow[1] > now
