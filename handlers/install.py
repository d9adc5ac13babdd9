"""Workspaces install the app through the browser: Bolt's OAuth flow over our own tables.

Tokens are sealed before they reach the database; an attempt to install is a row that counts once.
"""

import secrets
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from logging import Logger, getLogger
from urllib.parse import urljoin

from slack_bolt.error import BoltError
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_bolt.oauth.async_oauth_settings import AsyncOAuthSettings
from slack_sdk.oauth.installation_store import Installation
from slack_sdk.oauth.installation_store.async_installation_store import AsyncInstallationStore
from slack_sdk.oauth.state_store.async_state_store import AsyncOAuthStateStore
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from bot.store.installations import consume_state, issue_state, keep_workspace
from bot.time import machine_now
from bot.vault import Vault
from handlers.workspaces import SlackApi

INSTALL_PATH = "/slack/install"
REDIRECT_PATH = "/slack/oauth_redirect"
STATE_LIVES = timedelta(minutes=10)

_logger = getLogger("slack_bolt.oauth")


class WorkspaceRows(AsyncInstallationStore):
    """Bolt's installation store over our workspaces; finding them is `Workspaces`' work."""

    def __init__(
        self,
        sessions: async_sessionmaker[AsyncSession],
        vault: Vault,
        installed: Callable[[str], None],
    ) -> None:
        """`installed` is told the id of each workspace whose row was written."""
        self._sessions = sessions
        self._vault = vault
        self._installed = installed

    @property
    def logger(self) -> Logger:
        """Bolt's own."""
        return _logger

    async def async_save(self, installation: Installation) -> None:
        """Keep a workspace that installed the app, again or for the first time.

        Raises BoltError for organisation-wide installations, which name no workspace.
        """
        if installation.team_id is None or not installation.bot_token:
            raise BoltError("Slipway is installed in one workspace at a time")
        async with self._sessions.begin() as session:
            await keep_workspace(
                session,
                installation.team_id,
                name=(installation.team_name or "")[:255],
                enterprise_id=installation.enterprise_id,
                app_id=installation.app_id,
                bot_id=installation.bot_id,
                bot_user_id=installation.bot_user_id,
                sealed_bot_token=self._vault.seal(installation.bot_token),
                scopes=",".join(installation.bot_scopes or ()),
                installed_by=installation.user_id,
                installed_at=_installed_at(installation),
            )
        self._installed(installation.team_id)


def _installed_at(installation: Installation) -> datetime:
    return datetime.fromtimestamp(installation.installed_at, tz=machine_now().tzinfo)


class InstallStates(AsyncOAuthStateStore):
    """Attempts to install, in the database: any replica may finish what another began."""

    def __init__(self, sessions: async_sessionmaker[AsyncSession]) -> None:
        self._sessions = sessions

    @property
    def logger(self) -> Logger:
        """Bolt's own."""
        return _logger

    async def async_issue(self, *_args: object, **_kwargs: object) -> str:
        """A new attempt."""
        state, now = secrets.token_urlsafe(32), machine_now()
        async with self._sessions.begin() as session:
            await issue_state(session, state, now=now, expires_at=now + STATE_LIVES)
        return state

    async def async_consume(self, state: str) -> bool:
        """Whether the attempt is under way; it counts once."""
        async with self._sessions.begin() as session:
            return await consume_state(session, state[:255], now=machine_now())


def install_flow(
    slack: SlackApi,
    *,
    client_id: str,
    client_secret: str,
    scopes: Sequence[str],
    installations: WorkspaceRows,
    states: InstallStates,
) -> AsyncOAuthFlow:
    """The flow behind `/slack/install` and `/slack/oauth_redirect`."""
    settings = AsyncOAuthSettings(
        client_id=client_id,
        client_secret=client_secret,
        scopes=scopes,
        user_scopes=[],
        install_path=INSTALL_PATH,
        redirect_uri_path=REDIRECT_PATH,
        # Straight on to Slack, whose page says what is asked for.
        install_page_rendering_enabled=False,
        authorization_url=urljoin(slack.base_url, "../oauth/v2/authorize"),
        installation_store=installations,
        state_store=states,
        logger=_logger,
    )
    return AsyncOAuthFlow(client=slack.client(), logger=_logger, settings=settings)
