"""The one way in: every payload is read, routed, done in one transaction, and acked last.

Bolt hands over here; the routing tables say who answers. What a person did wrong comes back to
where they acted; what the database could not take is said as "not saved, try again", and for events
left to Slack to send again.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import structlog
from slack_bolt.context.ack.async_ack import AsyncAck
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from bot.desk import people
from bot.desk.authority import UnknownPerson
from bot.desk.errors import Invalid, Refused, Told, Which
from bot.desk.work import House, Work
from bot.views import notices, replies
from bot.views.actions import AGAIN, UnreadableValueError
from bot.views.render import Message, Modal
from handlers.front import AlreadyOpen, Front, TooLate
from handlers.incoming import (
    Click,
    Command,
    Edited,
    Happened,
    Malformed,
    Payload,
    Request,
    Shortcut,
    Submission,
    Typed,
    read_click,
    read_command,
    read_event,
    read_shortcut,
    read_submission,
)
from handlers.replies import CloseAll, FieldErrors, NextView, PushView, Reply, Whisper
from handlers.router import Router
from handlers.routing import Asks, Does, Opens

# Seconds for one use case and its commit; Slack waits three in all.
COMMIT_WITHIN = 2.0

# What a database that is down, locked or slow looks like from here.
DATABASE_TROUBLE = (DBAPIError, PoolTimeout, TimeoutError)

R = TypeVar("R", bound=Request)
S = TypeVar("S", bound=Command | Click | Shortcut)

log = structlog.get_logger(__name__)


class Entrance:
    """Reads payloads, runs the one use case behind each, and answers Slack."""

    def __init__(self, house: House, front: Front, router: Router) -> None:
        self._house = house
        self._front = front
        self._router = router

    async def command(self, ack: AsyncAck, body: Payload) -> None:
        """`/slipway …`: the answer goes back in the ack, to the person alone."""
        try:
            request = read_command(body)
        except Malformed:
            await ack()
            return
        route = self._router.command(request)
        reply = await self._answered(request, self._opened_or_done(request, route, request.trigger_id))
        await ack(_command_ack(reply))

    async def click(self, ack: AsyncAck, body: Payload) -> None:
        """A button, a choice, a picker."""
        try:
            request = read_click(body)
        except Malformed:
            await ack()
            return
        if request.action_id.startswith(AGAIN):
            await self._command_again(request)
        else:
            route = self._router.click(request)
            doing = self._opened_or_done(request, route, request.trigger_id, on_top=request.in_modal)
            await self._tell_clicker(request, await self._answered(request, doing))
        await ack()

    async def _command_again(self, click: Click) -> None:
        """A button or choice that stands for a typed command; its value is the command's text."""
        request = Command(
            actor=click.actor,
            text=click.picked[0] if click.picked else click.value,
            channel_id=click.channel_id,
            trigger_id=click.trigger_id,
            response_url=click.response_url,
        )
        route = self._router.command(request)
        doing = self._opened_or_done(request, route, request.trigger_id, on_top=click.in_modal)
        await self._tell_clicker(click, await self._answered(request, doing))

    async def submission(self, ack: AsyncAck, body: Payload) -> None:
        """A modal sent off: errors keep it open with everything that was typed."""
        try:
            request = read_submission(body)
        except Malformed:
            await ack()
            return
        route = self._router.submission(request)
        reply = None if route is None else await self._answered(request, self._done(request, route))
        await ack(_submission_ack(reply))

    async def closed(self, ack: AsyncAck, body: Payload) -> None:
        """A modal closed without sending it off."""
        try:
            request = read_submission(body)
        except Malformed:
            await ack()
            return
        route = self._router.closed(request)
        if route is not None:
            await self._answered(request, self._done(request, route))
        await ack()

    async def shortcut(self, ack: AsyncAck, body: Payload) -> None:
        """A shortcut from the lightning menu or from a message's menu."""
        try:
            request = read_shortcut(body)
        except Malformed:
            await ack()
            return
        route = self._router.shortcut(request)
        if route is not None:
            await self._answered(request, self._opened_or_done(request, route, request.trigger_id))
        await ack()

    async def event(self, ack: AsyncAck, body: Payload) -> None:
        """A message or any other event. A failed commit raises, so that Slack sends it again."""
        try:
            request = read_event(body)
        except Malformed:
            request = None
        if request is not None:
            await self._take_event(request)
        await ack()

    async def _take_event(self, request: Typed | Edited | Happened) -> None:
        try:
            if isinstance(request, Typed):
                if self._router.typed is not None:
                    await self._done(request, self._router.typed)
            elif isinstance(request, Edited):
                if self._router.edited is not None:
                    await self._done(request, self._router.edited)
            else:
                route = self._router.event(request)
                if route is not None:
                    await self._done(request, route)
        except (Told, UnreadableValueError) as told:
            await self._tell_writer(request, told)

    async def _done(self, request: R, route: Does[R] | Asks[R]) -> Reply:
        """Run a use case in one transaction; ask Slack who somebody is first where that is needed."""
        if isinstance(route, Asks):
            answer = await route.ask(self._front, request)
            asking = route

            async def handle(work: Work) -> Reply:
                return await asking.handle(work, request, answer)

        else:
            doing = route

            async def handle(work: Work) -> Reply:
                return await doing.handle(work, request)

        return await self._work(request, handle)

    async def _work(self, request: Request, handle: Callable[[Work], Awaitable[Reply]]) -> Reply:
        try:
            return await self._attempt(request, handle)
        except UnknownPerson as unknown:
            await self._learn(request, unknown.user_id)
            return await self._attempt(request, handle)

    async def _attempt(self, request: Request, handle: Callable[[Work], Awaitable[Reply]]) -> Reply:
        async with asyncio.timeout(COMMIT_WITHIN), self._house.work(request.actor) as work:
            return await handle(work)

    async def _learn(self, request: Request, user_id: str) -> None:
        """Ask Slack who somebody is, and keep the answer. Somebody Slack does not know is refused."""
        found = await self._front.look_up(request.actor.workspace_id, [user_id])
        if not found:
            raise Refused(notices.NOT_KNOWN)
        async with asyncio.timeout(COMMIT_WITHIN), self._house.work(request.actor) as work:
            await people.keep(work, found)

    async def _opened_or_done(
        self, request: S, route: Does[S] | Asks[S] | Opens[S], trigger_id: str, *, on_top: bool = False
    ) -> Reply:
        """Open a modal as a skeleton and fill it, or do what needs no modal."""
        if not isinstance(route, Opens):
            return await self._done(request, route)
        try:
            skeleton = notices.skeleton(route.title)
            view_id = await self._front.open(request.actor.workspace_id, trigger_id, skeleton, on_top=on_top)
        except AlreadyOpen:
            return None
        except TooLate:
            return Whisper(notices.opened_too_late(_again(request)))

        async def fill(work: Work) -> Reply:
            return await route.fill(work, request, view_id)

        try:
            return await self._work(request, fill)
        except (Told, UnreadableValueError) as told:
            await self._note_refusal(request, told)
            await self._fill_with(request, view_id, notices.whisper_in_modal(_words(request, told)))
        except DATABASE_TROUBLE as error:
            log.warning("modal not filled", error=type(error).__name__)
            return Whisper(notices.not_saved())
        return None

    async def _fill_with(self, request: Request, view_id: str, view: Modal) -> None:
        async with asyncio.timeout(COMMIT_WITHIN), self._house.work(request.actor) as work:
            await work.fill(view, view_id=view_id, key=f"{request.key}:told")

    async def _answered(self, request: Request, doing: Awaitable[Reply]) -> Reply:
        """Turn what went wrong into words for the person; nothing was committed then."""
        try:
            return await doing
        except (Told, UnreadableValueError) as told:
            await self._note_refusal(request, told)
            if isinstance(told, Invalid) and isinstance(request, Submission):
                return FieldErrors(told.errors)
            return Whisper(_words(request, told))
        except DATABASE_TROUBLE as error:
            log.warning("not saved", error=type(error).__name__, request=type(request).__name__)
            if isinstance(request, Submission):
                return FieldErrors({block: notices.NOT_SAVED for block in list(request.fields)[:1]})
            if isinstance(request, Click) and request.response_url:
                await self._front.say_at_once(request.response_url, notices.NOT_SAVED)
                return None
            return Whisper(notices.not_saved())

    async def _note_refusal(self, request: Request, told: Exception) -> None:
        """Keep a refusal in the audit log. When that fails, the refusal itself still stands."""
        if not isinstance(told, Refused):
            return
        actor = request.actor
        log.info("refused", user=actor.user_id, team=actor.team_id, action=told.action)
        try:
            async with asyncio.timeout(COMMIT_WITHIN), self._house.work(actor) as work:
                work.audit(
                    "refused", told.action, initiative_id=told.initiative_id, request=type(request).__name__
                )
        except DATABASE_TROUBLE as error:
            log.warning("refusal not kept in the audit log", error=type(error).__name__)

    async def _tell_clicker(self, request: Click, reply: Reply) -> None:
        """Answer a click where it happened: below the message, or on top of the modal."""
        try:
            if isinstance(reply, Whisper) and request.response_url:
                async with asyncio.timeout(COMMIT_WITHIN), self._house.work(request.actor) as work:
                    await work.whisper(
                        reply.message, response_url=request.response_url, key=f"{request.key}:told"
                    )
            elif isinstance(reply, Whisper | PushView):
                view = reply.view if isinstance(reply, PushView) else notices.whisper_in_modal(reply.message)
                await self._front.open(
                    request.actor.workspace_id, request.trigger_id, view, on_top=request.in_modal
                )
        except AlreadyOpen:
            return
        except (TooLate, *DATABASE_TROUBLE) as error:
            log.warning("answer to a click was lost", error=type(error).__name__)

    async def _tell_writer(self, request: Typed | Edited | Happened, told: Exception) -> None:
        """Answer a typed message below it."""
        await self._note_refusal(request, told)
        if not isinstance(request, Typed):
            return
        async with asyncio.timeout(COMMIT_WITHIN), self._house.work(request.actor) as work:
            await work.send(
                _words(request, told),
                to=request.channel_id,
                thread_ts=request.thread_ts or None,
                key=f"{request.key}:told",
                kind="told",
            )


