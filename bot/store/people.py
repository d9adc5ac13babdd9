"""Workspaces and the people in them, as Slack last described them.

Tokens are kept encrypted by whoever writes them; this module only stores text.
"""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from bot.store.base import Base, Key, SlackId


class Workspace(Base):
    """A Slack workspace that has installed Slipway; everything else belongs to one."""

    __tablename__ = "workspace"

    id: Mapped[SlackId] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(255), default="")
    enterprise_id: Mapped[SlackId | None]
    app_id: Mapped[SlackId | None]
    bot_id: Mapped[SlackId | None]
    bot_user_id: Mapped[SlackId | None]
    # Null where the token comes from the environment.
    sealed_bot_token: Mapped[str | None] = mapped_column(Text)
    scopes: Mapped[str] = mapped_column(Text, default="")
    installed_by: Mapped[SlackId | None]
    installed_at: Mapped[datetime | None]
    removed_at: Mapped[datetime | None]


class InstallState(Base):
    """One attempt to install through the browser, good for a few minutes and one use."""

    __tablename__ = "install_state"

    state: Mapped[Key] = mapped_column(primary_key=True)
    expires_at: Mapped[datetime]


class Person(Base):
    """What Slack says about one person; refreshed when it is older than a day."""

    __tablename__ = "person"

    workspace_id: Mapped[SlackId] = mapped_column(ForeignKey("workspace.id"), primary_key=True)
    user_id: Mapped[SlackId] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(255), default="")
    zone: Mapped[str] = mapped_column(String(64), default="UTC")
    is_admin: Mapped[bool] = mapped_column(default=False)
    is_guest: Mapped[bool] = mapped_column(default=False)
    is_external: Mapped[bool] = mapped_column(default=False)
    is_bot: Mapped[bool] = mapped_column(default=False)
    is_deactivated: Mapped[bool] = mapped_column(default=False)
    dm_channel: Mapped[SlackId | None]
    # Null while Slack could not be asked yet.
    read_at: Mapped[datetime | None]
