"""Which workspaces have installed the app, and attempts to install it that are under way.

Tokens come and go sealed; this module can't read them.
"""

from datetime import datetime
from typing import cast

from sqlalchemy import CursorResult, delete
from sqlalchemy.ext.asyncio import AsyncSession

from bot.store.models import InstallState, Workspace
from bot.store.upsert import insert_new, upsert


async def find_workspace(session: AsyncSession, workspace_id: str) -> Workspace | None:
    """The workspace, also when the app was removed from it."""
    return await session.get(Workspace, workspace_id)


async def keep_workspace(session: AsyncSession, workspace_id: str, **values: object) -> None:
    """Store what is known of a workspace that has the app, new or again."""
    await upsert(session, Workspace, [Workspace.id], id=workspace_id, removed_at=None, **values)


async def issue_state(session: AsyncSession, state: str, *, now: datetime, expires_at: datetime) -> None:
    """Keep an attempt to install; those that nobody finished go."""
    await session.execute(delete(InstallState).where(InstallState.expires_at <= now))
    await insert_new(session, InstallState, state=state, expires_at=expires_at)


async def consume_state(session: AsyncSession, state: str, *, now: datetime) -> bool:
    """Whether this attempt is under way; it is over with this call, also for a concurrent one."""
    used = await session.execute(
        delete(InstallState).where(InstallState.state == state, InstallState.expires_at > now)
    )
    return cast("CursorResult[object]", used).rowcount == 1