def _words(request: Request, told: Exception) -> Message:
    """What went wrong, for the person: a choice where several initiatives fit, a plain sentence otherwise."""
    if isinstance(told, Which) and isinstance(request, Command):
        return notices.which(request.text.split(maxsplit=1)[0], told.choices)
    return notices.told(told.text) if isinstance(told, Told) else replies.old_control()


def _again(request: Command | Click | Shortcut) -> str | None:
    """The command to offer again, where a command's modal came too late."""
    return request.text if isinstance(request, Command) else None


def _command_ack(reply: Reply) -> str | dict[str, object]:
    if not isinstance(reply, Whisper):
        return ""
    return {"response_type": "ephemeral", **reply.message.to_dict()}


def _submission_ack(reply: Reply) -> str | dict[str, object]:
    """An empty answer closes the form."""
    match reply:
        case FieldErrors(errors) if errors:
            return {"response_action": "errors", "errors": dict(errors)}
        case FieldErrors():
            return _becomes(notices.in_modal(notices.SORRY, notices.NOT_SAVED))
        case NextView(view):
            return _becomes(view)
        case PushView(view):
            return {"response_action": "push", "view": view.to_dict()}
        case Whisper(message):
            return _becomes(notices.whisper_in_modal(message))
        case CloseAll():
            return {"response_action": "clear"}
        case None:
            return ""


def _becomes(view: Modal) -> dict[str, object]:
    return {"response_action": "update", "view": view.to_dict()}
