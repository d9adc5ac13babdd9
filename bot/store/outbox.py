"""The outbox's queries: claim what may go now, write down what became of it, forget old payloads.

Rows of one lane go in the order of their ids and one at a time; edits of one message likewise, and an
edit that a newer one follows is left out. State `waiting` means certainly not sent; `sending` past its
lease means that nobody knows. Knows the tables and nothing of Slack.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import (
    CTE,
    ColumnElement,
    CursorResult,
    Select,
    and_,
    case,
    exists,
    func,
    literal_column,
    null,
    or_,
    select,
    tuple_,
    update,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from bot.store.ledger import Outbox, OutboxState

OPEN = (OutboxState.WAITING, OutboxState.SENDING)
FINAL = (OutboxState.SENT, OutboxState.FAILED, OutboxState.UNKNOWN, OutboxState.SUPERSEDED)
# Each shows a whole state, so that only the newest matters.
VIEWS = ("views.update", "views.publish")
# What a person or a channel gets notified of: paced per lane.
POSTS = ("chat.postMessage", "files.upload")
PAGE = 1_000
# How often a claim looks again after leaving rows out; the next claim takes the rest.
_ROUNDS = 5

# A workspace and a method.
Budget = tuple[str, str]


@dataclass(frozen=True)
class Claimed:
    """A row this process may send until the lease ends.

    `unsure` says that an earlier attempt may have arrived. `target` is the message it edits or hangs
    below, as the ledger knows it.
    """

    row: Outbox
    unsure: bool
    target: Outbox | None


@dataclass(frozen=True)
class Outcome:
    """What became of one attempt. `until` is when to try again, for a row that stays open."""

    state: OutboxState
    error: str | None = None
    channel: str | None = None
    ts: str | None = None
    until: datetime | None = None


async def claim(
    session: AsyncSession,
    *,
    now: datetime,
    lease: timedelta,
    limit: int,
    lane_gap: timedelta = timedelta(),
    held: Collection[Budget] = (),
) -> Sequence[Claimed]:
    """Take up to `limit` rows whose turn it is; their state is `sending` once the session commits.

    `now` is the machine's time. `lane_gap` is the pause between two posts of one lane; `held` are the
    workspaces and methods that have to wait. Rows that can never go are settled on the way.
    """
    claimed: list[Claimed] = []
    for _ in range(_ROUNDS):
        ready = _ready(now, lane_gap, held).limit(limit - len(claimed))
        rows = (await session.scalars(ready)).all()
        taken = await _take(session, rows, now, lease)
        claimed += taken
        # A row that was settled on the way has made room for the next one in its lane.
        if len(taken) == len(rows):
            break
    return claimed


async def _take(
    session: AsyncSession, rows: Sequence[Outbox], now: datetime, lease: timedelta
) -> Sequence[Claimed]:
    targets = await _targets(session, rows)
    newest = await _newest(session, rows)
    taken = []
    for row in rows:
        target = targets.get(row.edit_of or row.thread_of or "")
        unsure = row.state == OutboxState.SENDING
        refusal = _refusal(row, target, newest)
        if refusal is not None:
            row.state, row.error = refusal
            continue
        row.state = OutboxState.SENDING
        row.attempts += 1
        row.lease_until = now + lease
        taken.append(Claimed(row, unsure, target))
    for row in rows:
        if row.state == OutboxState.SUPERSEDED:
            await _supersede(session, row, newest[_shown(row)], now)
    return taken


async def _supersede(session: AsyncSession, row: Outbox, newest: int, now: datetime) -> None:
    """Leave out whatever else shows an older state of the same thing, however much has piled up."""
    same = Outbox.lane == row.lane if row.method in VIEWS else Outbox.edit_of == row.edit_of
    alike = Outbox.method.in_(VIEWS) if row.method in VIEWS else Outbox.edit_of.is_not(None)
    await session.execute(
        update(Outbox)
        .where(same, alike, Outbox.id < newest, _is_idle(now))
        .values(state=OutboxState.SUPERSEDED, error=row.error)
        .execution_options(synchronize_session=False)
    )


async def settle(session: AsyncSession, row: Outbox, outcome: Outcome, now: datetime) -> bool:
    """Write an attempt's outcome; False when the lease ran out and another process has taken over."""
    is_sent = outcome.state == OutboxState.SENT
    changed = await session.execute(
        update(Outbox)
        .where(Outbox.id == row.id, Outbox.state == OutboxState.SENDING, Outbox.attempts == row.attempts)
        .values(
            state=outcome.state,
            error=outcome.error,
            channel=outcome.channel,
            ts=outcome.ts,
            not_before=outcome.until if outcome.state == OutboxState.WAITING else None,
            lease_until=outcome.until if outcome.state == OutboxState.SENDING else None,
            sent_at=now if is_sent else None,
        )
        .execution_options(synchronize_session=False)
    )
    return cast("CursorResult[object]", changed).rowcount == 1


