"""What the bot counts about itself, in a registry of its own. Knows numbers, never people."""

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 3.0)


class Metrics:
    """Every metric of the process."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.acks = Histogram(
            "slipway_ack_seconds",
            "Time from a payload's arrival to its ack, by kind and outcome",
            ("kind", "outcome"),
            buckets=_SECONDS,
            registry=self.registry,
        )
        self.unhandled = Counter(
            "slipway_unhandled", "Payloads nobody answers for", ("kind",), registry=self.registry
        )
        self.rejected = Counter(
            "slipway_rejected_requests",
            "HTTP requests turned away before they were read",
            ("reason",),
            registry=self.registry,
        )
        self.rate_limited = Counter(
            "slipway_rate_limited", "Notices that Slack holds events back", registry=self.registry
        )
        self.refusals = Counter(
            "slipway_refusals",
            "People told that they may not do this, over all processes, since this one started",
            registry=self.registry,
        )
        self.outbox = Gauge(
            "slipway_outbox_recent",
            "The newest 10,000 messages of the outbox, by state",
            ("state",),
            registry=self.registry,
        )
        self.late = Gauge(
            "slipway_oldest_waiting_seconds",
            "Age of the oldest message or due occurrence that could go now",
            ("what",),
            registry=self.registry,
        )
        self.socket = Gauge(
            "slipway_socket_connected",
            "Whether Socket Mode is connected (1) or not (0)",
            registry=self.registry,
        )
        self.in_flight = Gauge("slipway_in_flight", "Payloads being worked on now", registry=self.registry)


class InFlight:
    """Counts what is being worked on, so that a stop can wait for it."""

    def __init__(self) -> None:
        self.count = 0
        self._idle = asyncio.Event()
        self._idle.set()

    @contextmanager
    def one(self) -> Iterator[float]:
        """One piece of work; gives its start on the steady clock."""
        self.count += 1
        self._idle.clear()
        try:
            yield time.monotonic()
        finally:
            self.count -= 1
            if self.count == 0:
                self._idle.set()

    async def finished(self, within: float) -> bool:
        """Wait until nothing is being worked on; False when `within` seconds were not enough."""
        try:
            async with asyncio.timeout(within):
                await self._idle.wait()
        except TimeoutError:
            return False
        return True
