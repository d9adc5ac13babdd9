"""One piece of work: a session, who acts, and when; everything it writes is one commit.

A use case takes a `Work` and plain arguments. It authorises, decides, renders with the views and
writes state, audit line, inbox and outbox here. Nothing in this module waits on the network.
"""

import secrets
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from bot.desk.playbooks import Playbooks
from bot.store.models import Audit, Due, Inbox, Outbox
from bot.store.upsert import insert_new
from bot.time import Clock
from bot.views.render import Home, Message, Modal

# What the clock does on its own is done in this name.
SLIPWAY = "slipway"

# Urgency in the outbox: answers to somebody who is waiting go before what the bot starts itself.
AT_ONCE = 1
SOON = 5
WHENEVER = 9


@dataclass(frozen=True)
class Actor:
    """Who acts: a person in a workspace, seen from the workspace the app is installed in.

    `team_id` is the workspace the person belongs to; for strangers from a shared channel it differs.
    """

    workspace_id: str
    user_id: str
    team_id: str = ""

    @property
    def is_stranger(self) -> bool:
        """Whether the person comes from another workspace."""
        return bool(self.team_id) and self.team_id != self.workspace_id


@dataclass(frozen=True)
class House:
    """What every use case may need and none builds itself."""

    sessions: async_sessionmaker[AsyncSession]
    clock: Clock
    playbooks: Playbooks
    # Who may start an initiative: "anyone", "admins" or a user group's id.
    new_allowed_for: str = "anyone"
    # Called after each commit that may have left something to send.
    wake: Callable[[], None] = field(default=lambda: None)

    @asynccontextmanager
    async def work(self, actor: Actor) -> AsyncIterator["Work"]:
        """Open one piece of work; commit when the block ends well, otherwise change nothing."""
        async with self.sessions.begin() as session:
            work = Work(session=session, actor=actor, now=self.clock.now(), house=self)
            yield work
        if work.has_post:
            self.wake()

    def work_in(self, session: AsyncSession, workspace_id: str) -> "Work":
        """Continue in a transaction that is already open: how the clock's due work is done."""
        return Work(session=session, actor=Actor(workspace_id, SLIPWAY), now=self.clock.now(), house=self)


