"""Tells waiters that something changed, so that nobody has to poll.

Every change belongs to topics ("channel:C1", "person:U1", "calls", "deliveries"); a waiter names a topic
and the version it has already seen. Knows nothing of what changed.
"""

import asyncio
from collections import defaultdict

ANYTHING = "all"


class Changes:
    """A version counter per topic, with waiters."""

    def __init__(self) -> None:
        self.version = 0
        self._last: dict[str, int] = defaultdict(int)
        self._waiters: dict[str, list[asyncio.Future[None]]] = defaultdict(list)

    def touch(self, *topics: str) -> None:
        """Record a change of these topics and wake whoever waits for one of them."""
        self.version += 1
        for topic in (*topics, ANYTHING):
            self._last[topic] = self.version
            for waiter in self._waiters.pop(topic, ()):
                if not waiter.done():
                    waiter.set_result(None)

    async def wait(self, topic: str, seen: int, timeout_s: float) -> int:
        """Wait until `topic` changed after version `seen` or the time is over; gives the version now."""
        if self._last[topic] <= seen:
            waiter = asyncio.get_running_loop().create_future()
            self._waiters[topic].append(waiter)
            await asyncio.wait([waiter], timeout=timeout_s)
            if not waiter.done() and waiter in self._waiters[topic]:
                self._waiters[topic].remove(waiter)
        return self.version
