"""Rounds, conversations and answers. Answers are only ever added: every revision stays."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from bot.store.base import Base, BigId, Key, RowId, SlackId, Word


class RoundState(StrEnum):
    """A round takes answers while open, and is counted once closed."""

    OPEN = "open"
    CLOSED = "closed"


class ConversationState(StrEnum):
    """Where one person's round stands.

    invited -> later -> open <-> paused -> finished; invited or open -> passed_on or left.
    """

    INVITED = "invited"
    LATER = "later"
    OPEN = "open"
    PAUSED = "paused"
    FINISHED = "finished"
    PASSED_ON = "passed_on"
    LEFT = "left"


class Said(StrEnum):
    """What one revision of an answer says.

    Skipped leaves the question for later; handed over asks a colleague instead; withdrawn takes an
    answer back. None of these three is an answer.
    """

    LEVEL = "level"
    DONT_KNOW = "dk"
    NOT_APPLICABLE = "na"
    SKIPPED = "skipped"
    HANDED_OVER = "handed_over"
    WITHDRAWN = "withdrawn"


class PlaybookText(Base):
    """A playbook as it was when it was used, so that old answers are scored by their own version."""

    __tablename__ = "playbook_text"

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    playbook_id: Mapped[str] = mapped_column(String(80))
    version: Mapped[str] = mapped_column(String(40))
    text: Mapped[str] = mapped_column(Text)


class Round(Base):
    """One pass of the diagnosis: 1 is blind, 2 comes after the groups have seen the differences."""

    __tablename__ = "round"
    __table_args__ = (UniqueConstraint("initiative_id", "number"),)

    id: Mapped[RowId]
    workspace_id: Mapped[SlackId] = mapped_column(ForeignKey("workspace.id"))
    initiative_id: Mapped[int] = mapped_column(BigId, ForeignKey("initiative.id"))
    number: Mapped[int]
    state: Mapped[Word] = mapped_column(default=RoundState.OPEN)
    playbook_sha256: Mapped[str] = mapped_column(ForeignKey("playbook_text.sha256"))
    # The profile the answers were weighed against; a later change makes a new assessment, not a new past.
    profile: Mapped[Mapping[str, str]]
    opened_at: Mapped[datetime]
    opened_by: Mapped[SlackId]
    answer_by: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[SlackId | None]
    # When owner and leads saw the assessment, and when the channel did.
    shown_at: Mapped[datetime | None]
    posted_at: Mapped[datetime | None]


class Conversation(Base):
    """One person, or one group together, answering one round in one thread."""

    __tablename__ = "conversation"
    __table_args__ = (
        Index("ix_conversation_round", "round_id", "state"),
        Index("ix_conversation_stakeholder", "stakeholder_id"),
    )

    id: Mapped[RowId]
    workspace_id: Mapped[SlackId] = mapped_column(ForeignKey("workspace.id"))
    initiative_id: Mapped[int] = mapped_column(BigId, ForeignKey("initiative.id"))
    round_id: Mapped[int] = mapped_column(BigId, ForeignKey("round.id"))
    # The person answering; for a group that answers together, its lead.
    stakeholder_id: Mapped[int] = mapped_column(BigId, ForeignKey("stakeholder.id"))
    group: Mapped[Word]
    # Everybody who may answer here, when the group answers together.
    together: Mapped[Sequence[str] | None] = mapped_column(JSON)
    state: Mapped[Word] = mapped_column(default=ConversationState.INVITED)
    # The questions in order, fixed when the round opens; handed-over ones are appended.
    criteria: Mapped[Sequence[str]] = mapped_column(JSON)
    # Ledger keys: the message the thread hangs on, and the card that shows the question.
    root_key: Mapped[Key]
    card_key: Mapped[str | None] = mapped_column(String(255))
    # Counts cards, so that each gets a key and block ids of its own.
    card_number: Mapped[int] = mapped_column(default=0)
    # The criterion on the card; null before the start and after the end.
    asking: Mapped[str | None] = mapped_column(String(80))
    # A word the next typed reply belongs to: a note, a reason, a restart to confirm.
    awaiting: Mapped[str | None] = mapped_column(String(120))
    followed_up: Mapped[Sequence[str]] = mapped_column(JSON, default=list)
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]


class Answer(Base):
    """One revision of one answer: never changed, only followed by a newer one.

    The current revision is the one Slack saw last (`said_ts`); a late copy of an older one changes
    nothing.
    """

    __tablename__ = "answer"
    __table_args__ = (
        Index(
            "uq_answer_current",
            "conversation_id",
            "criterion_id",
            unique=True,
            sqlite_where=text("is_current"),
            postgresql_where=text("is_current"),
        ),
        Index("ix_answer_round", "round_id", "is_current"),
        Index("ix_answer_message", "conversation_id", "message_ts"),
    )

    id: Mapped[RowId]
    round_id: Mapped[int] = mapped_column(BigId, ForeignKey("round.id"))
    conversation_id: Mapped[int] = mapped_column(BigId, ForeignKey("conversation.id"))
    criterion_id: Mapped[str] = mapped_column(String(80))
    said: Mapped[Word]
    level: Mapped[int | None]
    note: Mapped[str] = mapped_column(Text, default="")
    may_be_quoted: Mapped[bool] = mapped_column(default=False)
    link: Mapped[str] = mapped_column(Text, default="")
    # Why an answer changed in round 2, or why a question does not apply.
    reason: Mapped[str] = mapped_column(Text, default="")
    said_by: Mapped[SlackId]
    # A lead recorded it for somebody without Slack.
    told_to: Mapped[bool] = mapped_column(default=False)
    # Slack's own order of things, as "seconds.microseconds".
    said_ts: Mapped[str] = mapped_column(String(32))
    # The typed message behind it, so that editing or deleting that message finds it.
    message_ts: Mapped[str | None] = mapped_column(String(32))
    said_at: Mapped[datetime]
    is_current: Mapped[bool] = mapped_column(default=True)


class NotApplicable(Base):
    """The facilitator's word that a criterion does not apply, where its authority group says so."""

    __tablename__ = "not_applicable"
    __table_args__ = (UniqueConstraint("initiative_id", "criterion_id"),)

    id: Mapped[RowId]
    initiative_id: Mapped[int] = mapped_column(BigId, ForeignKey("initiative.id"))
    criterion_id: Mapped[str] = mapped_column(String(80))
    reason: Mapped[str] = mapped_column(Text)
    confirmed_by: Mapped[SlackId]
    confirmed_at: Mapped[datetime]


class Correction(Base):
    """A fact somebody said is wrong in an assessment, before or after the channel saw it."""

    __tablename__ = "correction"
    __table_args__ = (Index("ix_correction_round", "round_id"),)

    id: Mapped[RowId]
    round_id: Mapped[int] = mapped_column(BigId, ForeignKey("round.id"))
    user_id: Mapped[SlackId]
    text: Mapped[str] = mapped_column(Text)
    raised_at: Mapped[datetime]