@dataclass
class Work:
    """See the module's first lines."""

    session: AsyncSession
    actor: Actor
    now: datetime
    house: House
    has_post: bool = False

    @property
    def playbooks(self) -> Playbooks:
        """The playbook in force, and those of earlier rounds."""
        return self.house.playbooks

    async def once(self, key: str) -> bool:
        """Whether this payload is new; its key is kept with the effect. False for every later copy."""
        return await insert_new(self.session, Inbox, key=key, received_at=self.now)

    def audit(
        self, action: str, subject: str = "", *, initiative_id: int | None = None, **details: object
    ) -> None:
        """Add a line to the audit log. `details` must be JSON and never hold what somebody answered."""
        self.session.add(
            Audit(
                workspace_id=self.actor.workspace_id,
                initiative_id=initiative_id,
                at=self.now,
                actor=self.actor.user_id,
                action=action,
                subject=subject,
                details=details,
            )
        )

    async def send(
        self,
        message: Message,
        *,
        to: str,
        key: str,
        kind: str,
        subject: str = "",
        thread_of: str | None = None,
        thread_ts: str | None = None,
        priority: int = SOON,
    ) -> None:
        """Post a message to a channel or a person, once per key.

        `thread_of` is the key of the message whose thread it belongs to (`thread_ts` where a person
        wrote that message). `subject` ("conversation:12") is how a reply below finds its way back.
        """
        await self._queue(
            key=key,
            kind=kind,
            subject=subject,
            method="chat.postMessage",
            to=to,
            lane=to,
            thread_of=thread_of,
            args={**message.to_dict(), "thread_ts": thread_ts} if thread_ts else message.to_dict(),
            priority=priority,
        )

    async def edit(
        self, message: Message, *, edit_of: str, to: str, key: str, kind: str, priority: int = SOON
    ) -> None:
        """Change a message posted earlier under the key `edit_of`; the newest edit wins.

        Slack allows few edits a minute. Each message's have a lane of their own, so that what is said to
        somebody meanwhile does not wait for them.
        """
        await self._queue(
            key=key,
            kind=kind,
            method="chat.update",
            to=to,
            lane=f"edit:{edit_of}",
            edit_of=edit_of,
            args=message.to_dict(),
            priority=priority,
        )

    async def replace(
        self, message: Message, *, response_url: str, edit_of: str | None, key: str, kind: str
    ) -> None:
        """Turn the message that was clicked into another one, through the click's own address.

        `chat.update` of `edit_of` is the way back when that address no longer works.
        """
        await self._queue(
            key=key,
            kind=kind,
            method="response_url",
            to=response_url,
            lane=response_url,
            edit_of=edit_of,
            args={**message.to_dict(), "replace_original": True},
            priority=AT_ONCE,
        )

    async def whisper(self, message: Message, *, response_url: str, key: str) -> None:
        """Say something to the person who clicked, and to nobody else; at most once."""
        await self._queue(
            key=key,
            kind="whisper",
            method="response_url",
            to=response_url,
            lane=response_url,
            args={**message.to_dict(), "replace_original": False, "response_type": "ephemeral"},
            priority=AT_ONCE,
        )

    async def fill(self, view: Modal, *, view_id: str, key: str) -> None:
        """Fill a modal that was opened as a skeleton."""
        await self._queue(
            key=key,
            kind="modal",
            method="views.update",
            to=view_id,
            lane=view_id,
            args={"view_id": view_id, "view": view.to_dict()},
            priority=AT_ONCE,
        )

    async def show_home(self, view: Home, *, user_id: str, key: str) -> None:
        """Publish a person's App Home; the newest wins."""
        await self._queue(
            key=key,
            kind="home",
            method="views.publish",
            to=user_id,
            lane=f"home:{user_id}",
            args={"user_id": user_id, "view": view.to_dict()},
        )

    async def picture(
        self,
        drawing: Mapping[str, object],
        *,
        to: str,
        key: str,
        title: str,
        alt_text: str,
        thread_of: str | None = None,
    ) -> None:
        """Upload a picture with its description to a channel, a person or a thread.

        `drawing` is what the charts draw from; that happens when its turn comes, not here. Pictures have a
        lane of their own: what is said to somebody meanwhile does not wait for the drawing.
        """
        await self._queue(
            key=key,
            kind="picture",
            method="files.upload",
            to=to,
            lane=f"picture:{to}",
            thread_of=thread_of,
            args={"title": title, "alt_txt": alt_text[:1000], "draw": dict(drawing)},
            priority=WHENEVER,
        )

    async def later(self, kind: str, subject_id: int, *, at: datetime, key: str) -> None:
        """Have something done at a time, once per key."""
        await insert_new(
            self.session,
            Due,
            workspace_id=self.actor.workspace_id,
            key=key,
            kind=kind,
            subject_id=subject_id,
            due_at=at,
        )

    async def _queue(
        self,
        *,
        key: str,
        kind: str,
        method: str,
        to: str,
        lane: str,
        args: Mapping[str, object],
        subject: str = "",
        thread_of: str | None = None,
        edit_of: str | None = None,
        priority: int = SOON,
    ) -> None:
        self.has_post = True
        await insert_new(
            self.session,
            Outbox,
            workspace_id=self.actor.workspace_id,
            key=key,
            kind=kind,
            subject=subject,
            method=method,
            to=to,
            lane=lane,
            thread_of=thread_of,
            edit_of=edit_of,
            args=dict(args),
            public_key=secrets.token_urlsafe(12),
            priority=priority,
            created_at=self.now,
        )
