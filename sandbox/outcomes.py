"""What comes back to a person who acted: whether the app took it, and what they saw in the meantime."""

from dataclasses import dataclass, field

from sandbox.jsontypes import Json
from sandbox.modals import shown
from sandbox.sockets import Ack
from sandbox.state import Ephemeral, Person, Team
from sandbox.world import World


@dataclass(frozen=True)
class Before:
    """Where a person's screen stood before they acted."""

    ephemerals: int
    views: frozenset[str]
    troubles: int


@dataclass
class Outcome:
    """`trouble`: what Slack itself shows when the app failed; `errors`: what a modal shows at its inputs."""

    acked: bool
    latency_ms: float
    body: Json | None = None
    trouble: str | None = None
    errors: dict[str, str] = field(default_factory=dict)
    ephemerals: list[Json] = field(default_factory=list)
    opened: Json | None = None
    view: Json | None = None
    closed: bool = False


def look(team: Team, person: Person) -> Before:
    """Remember the screen."""
    views = frozenset(view.id for view in team.modals.get(person.id, []))
    return Before(len(team.ephemerals), views, len(team.troubles))


def outcome(world: World, team: Team, person: Person, before: Before, ack: Ack, latency_ms: float) -> Outcome:
    """What changed on the person's screen since `before`."""
    fresh = [one for one in team.ephemerals[before.ephemerals :] if one.user == person.id and not one.gone]
    stack = team.modals.get(person.id, [])
    opened = next((view for view in reversed(stack) if view.id not in before.views), None)
    troubles = [one for one in team.troubles[before.troubles :] if one["user"] == person.id]
    return Outcome(
        acked=ack.ok,
        latency_ms=latency_ms,
        body=ack.body,
        trouble=troubles[-1]["what"] if troubles else None,
        ephemerals=[ephemeral_json(one) for one in fresh],
        opened=shown(world, team, opened) if opened else None,
        view=shown(world, team, stack[-1]) if stack else None,
        closed=bool(before.views) and not stack,
    )


def ephemeral_json(one: Ephemeral) -> Json:
    """An ephemeral message as the person's screen shows it."""
    answer: Json = {
        "ts": one.ts,
        "channel": one.channel,
        "user": one.user,
        "text": one.text,
        "blocks": one.blocks,
    }
    return answer | {"ephemeral": True, "revision": len(one.past), "thread_ts": one.thread_ts}