async def renew(session: AsyncSession, rows: Sequence[Outbox], until: datetime) -> None:
    """Hold these rows until a later moment, as far as this attempt at them is still the latest."""
    attempts = [(row.id, row.attempts) for row in rows]
    await session.execute(
        update(Outbox)
        .where(Outbox.state == OutboxState.SENDING, tuple_(Outbox.id, Outbox.attempts).in_(attempts))
        .values(lease_until=until)
        .execution_options(synchronize_session=False)
    )


async def move(session: AsyncSession, key: str, channel: str, ts: str) -> None:
    """Note that the message of this key was posted anew, so that later edits find it."""
    await session.execute(update(Outbox).where(Outbox.key == key).values(channel=channel, ts=ts))


async def spent(session: AsyncSession, since: datetime) -> Mapping[Budget, int]:
    """How many calls have been made since a moment, for each workspace and method that has more to make."""
    still_open = select(Outbox.workspace_id, Outbox.method).where(_is_open(Outbox)).cte("still_open")
    wanted = select(still_open.prefix_with("MATERIALIZED")).distinct().subquery()
    sent = aliased(Outbox)
    made = select(func.count()).where(
        sent.workspace_id == wanted.c.workspace_id, sent.method == wanted.c.method, sent.sent_at > since
    )
    counted = await session.execute(select(wanted.c.workspace_id, wanted.c.method, made.scalar_subquery()))
    return {(workspace, method): count for workspace, method, count in counted}


async def empty_payloads(session: AsyncSession, before: datetime) -> int:
    """Forget what was said in up to a page of finished rows made before a moment; how many there were.

    Key, channel and ts stay: they are the ledger.
    """
    old = (
        select(Outbox.id)
        .where(Outbox.args.is_not(None), Outbox.created_at < before, Outbox.state.in_(FINAL))
        .limit(PAGE)
    )
    emptied = await session.execute(
        update(Outbox)
        .where(Outbox.id.in_(old))
        .values(args=null(), picture=None)
        .execution_options(synchronize_session=False)
    )
    return cast("CursorResult[object]", emptied).rowcount


def is_whisper(row: Outbox) -> bool:
    """Whether only one person sees it and Slack keeps no copy: sent at most once."""
    args = row.args or {}
    is_change = args.get("replace_original") or args.get("delete_original")
    return row.method == "chat.postEphemeral" or (row.method == "response_url" and not is_change)


def _refusal(row: Outbox, target: Outbox | None, newest: Mapping[str, int]) -> tuple[OutboxState, str] | None:
    """Why a row whose turn has come never goes; None when it does."""
    if newest.get(_shown(row), row.id) > row.id:
        return OutboxState.SUPERSEDED, "a newer one follows"
    if row.state == OutboxState.SENDING and is_whisper(row):
        return OutboxState.UNKNOWN, "may have arrived; seen by one person only, so not said twice"
    # An answer through the click's own address needs no ledger row; only its fallback does.
    needs_target = row.thread_of or (row.edit_of and row.method != "response_url")
    if needs_target and (target is None or target.ts is None):
        return OutboxState.FAILED, "the message it belongs to was not sent"
    return None


