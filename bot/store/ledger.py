"""Inbox, outbox, due work and audit log: what came in, what goes out, what is to be done, who did what.

The outbox is also the ledger of every message: payloads are emptied some days after sending, key,
channel and ts stay.
"""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from bot.store.base import Base, BigId, Key, RowId, SlackId, Word


class Inbox(Base):
    """A payload whose effect is committed; a second copy finds its key here."""

    __tablename__ = "inbox"
    __table_args__ = (Index("ix_inbox_received_at", "received_at"),)

    key: Mapped[Key] = mapped_column(primary_key=True)
    received_at: Mapped[datetime]


class OutboxState(StrEnum):
    """waiting -> sending -> sent | failed | unknown; an older edit is superseded by a newer one.

    Failed is final (Slack refused for good). Unknown means that nobody can tell whether it arrived
    and that looking was impossible: it is said, not guessed, and not sent again.
    """

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    UNKNOWN = "unknown"
    SUPERSEDED = "superseded"


class Outbox(Base):
    """One call to Slack, to be made once; afterwards the record that it was made."""

    __tablename__ = "outbox"
    __table_args__ = (
        Index("uq_outbox_key", "key", unique=True),
        Index(
            "ix_outbox_open",
            "workspace_id",
            "lane",
            "id",
            sqlite_where=text("state IN ('waiting', 'sending')"),
            postgresql_where=text("state IN ('waiting', 'sending')"),
        ),
        # Edits of one message are compared, so that an older one never undoes a newer one.
        Index(
            "ix_outbox_edit",
            "edit_of",
            "id",
            sqlite_where=text("edit_of IS NOT NULL"),
            postgresql_where=text("edit_of IS NOT NULL"),
        ),
        Index("ix_outbox_message", "workspace_id", "channel", "ts"),
        Index("ix_outbox_subject", "subject"),
        # What was sent in the last second and minute, for pacing.
        Index("ix_outbox_spent", "workspace_id", "method", "sent_at", "lane"),
        Index(
            "ix_outbox_payload",
            "created_at",
            sqlite_where=text("args IS NOT NULL"),
            postgresql_where=text("args IS NOT NULL"),
        ),
    )

    id: Mapped[RowId]
    workspace_id: Mapped[SlackId] = mapped_column(ForeignKey("workspace.id"))
    key: Mapped[Key]
    # Why it is sent, and what it is about ("conversation:12"): how a reply finds its way back.
    kind: Mapped[Word]
    subject: Mapped[str] = mapped_column(String(120), default="")
    # A Web API method, or "response_url".
    method: Mapped[str] = mapped_column(String(64))
    # A channel, or a user whose DM is opened on the way. Rows of one lane go in order, one at a time.
    to: Mapped[str] = mapped_column(String(512))
    lane: Mapped[str] = mapped_column(String(512))
    # Ledger keys: the message this one hangs below, and the message this one edits.
    thread_of: Mapped[str | None] = mapped_column(String(255))
    edit_of: Mapped[str | None] = mapped_column(String(255))
    args: Mapped[Mapping[str, object] | None] = mapped_column(JSON)
    # A picture to upload, emptied with the arguments.
    picture: Mapped[bytes | None]
    public_key: Mapped[str] = mapped_column(String(40))
    state: Mapped[Word] = mapped_column(default=OutboxState.WAITING)
    priority: Mapped[int] = mapped_column(default=5)
    attempts: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    # These three are on the machine's clock: back-off, leases and pacing.
    not_before: Mapped[datetime | None]
    lease_until: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    channel: Mapped[SlackId | None]
    ts: Mapped[str | None] = mapped_column(String(32))
    error: Mapped[str | None] = mapped_column(Text)


class DueState(StrEnum):
    """Waiting until due and claimed; skipped where lateness made it pointless."""

    WAITING = "waiting"
    DONE = "done"
    SKIPPED = "skipped"
    FAILED = "failed"


class Due(Base):
    """One occurrence of something to be done at a time, with a key of its own."""

    __tablename__ = "due"
    __table_args__ = (
        Index("uq_due_key", "key", unique=True),
        Index(
            "ix_due_waiting",
            "due_at",
            sqlite_where=text("state = 'waiting'"),
            postgresql_where=text("state = 'waiting'"),
        ),
    )

    id: Mapped[RowId]
    workspace_id: Mapped[SlackId] = mapped_column(ForeignKey("workspace.id"))
    key: Mapped[Key]
    kind: Mapped[Word]
    subject_id: Mapped[int] = mapped_column(BigId)
    due_at: Mapped[datetime]
    state: Mapped[Word] = mapped_column(default=DueState.WAITING)
    attempts: Mapped[int] = mapped_column(default=0)
    lease_until: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
    error: Mapped[str | None] = mapped_column(Text)


class Audit(Base):
    """Who did what to what, and when. Rows are only added."""

    __tablename__ = "audit"
    __table_args__ = (
        Index("ix_audit_initiative", "initiative_id", "id"),
        Index("ix_audit_workspace", "workspace_id", "id"),
    )

    id: Mapped[RowId]
    workspace_id: Mapped[SlackId] = mapped_column(ForeignKey("workspace.id"))
    initiative_id: Mapped[int | None] = mapped_column(BigId)
    at: Mapped[datetime]
    # A user id, or "slipway" for what the clock did.
    actor: Mapped[SlackId]
    action: Mapped[str] = mapped_column(String(64))
    subject: Mapped[str] = mapped_column(String(120), default="")
    details: Mapped[Mapping[str, object]] = mapped_column(JSON, default=dict)
