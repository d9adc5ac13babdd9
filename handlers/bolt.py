"""Bolt in front of our own routing: one listener per kind of payload, and an answer to everything.

Builds the app; knows nothing of what any payload means.
"""

import os
import re
import traceback
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager

import structlog
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.async_context import AsyncBoltContext
from slack_bolt.error import BoltUnhandledRequestError
from slack_bolt.response import BoltResponse
from slack_sdk.errors import SlackApiError

from bot.views import notices
from handlers.entrance import DATABASE_TROUBLE, Entrance
from handlers.faults import word_of
from handlers.front import Front
from handlers.incoming import (
    Malformed,
    Payload,
    Request,
    read_click,
    read_command,
    read_event,
    read_shortcut,
    read_submission,
)
from handlers.metrics import Metrics
from handlers.reception import REACHED, UNREADABLE, kind_of
from handlers.workspaces import SlackApi, Workspaces

Handler = Callable[[AsyncAck, Payload], Awaitable[None]]
Reader = Callable[[Payload], Request | None]

EVERYTHING = re.compile(".*", re.DOTALL)

NOT_INSTALLED = (
    "Slipway isn't installed in this workspace, or was removed from it. Ask whoever looks after your Slack "
    "apps to install it again; nothing that was answered is lost."
)
WENT_WRONG = (
    "Something went wrong on my side and nothing was changed. Please try again; if it happens twice, tell "
    "whoever runs Slipway here, the log says what broke."
)

# Longest identifiers and keys that the database has room for.
_LONGEST_ID = 32
_LONGEST_KEY = 255
_ID_FIELDS = ("channel_id", "ts", "message_ts", "thread_ts")
# They arrive after the app is gone, and must still be heard.
_FAREWELLS = ("app_uninstalled", "tokens_revoked")

log = structlog.get_logger(__name__)


def build_bolt(
    slack: SlackApi, workspaces: Workspaces, entrance: Entrance, front: Front, metrics: Metrics
) -> AsyncApp:
    """The app with all its listeners. Requests are verified before they come here."""
    desk = Listeners(entrance, workspaces, front, metrics)

    # A function of its own: here, and only here, Bolt takes a method's `self` for an argument it lacks.
    async def authorize(
        enterprise_id: str | None, team_id: str | None, user_id: str | None
    ) -> AuthorizeResult:
        return await workspaces.authorize(enterprise_id, team_id, user_id)

    with _without_bolts_own_settings():
        app = AsyncApp(
            name="slipway",
            client=slack.client(),
            authorize=authorize,
            process_before_response=True,
            request_verification_enabled=False,
            raise_error_for_unhandled_request=True,
            before_authorize=desk.before_all,
            attaching_function_token_enabled=False,
            attaching_conversation_kwargs_enabled=False,
        )
    app.event(EVERYTHING)(desk.listener(read_event, entrance.event))
    app.action(EVERYTHING)(desk.listener(read_click, entrance.click))
    app.view_submission(EVERYTHING)(desk.listener(read_submission, entrance.submission))
    app.command(EVERYTHING)(desk.listener(read_command, entrance.command))
    app.view_closed(EVERYTHING)(desk.listener(read_submission, entrance.closed))
    app.shortcut(EVERYTHING)(desk.listener(read_shortcut, entrance.shortcut))
    app.options(EVERYTHING)(desk.no_options)
    app.error(desk.failed)
    return app


@contextmanager
def _without_bolts_own_settings() -> Iterator[None]:
    """Bolt reads the environment on its own and would build an installer and warn about our token."""
    names = ("SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET", "SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET")
    hidden = {name: os.environ.pop(name) for name in names if name in os.environ}
    try:
        yield
    finally:
        os.environ.update(hidden)


