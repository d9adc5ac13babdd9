"""Who we are in each workspace, and the clients that speak to it.

One shared HTTP session, no retries of the SDK's own (the outbox repeats, nothing else does), and one
look-up per workspace and minute instead of one `auth.test` per request.
"""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

import aiohttp
import structlog
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from bot.post.errors import WorkspaceGoneError
from bot.store.installations import find_workspace, keep_workspace
from bot.vault import BrokenSealError, Vault

# Seconds. Below the outbox's lease, so that no call outlives its claim.
CALL_WITHIN = 10
# How long another replica's uninstall may go unnoticed here.
REMEMBERED = 60.0
_LOOK_WITHIN = 0.8
_MOST_REMEMBERED = 10_000

log = structlog.get_logger(__name__)


class SlackApi:
    """Builds Web API clients for one server."""

    def __init__(self, base_url: str, session: aiohttp.ClientSession) -> None:
        self.base_url = base_url
        self.session = session

    @property
    def is_local(self) -> bool:
        """Whether the server is this machine: then no proxy stands between."""
        return urlsplit(self.base_url).hostname in ("127.0.0.1", "::1", "localhost")

    def client(self, token: str | None = None) -> AsyncWebClient:
        """A client with this token, or without one."""
        client = AsyncWebClient(
            token=token,
            base_url=self.base_url,
            session=self.session,
            timeout=CALL_WITHIN,
            retry_handlers=[],
        )
        if self.is_local:
            client.proxy = None
        return client


@dataclass(frozen=True)
class Identity:
    """Who the bot is in one workspace."""

    workspace_id: str
    enterprise_id: str | None
    bot_id: str | None
    bot_user_id: str | None
    token: str


@dataclass(frozen=True)
class _Remembered:
    is_known: bool
    identity: Identity | None
    until: float


class Workspaces:
    """Looks up workspaces, from the environment's token and from the database."""

    def __init__(
        self, sessions: async_sessionmaker[AsyncSession], slack: SlackApi, vault: Vault | None
    ) -> None:
        """`vault` opens the tokens of workspaces that installed by OAuth; None where none can."""
        self._sessions = sessions
        self._slack = slack
        self._vault = vault
        self._own: Identity | None = None
        self._remembered: dict[str, _Remembered] = {}
        self._clients: dict[str, AsyncWebClient] = {}

    async def sign_in(self, token: str, *, now: datetime) -> Identity:
        """Ask Slack whose token the environment's is, and keep that workspace.

        Raises SlackApiError where Slack refuses it, aiohttp's errors where Slack can't be reached.
        """
        answer = await self._slack.client(token).auth_test()
        headers: Mapping[str, str] = answer.headers
        own = Identity(
            answer["team_id"], answer.get("enterprise_id"), answer.get("bot_id"), answer["user_id"], token
        )
        async with self._sessions.begin() as session:
            await keep_workspace(
                session,
                own.workspace_id,
                name=str(answer.get("team") or "")[:255],
                enterprise_id=own.enterprise_id,
                bot_id=own.bot_id,
                bot_user_id=own.bot_user_id,
                scopes=headers.get("x-oauth-scopes") or "",
                installed_at=now,
            )
        self._own = own
        self.forget(own.workspace_id)
        return own

    async def identity(self, workspace_id: str) -> Identity | None:
        """Who we are there; None where the app is not installed, or no longer."""
        return (await self._look_up(workspace_id)).identity

    async def is_known(self, workspace_id: str) -> bool:
        """Whether the app is or was installed there."""
        return (await self._look_up(workspace_id)).is_known

    async def client_for(self, workspace_id: str) -> AsyncWebClient:
        """The workspace's own client. Raises WorkspaceGoneError where the app is not installed."""
        identity = await self.identity(workspace_id)
        if identity is None:
            raise WorkspaceGoneError(workspace_id)
        if identity.token not in self._clients:
            self._clients[identity.token] = self._slack.client(identity.token)
        return self._clients[identity.token]

    async def authorize(
        self, enterprise_id: str | None, team_id: str | None, user_id: str | None
    ) -> AuthorizeResult:
        """Bolt's question. A workspace that is not ours gets no token; the listeners turn it away."""
        identity = await self.identity(team_id) if isinstance(team_id, str) else None
        return AuthorizeResult(
            enterprise_id=enterprise_id,
            team_id=team_id,
            user_id=user_id,
            bot_id=identity.bot_id if identity else None,
            bot_user_id=identity.bot_user_id if identity else None,
            bot_token=identity.token if identity else None,
        )

    def forget(self, workspace_id: str) -> None:
        """Look the workspace up anew next time: it was installed or removed."""
        self._remembered.pop(workspace_id, None)

    async def _look_up(self, workspace_id: str) -> _Remembered:
        found = self._remembered.get(workspace_id)
        if found is None or found.until < time.monotonic():
            found = await self._read_anew(workspace_id, found)
            if len(self._remembered) >= _MOST_REMEMBERED:
                self._remembered.clear()
            self._remembered[workspace_id] = found
        return found

    async def _read_anew(self, workspace_id: str, known: _Remembered | None) -> _Remembered:
        """Read the row; what was known stands while the database does not answer."""
        try:
            async with asyncio.timeout(_LOOK_WITHIN):
                return await self._read(workspace_id)
        except (DBAPIError, PoolTimeout, TimeoutError):
            if known is None:
                raise
            return known

    async def _read(self, workspace_id: str) -> _Remembered:
        until = time.monotonic() + REMEMBERED
        async with self._sessions() as session:
            row = await find_workspace(session, workspace_id)
        if row is None or row.removed_at is not None:
            return _Remembered(row is not None, None, until)
        if self._own is not None and self._own.workspace_id == workspace_id:
            return _Remembered(True, self._own, until)
        token = self._unsealed(row.sealed_bot_token, workspace_id)
        if not token:
            return _Remembered(True, None, until)
        return _Remembered(
            True, Identity(workspace_id, row.enterprise_id, row.bot_id, row.bot_user_id, token), until
        )

    def _unsealed(self, sealed: str | None, workspace_id: str) -> str:
        if not sealed or self._vault is None:
            return ""
        try:
            return self._vault.unseal(sealed)
        except BrokenSealError as broken:
            log.warning("workspace has no usable token", workspace=workspace_id, why=str(broken))
            return ""
