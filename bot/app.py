"""The composition root: builds every part from plain settings, starts them in order, stops them in order.

Nothing else reads settings or knows all the parts.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager

import aiohttp
import httpx
import structlog
import yaml
from pydantic import TypeAdapter
from slack_bolt.async_app import AsyncApp
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_sdk.errors import SlackApiError
from sqlalchemy.ext.asyncio import AsyncSession

from bot.charts.painter import Painter
from bot.charts.picture import Picture
from bot.clock.housekeeping import Keep
from bot.clock.ticker import DueHandler, Ticker
from bot.desk.playbooks import Playbooks
from bot.desk.work import House, Work
from bot.playbook.load import PlaybookError, load_playbook
from bot.playbook.model import Playbook
from bot.post.pacing import Pacing
from bot.post.pump import Pump
from bot.resources import resource
from bot.settings import Settings, SettingsFault
from bot.store.engine import Database
from bot.store.migrate import migrate, require_current
from bot.store.models import Due
from bot.time import Clock, FollowedClock, MachineClock
from bot.vault import Vault
from handlers import tables
from handlers.bolt import build_bolt
from handlers.entrance import Entrance
from handlers.faults import word_of
from handlers.front import Front
from handlers.health import Health
from handlers.http import RequestUrl, build_http
from handlers.install import InstallStates, WorkspaceRows, install_flow
from handlers.metrics import InFlight, Metrics
from handlers.reception import Reception
from handlers.router import Router
from handlers.socket import SocketLine
from handlers.web import WebServer
from handlers.workspaces import SlackApi, Workspaces

# Seconds a stop waits for what is being worked on: Slack has given up on it by then.
FINISH_WITHIN = 8.0
_FIRST_WAIT, _LONGEST_WAIT = 1.0, 30.0

# What Slack says of a token that will never work.
_BAD_TOKEN = frozenset(
    {
        "account_inactive",
        "invalid_auth",
        "not_allowed_token_type",
        "not_authed",
        "token_expired",
        "token_revoked",
    }
)

# Worth another try: somebody else is not up yet.
UNREACHABLE = (SlackApiError, aiohttp.ClientError, httpx.HTTPError, TimeoutError)

log = structlog.get_logger(__name__)


class CantStart(Exception):
    """What keeps the bot from starting, in one line: which setting, why, and what to do."""


def prepare(settings: Settings) -> None:
    """Check what can be checked before anything runs, and bring the database to this version's schema.

    Raises SettingsFault; OldSchemaError or UnreachableDatabaseError from the store.
    """
    settings.check_can_run()
    playbook_of(settings)
    if settings.auto_migrate:
        migrate(settings.database_url)
    else:
        require_current(settings.database_url)


def playbook_of(settings: Settings) -> Playbook:
    """The playbook in force. Raises SettingsFault with the first fault of an own file."""
    try:
        return load_playbook(settings.playbook)
    except PlaybookError as error:
        more = len(error.faults) - 1
        rest = f" ({more} more; `slipway playbook check {settings.playbook}` lists them)" if more else ""
        raise SettingsFault(f"PLAYBOOK {settings.playbook} is not valid: {error.faults[0]}{rest}") from None


class Application:
    """A running bot. Build it inside the event loop; `start`, then `stop` once."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._metrics = Metrics()
        self._in_flight = InFlight()
        self._is_open = False
        self._database = Database(settings.database_url)
        self._clock: Clock = FollowedClock(settings.clock_url) if settings.clock_url else MachineClock()
        self._session = aiohttp.ClientSession(
            timeout=aiohttp.ClientTimeout(total=10), cookie_jar=aiohttp.DummyCookieJar()
        )
        self._slack = SlackApi(settings.slack_api_base_url, self._session)
        self._painter = Painter()
        vault = Vault(settings.token_keys) if settings.token_keys else None
        self._workspaces = Workspaces(self._database.sessions, self._slack, vault)
        self._pump = Pump(
            self._database,
            self._workspaces.client_for,
            self._session,
            Pacing(settings.post_per_channel_per_second, settings.post_per_minute),
            self._clock,
            draw=self._draw,
        )
        house = self._house()
        self._ticker = Ticker(
            self._database,
            self._clock,
            due_handlers(house),
            self._pump.wake,
            keep=Keep(settings.payload_keep_days, settings.inbox_keep_days),
        )
        self._reception = Reception(self._bolt(house), self._metrics)
        self._line = self._socket_line()
        self._health = Health(self._database.sessions, self._clock, self._in_flight, self._looks())
        self._web = WebServer(
            build_http(
                self._health, self._metrics, request_url=self._request_url(), flow=self._install_flow(vault)
            ),
            settings.http_host,
            settings.http_port,
            finish_within=FINISH_WITHIN,
        )

    @property
    def address(self) -> str:
        """Where the HTTP server listens, once started."""
        return self._web.address

    async def start(self) -> None:
        """Start every part and connect to Slack, waiting for it as long as it takes.

        Raises CantStart, with everything stopped again.
        """
        try:
            await self._start()
        except BaseException:
            await self.stop()
            raise

    async def _start(self) -> None:
        await self._web.start()
        if isinstance(self._clock, FollowedClock):
            await _patiently(self._clock.start, "the clock at CLOCK_URL")
        await self._sign_in()
        self._pump.start()
        self._ticker.start()
        if self._line is not None:
            await _patiently(self._connect, "Slack")
        self._is_open = True
        log.info("Slipway is ready", mode=self._settings.mode, address=self.address)

    async def stop(self) -> None:
        """Take nothing more, finish what is under way, close everything."""
        self._is_open = False
        if self._line is not None:
            self._line.stop_taking()
        await self._web.stop()
        if not await self._in_flight.finished(FINISH_WITHIN):
            log.warning("stopped before everything was answered", left=self._in_flight.count)
        if self._line is not None:
            await self._line.stop()
        await self._ticker.stop()
        await self._pump.stop()
        if isinstance(self._clock, FollowedClock):
            await self._clock.stop()
        await self._painter.close()
        await self._session.close()
        await self._database.close()

    async def _sign_in(self) -> None:
        token = self._settings.slack_bot_token
        if token is None:
            return
        secret = token.get_secret_value()

        async def sign_in() -> None:
            with _refusal_of("SLACK_BOT_TOKEN", "Install App"):
                await self._workspaces.sign_in(secret, now=self._clock.now())

        await _patiently(sign_in, "Slack")

    async def _connect(self) -> None:
        if self._line is not None:
            with _refusal_of("SLACK_APP_TOKEN", "Basic Information, App-Level Tokens"):
                await self._line.start()

    async def _draw(self, drawing: object) -> bytes:
        return await self._painter.draw(TypeAdapter(Picture).validate_python(drawing))

    def _house(self) -> House:
        return House(
            self._database.sessions,
            self._clock,
            Playbooks(playbook_of(self._settings)),
            self._settings.new_allowed_for,
            self._pump.wake,
        )

    def _bolt(self, house: House) -> AsyncApp:
        front = Front(self._workspaces.client_for)
        router = Router(tables.ROUTES, unknown_click=tables.UNKNOWN_CLICK)
        entrance = Entrance(house, front, router)
        return build_bolt(self._slack, self._workspaces, entrance, front, self._metrics)

    def _socket_line(self) -> SocketLine | None:
        token = self._settings.slack_app_token
        if self._settings.mode != "socket" or token is None:
            return None
        return SocketLine(self._slack, token.get_secret_value(), self._reception, self._in_flight)

    def _request_url(self) -> RequestUrl | None:
        secret = self._settings.slack_signing_secret
        if self._settings.mode != "http" or secret is None:
            return None
        return RequestUrl(
            self._reception, secret.get_secret_value(), self._in_flight, self._metrics, lambda: self._is_open
        )

    def _install_flow(self, vault: Vault | None) -> AsyncOAuthFlow | None:
        client_id, secret = self._settings.slack_client_id, self._settings.slack_client_secret
        if client_id is None or secret is None or vault is None:
            return None
        sessions = self._database.sessions
        return install_flow(
            self._slack,
            client_id=client_id,
            client_secret=secret.get_secret_value(),
            scopes=bot_scopes(),
            installations=WorkspaceRows(sessions, vault, self._workspaces.forget),
            states=InstallStates(sessions),
        )

    def _looks(self) -> Mapping[str, Callable[[], bool]]:
        looks: dict[str, Callable[[], bool]] = {
            "started": lambda: self._is_open,
            "pump": lambda: self._pump.is_running,
            "ticker": lambda: self._ticker.is_running,
        }
        line = self._line
        if line is not None:
            looks["socket"] = lambda: line.is_connected
        return looks


