"""Faults on demand: what goes wrong between the bot and Slack, set while both run.

A fault on calls names a method ("*" is any) and how many calls it hits. Duplicates repeat deliveries to the
bot. Only says what shall happen; the router and the delivery do it.
"""

import random
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

CallFaultKind = Literal["rate_limited", "status", "error", "drop_after_commit", "drop_before", "slow", "html"]
Kind = Literal["events_api", "interactive", "slash_commands"]


class CallFault(BaseModel):
    """What happens to the next `times` calls of `method` (None: until cleared).

    `rate_limited` answers 429 with `retry_after`; `status` an HTTP status; `error` a Slack error; `html` a
    proxy's page with 502; `drop_before` closes the connection without doing anything; `drop_after_commit`
    does it and closes the connection, so that the bot never learns; `slow` waits `delay` to `delay + jitter`
    seconds first.
    `probability` makes each hit a matter of chance.
    """

    model_config = ConfigDict(extra="forbid")

    method: str = "*"
    kind: CallFaultKind
    times: int | None = 1
    status: int = 503
    error: str = "internal_error"
    retry_after: int = 1
    delay: float = 0.0
    jitter: float = 0.0
    probability: float = 1.0


class Duplicates(BaseModel):
    """Every delivery of these kinds arrives `copies` times, the copies up to `spread` seconds later."""

    model_config = ConfigDict(extra="forbid")

    copies: int = Field(default=1, ge=1)
    spread: float = Field(default=1.0, ge=0)
    kinds: list[Kind] = Field(
        default_factory=lambda: list[Kind](["events_api", "interactive", "slash_commands"])
    )


class Faults:
    """The faults now in force."""

    def __init__(self) -> None:
        self.calls: list[CallFault] = []
        self.missing: set[str] = set()
        self.duplicates = Duplicates()
        self.random = random.Random(7)  # noqa: S311 - shuffles deliveries, guards nothing

    def take(self, method: str) -> list[CallFault]:
        """What hits this call: any slowness, and the first other fault. Each is used up by one."""
        hit: list[CallFault] = []
        struck = False
        for fault in self.calls:
            if fault.method not in ("*", method) or self.random.random() > fault.probability:
                continue
            if fault.kind != "slow":
                if struck:
                    continue
                struck = True
            hit.append(fault)
            if fault.times is not None:
                fault.times -= 1
        self.calls = [fault for fault in self.calls if fault.times is None or fault.times > 0]
        return sorted(hit, key=lambda fault: fault.kind != "slow")

    def late_copies(self, kind: str) -> list[float]:
        """After how many seconds each further copy of a delivery of this kind follows."""
        if kind not in self.duplicates.kinds:
            return []
        return [self.random.uniform(0, self.duplicates.spread) for _ in range(self.duplicates.copies - 1)]

    def clear(self) -> None:
        """Nothing goes wrong any more."""
        self.calls.clear()
        self.missing.clear()
        self.duplicates = Duplicates()
