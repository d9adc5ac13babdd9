"""Token buckets, as Slack counts calls: per method and workspace, and special ones for posting.

On the machine's clock. Says how long to wait; what is done with that is the caller's business.
"""

import math
import time
from collections import Counter
from dataclasses import dataclass

from sandbox.config import RateKnobs
from sandbox.contract import METHODS

_Key = tuple[str, ...]


@dataclass
class _Bucket:
    tokens: float
    at: float


class RateLimiter:
    """Grants or refuses calls; counts the refusals by method."""

    def __init__(self, knobs: RateKnobs) -> None:
        self.knobs = knobs
        self.refused: Counter[str] = Counter()
        self._buckets: dict[_Key, _Bucket] = {}

    def call(self, team: str, method: str) -> int:
        """0 if this Web API call may pass, otherwise the seconds to wait (Retry-After)."""
        per_minute = self._per_minute(method)
        if per_minute is None:
            return 0
        return self._take(method, (team, method), per_minute / 60, per_minute)

    def post(self, team: str, channel: str) -> int:
        """The same for chat.postMessage: one a second in a channel, several hundred a minute in all."""
        knobs = self.knobs
        method = "chat.postMessage"
        wait = self._take(method, (team, method, channel), knobs.post_per_channel_per_s, knobs.post_burst)
        if wait:
            return wait
        return self._take(
            method, (team, method), knobs.post_per_workspace_per_min / 60, knobs.post_per_workspace_per_min
        )

    def response_url(self, key: str) -> int:
        """The same for one response_url."""
        knobs = self.knobs
        return self._take("response_url", ("url", key), knobs.response_url_per_s, knobs.response_url_burst)

    def reset(self) -> None:
        """Fill every bucket and forget the refusals."""
        self._buckets.clear()
        self.refused.clear()

    def _per_minute(self, method: str) -> int | None:
        if method in self.knobs.per_method:
            return self.knobs.per_method[method]
        tier = METHODS[method].tier if method in METHODS else "none"
        knobs = self.knobs
        by_tier = {"t1": knobs.tier1, "t2": knobs.tier2, "t3": knobs.tier3, "t4": knobs.tier4}
        return by_tier.get(tier, knobs.special if tier == "special" else None)

    def _take(self, method: str, key: _Key, per_second: float, capacity: float) -> int:
        if self.knobs.off:
            return 0
        now = time.monotonic()
        bucket = self._buckets.setdefault(key, _Bucket(capacity, now))
        bucket.tokens = min(capacity, bucket.tokens + (now - bucket.at) * per_second)
        bucket.at = now
        if bucket.tokens >= 1:
            bucket.tokens -= 1
            return 0
        self.refused[method] += 1
        return max(1, math.ceil((1 - bucket.tokens) / per_second)) if per_second else 60
