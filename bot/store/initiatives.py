"""Initiatives, the people who carry them and the roles they were asked to take."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from bot.store.base import Base, BigId, RowId, SlackId, Word


class Stage(StrEnum):
    """What is brought in: a pilot that stalled, or an idea to check before a pilot."""

    STALLED_PILOT = "stalled_pilot"
    IDEA = "idea"


class InitiativeState(StrEnum):
    """A draft is still being described; a closed initiative can be reopened."""

    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"


class RoleKind(StrEnum):
    """Roles that are asked for, and carried only once accepted."""

    OWNER = "owner"
    SPONSOR = "sponsor"
    LEAD = "lead"


class RoleState(StrEnum):
    """Asked until answered; replaced when somebody else was named."""

    ASKED = "asked"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    REPLACED = "replaced"


class Initiative(Base):
    """One pilot on its way to production: the root of everything."""

    __tablename__ = "initiative"
    __table_args__ = (
        # Two people can't make the same initiative twice; a closed one frees its name.
        Index(
            "uq_initiative_live_name",
            "workspace_id",
            "name_key",
            unique=True,
            sqlite_where=text("state <> 'closed' AND name_key IS NOT NULL"),
            postgresql_where=text("state <> 'closed' AND name_key IS NOT NULL"),
        ),
        Index("ix_initiative_home", "workspace_id", "home_channel_id"),
        Index("ix_initiative_facilitator", "workspace_id", "facilitator_id"),
    )

    id: Mapped[RowId]
    workspace_id: Mapped[SlackId] = mapped_column(ForeignKey("workspace.id"))
    stage: Mapped[Word] = mapped_column(default=Stage.STALLED_PILOT)
    state: Mapped[Word] = mapped_column(default=InitiativeState.DRAFT)
    name: Mapped[str | None] = mapped_column(String(80))
    name_key: Mapped[str | None] = mapped_column(String(80))
    facilitator_id: Mapped[SlackId]
    owner_id: Mapped[SlackId | None]
    sponsor_id: Mapped[SlackId | None]
    home_channel_id: Mapped[SlackId | None]
    zone: Mapped[str] = mapped_column(String(64), default="UTC")
    # What the intake's pages collected; typed by bot.desk.intake.
    pilot: Mapped[Mapping[str, object] | None]
    outcome: Mapped[Mapping[str, object] | None]
    profile: Mapped[Mapping[str, str] | None]
    created_by: Mapped[SlackId]
    created_at: Mapped[datetime]
    opened_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]


class Stakeholder(Base):
    """A person in one group of an initiative. Someone without Slack has a name and no user id."""

    __tablename__ = "stakeholder"
    __table_args__ = (
        # One group per person.
        Index(
            "uq_stakeholder_person",
            "initiative_id",
            "user_id",
            unique=True,
            sqlite_where=text("left_at IS NULL AND user_id IS NOT NULL"),
            postgresql_where=text("left_at IS NULL AND user_id IS NOT NULL"),
        ),
        Index("ix_stakeholder_user", "workspace_id", "user_id"),
    )

    id: Mapped[RowId]
    workspace_id: Mapped[SlackId] = mapped_column(ForeignKey("workspace.id"))
    initiative_id: Mapped[int] = mapped_column(BigId, ForeignKey("initiative.id"))
    user_id: Mapped[SlackId | None]
    name: Mapped[str | None] = mapped_column(String(255))
    # The lead who records what somebody without Slack says.
    recorded_by: Mapped[SlackId | None]
    group: Mapped[Word]
    is_lead: Mapped[bool] = mapped_column(default=False)
    is_daily_user: Mapped[bool] = mapped_column(default=False)
    # Days the lead's group has in weeks 5-8; asked when the lead accepts.
    capacity_days: Mapped[int | None]
    # The lead agreed that the profile describes production.
    profile_confirmed_at: Mapped[datetime | None]
    added_at: Mapped[datetime]
    left_at: Mapped[datetime | None]


class Role(Base):
    """A role one person was asked to take, and what they said."""

    __tablename__ = "role"
    __table_args__ = (
        Index("ix_role_initiative", "initiative_id", "state"),
        Index("ix_role_user", "workspace_id", "user_id"),
    )

    id: Mapped[RowId]
    workspace_id: Mapped[SlackId] = mapped_column(ForeignKey("workspace.id"))
    initiative_id: Mapped[int] = mapped_column(BigId, ForeignKey("initiative.id"))
    kind: Mapped[Word]
    # Set for leads.
    group: Mapped[Word | None]
    user_id: Mapped[SlackId]
    state: Mapped[Word] = mapped_column(default=RoleState.ASKED)
    # Ledger key of the message that asks.
    ask_key: Mapped[str | None] = mapped_column(String(255))
    suggested_id: Mapped[SlackId | None]
    asked_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]


class ProfileDispute(Base):
    """A lead's different view of one profile factor, until the facilitator settles it."""

    __tablename__ = "profile_dispute"
    __table_args__ = (Index("ix_profile_dispute_initiative", "initiative_id", "settled_at"),)

    id: Mapped[RowId]
    initiative_id: Mapped[int] = mapped_column(BigId, ForeignKey("initiative.id"))
    user_id: Mapped[SlackId]
    factor: Mapped[Word]
    value: Mapped[Word]
    because: Mapped[str] = mapped_column(String(1000), default="")
    raised_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