class Listeners:
    """What Bolt calls."""

    def __init__(self, entrance: Entrance, workspaces: Workspaces, front: Front, metrics: Metrics) -> None:
        self._entrance = entrance
        self._workspaces = workspaces
        self._front = front
        self._metrics = metrics

    async def before_all(
        self,
        body: Payload,
        next: Callable[[], Awaitable[None]],
    ) -> BoltResponse | None:
        """Answer Slack's notice that it holds events back: it is no event, and nobody else would."""
        if body.get("type") == "app_rate_limited":
            self._metrics.rate_limited.inc()
            log.warning(
                "Slack holds events back", team=body.get("team_id"), minute=body.get("minute_rate_limited")
            )
            return BoltResponse(status=200, body="")
        await next()
        return None

    def listener(self, read: Reader, handle: Handler) -> Callable[..., Awaitable[None]]:
        """A listener that lets in what one of our workspaces sent."""

        async def listen(ack: AsyncAck, body: Payload, context: AsyncBoltContext) -> None:
            context[REACHED] = True
            try:
                request = read(body)
            except Malformed:
                request = None
            if request is None:
                self._metrics.unhandled.labels(kind_of(body)).inc()
                await ack()
            elif not _has_room_for(request):
                self._metrics.unhandled.labels("malformed").inc()
                await ack()
            elif not await self._is_ours(request):
                self._metrics.unhandled.labels("not_installed").inc()
                await ack(dict(_turned_away(kind_of(body), NOT_INSTALLED)) or "")
            else:
                await handle(ack, body)
                self._note_farewell(request)

        return listen

    async def no_options(self, ack: AsyncAck) -> None:
        """None of our selects asks for options; an old or foreign one gets none."""
        await ack(options=[])

    async def failed(self, error: Exception, body: Payload, context: AsyncBoltContext) -> BoltResponse:
        """Answer what failed: events are sent again by Slack, people read a sentence."""
        if isinstance(error, BoltUnhandledRequestError):
            self._metrics.unhandled.labels(kind_of(body)).inc()
            return BoltResponse(status=200, body="")
        kind = kind_of(body)
        if isinstance(error, UNREADABLE) and not context.get(REACHED):
            self._metrics.unhandled.labels("malformed").inc()
            return BoltResponse(status=400, body="malformed")
        log.error(
            "payload failed",
            kind=kind,
            error=type(error).__name__,
            slack=word_of(error) if isinstance(error, SlackApiError) else None,
            # Without the error's own words, which may quote somebody.
            trace="".join(traceback.format_tb(error.__traceback__)),
        )
        if kind == "event":
            return BoltResponse(status=500, body="")
        words = notices.NOT_SAVED if isinstance(error, DATABASE_TROUBLE) else WENT_WRONG
        await self._say_below(kind, body, words)
        return BoltResponse(status=200, body=dict(_turned_away(kind, words)) or "")

    async def _say_below(self, kind: str, body: Payload, words: str) -> None:
        """Clicks and shortcuts can't be answered in the ack."""
        url = body.get("response_url")
        if kind in ("click", "shortcut") and isinstance(url, str) and url:
            await self._front.say_at_once(url, words)

    async def _is_ours(self, request: Request) -> bool:
        workspace_id = request.actor.workspace_id
        if getattr(request, "kind", "") in _FAREWELLS:
            return await self._workspaces.is_known(workspace_id)
        return await self._workspaces.identity(workspace_id) is not None

    def _note_farewell(self, request: Request) -> None:
        if getattr(request, "kind", "") in _FAREWELLS:
            self._workspaces.forget(request.actor.workspace_id)


def _turned_away(kind: str, text: str) -> Mapping[str, object]:
    """The sentence in the form this kind of payload can be answered with; empty where it can't."""
    if kind == "command":
        return {"response_type": "ephemeral", "text": text}
    if kind == "submission":
        return {"response_action": "update", "view": notices.in_modal(notices.SORRY, text).to_dict()}
    return {}


def _has_room_for(request: Request) -> bool:
    actor = request.actor
    ids = [actor.workspace_id, actor.user_id, actor.team_id]
    ids += [getattr(request, name, "") for name in _ID_FIELDS]
    return len(request.key) <= _LONGEST_KEY and all(len(one) <= _LONGEST_ID for one in ids)