def due_handlers(house: House) -> Mapping[str, DueHandler]:
    """What the clock does when something is due: each in the transaction that claims it."""

    def in_house(do: Callable[[Work, Due], Awaitable[None]]) -> DueHandler:
        async def handle(session: AsyncSession, due: Due) -> None:
            await do(house.work_in(session, due.workspace_id), due)

        return handle

    return {kind: in_house(do) for kind, do in tables.DUE.items()}


def bot_scopes() -> Sequence[str]:
    """The scopes the manifest asks for."""
    manifest = yaml.safe_load(resource("manifest.yml").read_text(encoding="utf-8"))
    scopes: list[str] = manifest["oauth_config"]["scopes"]["bot"]
    return scopes


async def _patiently(connect: Callable[[], Awaitable[None]], whom: str) -> None:
    """Try until it works, waiting longer each time."""
    wait = _FIRST_WAIT
    while True:
        try:
            return await connect()
        except UNREACHABLE as error:
            log.warning(f"{whom} can't be reached, trying again", error=type(error).__name__, seconds=wait)
        await asyncio.sleep(wait)
        wait = min(wait * 2, _LONGEST_WAIT)


@contextmanager
def _refusal_of(setting: str, page: str) -> Iterator[None]:
    """Turn Slack's refusal of a token into the line that says what to mend."""
    try:
        yield
    except SlackApiError as error:
        word = word_of(error)
        if word in _BAD_TOKEN:
            raise CantStart(
                f"{setting} is refused by Slack ({word}): copy it again from your app's page, {page}."
            ) from None
        raise