def _shown(row: Outbox) -> str:
    """What a row shows, where only the newest state matters; otherwise empty."""
    return row.lane if row.method in VIEWS else row.edit_of or ""


def _ready(now: datetime, lane_gap: timedelta, held: Collection[Budget]) -> Select[Outbox]:
    """The rows whose turn it is, most urgent first, locked against other processes."""
    heads = _heads(now)
    other = aliased(Outbox)
    under_way = and_(other.state == OutboxState.SENDING, other.lease_until > now)
    ready = (
        select(Outbox)
        .join(heads, heads.c.id == Outbox.id)
        .where(
            _is_idle(now),
            or_(Outbox.not_before.is_(None), Outbox.not_before <= now),
            ~exists().where(other.edit_of == Outbox.edit_of, under_way, other.id != Outbox.id),
            ~exists().where(other.key == Outbox.thread_of, _is_open(other)),
            # What was clicked is there, whether or not its own row has been settled yet.
            or_(
                Outbox.method == "response_url",
                ~exists().where(other.key == Outbox.edit_of, _is_open(other)),
            ),
        )
    )
    if held:
        ready = ready.where(tuple_(Outbox.workspace_id, Outbox.method).not_in(held))
    if lane_gap:
        just_now = exists().where(
            other.workspace_id == Outbox.workspace_id,
            other.method.in_(POSTS),
            other.sent_at > now - lane_gap,
            other.lane == Outbox.lane,
        )
        ready = ready.where(or_(Outbox.method.not_in(POSTS), ~just_now))
    return ready.order_by(Outbox.priority, Outbox.id).with_for_update(skip_locked=True, of=Outbox)


def _heads(now: datetime) -> CTE:
    """The first open row of every lane in which nothing is under way, in one pass over what is open.

    Materialized, because a planner with stale counts would compare every open row with every other.
    """
    under_way = and_(Outbox.state == OutboxState.SENDING, Outbox.lease_until > now)
    first = select(func.min(Outbox.id).label("id")).where(_is_open(Outbox))
    idle = first.group_by(Outbox.workspace_id, Outbox.lane).having(
        func.sum(case((under_way, 1), else_=0)) == 0
    )
    return idle.cte("heads").prefix_with("MATERIALIZED")


def _is_open(row: type[Outbox]) -> ColumnElement[bool]:
    # Literals, not parameters: only so do both databases see that the partial index answers this.
    return row.state.in_([literal_column(f"'{state}'") for state in OPEN])


def _is_idle(now: datetime) -> ColumnElement[bool]:
    """Nobody is sending it right now."""
    return or_(
        Outbox.state == OutboxState.WAITING,
        and_(Outbox.state == OutboxState.SENDING, Outbox.lease_until <= now),
    )


async def _targets(session: AsyncSession, rows: Sequence[Outbox]) -> Mapping[str, Outbox]:
    keys = {key for row in rows for key in (row.thread_of, row.edit_of) if key}
    if not keys:
        return {}
    found = await session.scalars(select(Outbox).where(Outbox.key.in_(keys)))
    return {row.key: row for row in found}


async def _newest(session: AsyncSession, rows: Sequence[Outbox]) -> Mapping[str, int]:
    """For every message edited and view shown by these rows, the newest row that does so."""
    edited = {row.edit_of for row in rows if row.edit_of}
    shown = {row.lane for row in rows if row.method in VIEWS}
    alive = Outbox.state.in_((*OPEN, OutboxState.SENT))
    edits = select(Outbox.edit_of, func.max(Outbox.id)).where(Outbox.edit_of.in_(edited), alive)
    views = select(Outbox.lane, func.max(Outbox.id)).where(
        Outbox.lane.in_(shown), _is_open(Outbox), Outbox.method.in_(VIEWS)
    )
    found = list(await session.execute(edits.group_by(Outbox.edit_of))) if edited else []
    found += await session.execute(views.group_by(Outbox.lane)) if shown else []
    return {name: newest for name, newest in found if name}
