"""The control API under /control/: set the stage, read every screen, wait for changes, see the traffic.

For tests, demos and the like; the bot never calls it. What can't be done is 409 with a reason.
"""

import time
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import asdict

from aiohttp import web
from pydantic import BaseModel, ValidationError

from sandbox.config import ChannelConfig, PersonConfig
from sandbox.control_acts import ACTS, Act
from sandbox.faults import CallFault, Duplicates
from sandbox.finding import CannotDo
from sandbox.jsontypes import Json
from sandbox.modals import shown
from sandbox.outcomes import ephemeral_json
from sandbox.parts import Parts
from sandbox.state import Channel, Message, Person, Team, channel_json, message_json, person_json
from sandbox.traffic import Call, Delivery, as_json
from sandbox.web.access import uninstall

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
_MAX_WAIT = 60.0


class Control:
    """The routes of /control/."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._world = parts.world

    def routes(self) -> list[web.RouteDef]:
        """Everything there is, to be added to the server."""
        table: list[tuple[str, str, Handler]] = [
            ("GET", "/clock", self.clock),
            ("POST", "/control/clock", self.set_clock),
            ("GET", "/control/workspace", self.workspace),
            ("POST", "/control/people", self.add_person),
            ("POST", "/control/channels", self.add_channel),
            ("GET", "/control/channels/{channel}/messages", self.messages),
            ("GET", "/control/people/{person}/screen", self.screen),
            ("POST", "/control/people/{person}/{act}", self.act),
            ("GET", "/control/files/{file}", self.file),
            ("GET", "/control/calls", self.calls),
            ("GET", "/control/deliveries", self.deliveries),
            ("GET", "/control/counters", self.counters),
            ("POST", "/control/counters/reset", self.reset_counters),
            ("POST", "/control/faults", self.set_faults),
            ("POST", "/control/knobs", self.set_knobs),
            ("POST", "/control/app", self.set_app),
            ("POST", "/control/deliver", self.deliver),
            ("POST", "/control/sockets", self.sockets),
            ("POST", "/control/rate_limited", self.rate_limited),
            ("POST", "/control/install", self.install),
            ("POST", "/control/uninstall", self.uninstall),
            ("GET", "/control/wait", self.wait),
            ("GET", "/control/settled", self.settled),
        ]
        return [web.route(method, path, _guarded(handler)) for method, path, handler in table]

    async def clock(self, _: web.Request) -> web.StreamResponse:
        """What time it is in the sandbox."""
        return web.json_response(self._world.clock.read().as_json())

    async def set_clock(self, request: web.Request) -> web.StreamResponse:
        """Body: offset, speed, advance; all optional, in seconds."""
        reading = self._world.clock.set(**await request.json())
        self._world.changes.touch("clock")
        return web.json_response(reading.as_json())

    async def workspace(self, request: web.Request) -> web.StreamResponse:
        """Who and what there is."""
        team = self._team(request)
        bot = team.app.bot_user_id if team.app else None
        app: Json | None = None
        if team.app is not None:
            app = asdict(team.app) | {"app_id": self._world.app.id, "app_token": self._world.app.app_token}
        body = {
            "team": {"id": team.id, "name": team.name, "domain": team.domain},
            "teams": list(self._world.teams),
            "app": app,
            "people": [person_json(one, with_email=True) for one in team.people.values()],
            "channels": [
                channel_json(one, bot) | {"kind": one.kind, "members": list(one.members)}
                for one in team.channels.values()
            ],
            "connections": self._parts.hub.count,
        }
        return web.json_response(body)

    async def add_person(self, request: web.Request) -> web.StreamResponse:
        """Body: a PersonConfig."""
        team = self._team(request)
        person = self._world.add_person(team, PersonConfig.model_validate(await request.json()))
        event: Json = {"type": "team_join", "user": person_json(person, with_email=False)}
        self._parts.events.send(team, "team_join", event)
        return web.json_response({"id": person.id, "name": person.name})

    async def add_channel(self, request: web.Request) -> web.StreamResponse:
        """Body: a ChannelConfig."""
        config = ChannelConfig.model_validate(await request.json())
        channel = self._world.add_channel(self._team(request), config)
        return web.json_response({"id": channel.id, "name": channel.name})

    async def messages(self, request: web.Request) -> web.StreamResponse:
        """Everything in a conversation, oldest first; `thread` narrows, `deleted=1` adds what went."""
        channel = self._channel(request)
        thread, with_deleted = request.query.get("thread"), request.query.get("deleted") == "1"
        found = [
            _shown_message(message, channel)
            for message in channel.messages.values()
            if (with_deleted or not message.deleted)
            and (thread is None or thread in (message.ts, message.thread_ts))
        ]
        return web.json_response({"messages": found, "version": self._world.changes.version})

    async def screen(self, request: web.Request) -> web.StreamResponse:
        """What one person has in front of them, DMs aside."""
        team, person = self._team(request), self._person(request)
        home = team.homes.get(person.id)
        bot = team.app.bot_user_id if team.app else ""
        dm = team.dm_with(bot, person.id)
        ephemerals = [one for one in team.ephemerals if one.user == person.id and not one.gone]
        body: Json = {
            "version": self._world.changes.version,
            "user": person_json(person, with_email=True),
            "dm": dm.id if dm else None,
            "group_dms": [
                c.id
                for c in team.channels.values()
                if c.kind == "mpim" and {bot, person.id} <= set(c.members)
            ],
            "home": shown(self._world, team, home) if home else None,
            "modals": [shown(self._world, team, view) for view in team.modals.get(person.id, [])],
            "ephemerals": [ephemeral_json(one) for one in ephemerals],
            "notifications": [asdict(one) for one in team.notifications if one.user == person.id],
            "troubles": [one for one in team.troubles if one["user"] == person.id],
        }
        return web.json_response(body)

    async def act(self, request: web.Request) -> web.StreamResponse:
        """One of `control_acts.ACTS`."""
        doing = ACTS.get(request.match_info["act"])
        if doing is None:
            raise web.HTTPNotFound(text=f"no such act; there is: {', '.join(ACTS)}")
        body = await request.json() if request.can_read_body else {}
        parts = self._parts
        act = Act(
            self._world,
            self._team(request),
            self._person(request),
            body,
            parts.acting,
            parts.interacting,
            parts.submitting,
        )
        return web.json_response(await doing(act))

    async def file(self, request: web.Request) -> web.StreamResponse:
        """The bytes of a file."""
        file = self._team(request).files.get(request.match_info["file"])
        if file is None:
            raise web.HTTPNotFound(text="no such file")
        return web.Response(body=file.content, content_type="application/octet-stream")

    async def calls(self, request: web.Request) -> web.StreamResponse:
        """The bot's calls; narrowed by `method` and `since` (a number)."""
        return web.json_response({"entries": _narrowed(self._world.traffic.calls, request, "method")})

    async def deliveries(self, request: web.Request) -> web.StreamResponse:
        """Attempts to deliver; narrowed by `kind`, `what`, `user` and `since`."""
        found = _narrowed(self._world.traffic.deliveries, request, "kind", "what", "user")
        return web.json_response({"entries": found})

    async def counters(self, _: web.Request) -> web.StreamResponse:
        """Counts since the last reset: call:METHOD, 429:METHOD, delivery:KIND; and what is under way."""
        traffic = self._world.traffic
        counts = dict(traffic.counts)
        total = sum(count for name, count in counts.items() if name.startswith("429:"))
        body = {
            "counts": counts,
            "rate_limited": total,
            "pending_deliveries": self._parts.deliverer.pending,
            "calls_in_progress": traffic.calls_in_progress,
            "connections": self._parts.hub.count,
        }
        return web.json_response(body)

    async def reset_counters(self, _: web.Request) -> web.StreamResponse:
        """Empty the log, the counts and the rate limits' memory."""
        self._world.traffic.clear()
        self._world.limiter.reset()
        return web.json_response({})

    async def set_faults(self, request: web.Request) -> web.StreamResponse:
        """Body: clear (first), calls (added), missing (replaced), duplicates (replaced)."""
        body = await request.json()
        faults = self._world.faults
        if body.get("clear"):
            faults.clear()
        faults.calls += [CallFault.model_validate(fault) for fault in body.get("calls", [])]
        if "missing" in body:
            faults.missing = set(body["missing"])
        if "duplicates" in body:
            faults.duplicates = Duplicates.model_validate(body["duplicates"])
        return web.json_response({"calls": [fault.model_dump() for fault in faults.calls]})

    async def set_knobs(self, request: web.Request) -> web.StreamResponse:
        """Body: any of Knobs; `rates` may be partial too."""
        _overlay(self._world.knobs, await request.json())
        return web.json_response(self._world.knobs.model_dump())

    async def set_app(self, request: web.Request) -> web.StreamResponse:
        """Body: any of AppConfig. `request_url` is verified first when `verify` is set."""
        body = await request.json()
        verify = body.pop("verify", False)
        _overlay(self._world.app, body)
        if "scopes" in body:
            for team in self._world.teams.values():
                if team.app is not None:
                    team.app.scopes = list(body["scopes"])
        verified = await self._verify() if verify else None
        return web.json_response({"verified": verified})

    async def deliver(self, request: web.Request) -> web.StreamResponse:
        """Body: kind, payload, copies. Sends any payload as it is."""
        body = await request.json()
        task = self._parts.deliverer.post(body["kind"], body["payload"], int(body.get("copies", 1)))
        return web.json_response(asdict(await task) if body.get("wait", True) else {})

    async def sockets(self, request: web.Request) -> web.StreamResponse:
        """Body: do = warning | refresh_requested | link_disabled | drop."""
        count = await self._parts.hub.disconnect((await request.json())["do"])
        return web.json_response({"connections": count})

    async def rate_limited(self, request: web.Request) -> web.StreamResponse:
        """Send the top-level app_rate_limited notice."""
        return web.json_response(asdict(await self._parts.events.rate_limited(self._team(request))))

    async def install(self, request: web.Request) -> web.StreamResponse:
        """A code for oauth.v2.access, as if an `installer` had agreed."""
        body = await request.json() if request.can_read_body else {}
        team = self._team(request)
        person = team.person(str(body.get("installer", ""))) or next(iter(team.people.values()))
        return web.json_response({"code": self._parts.new_code(team, person.id)})

    async def uninstall(self, request: web.Request) -> web.StreamResponse:
        """Take the app out of the workspace."""
        team = self._team(request)
        if team.app is None:
            raise CannotDo("the app is not installed")
        uninstall(self._parts.services, team, team.app)
        return web.json_response({})

    async def wait(self, request: web.Request) -> web.StreamResponse:
        """Answers when `topic` changed after version `seen`, or after `timeout` seconds."""
        query = request.query
        timeout_s = min(float(query.get("timeout", 10)), _MAX_WAIT)
        version = await self._world.changes.wait(
            query.get("topic", "all"), int(query.get("seen", 0)), timeout_s
        )
        return web.json_response({"version": version})

    async def settled(self, request: web.Request) -> web.StreamResponse:
        """Answers when nothing is under way and nothing has happened for `quiet` seconds."""
        quiet, timeout_s = float(request.query.get("quiet", 0.2)), float(request.query.get("timeout", 10))
        until = time.monotonic() + timeout_s
        while (left := self._restless_for(quiet)) > 0:
            if time.monotonic() >= until:
                return web.json_response({"settled": False})
            await self._world.changes.wait(
                "all", self._world.changes.version, min(left, until - time.monotonic())
            )
        return web.json_response({"settled": True})

    def _restless_for(self, quiet: float) -> float:
        traffic = self._world.traffic
        if self._parts.deliverer.pending or traffic.calls_in_progress:
            return _MAX_WAIT
        return quiet - (time.monotonic() - traffic.last_activity)

    async def _verify(self) -> bool:
        challenge: Json = {
            "type": "url_verification",
            "challenge": "sandbox",
            "token": "sandbox-verification",
        }
        url = self._world.app.request_url
        if url is None:
            return False
        ack = await self._parts.sender.send(
            url, "events_api", challenge, 0, None, self._world.knobs.ack_deadline
        )
        body = ack.body or {}
        return ack.ok and "sandbox" in (body.get("challenge"), body.get("text"))

    def _team(self, request: web.Request) -> Team:
        team = self._world.team(request.query.get("team"))
        if team is None:
            raise web.HTTPNotFound(text="no such workspace")
        return team

    def _person(self, request: web.Request) -> Person:
        found = self._team(request).person(request.match_info["person"])
        if found is None:
            raise web.HTTPNotFound(text=f"there is nobody called {request.match_info['person']!r}")
        return found

    def _channel(self, request: web.Request) -> Channel:
        found = self._team(request).channel(request.match_info["channel"])
        if found is None:
            raise web.HTTPNotFound(text=f"there is no channel {request.match_info['channel']!r}")
        return found


def _guarded(handler: Handler) -> Handler:
    async def answer(request: web.Request) -> web.StreamResponse:
        try:
            return await handler(request)
        except (CannotDo, ValidationError, ValueError, KeyError, TypeError) as refusal:
            reason = str(refusal) if isinstance(refusal, CannotDo) else f"{type(refusal).__name__}: {refusal}"
            return web.json_response({"refused": reason}, status=409)

    return answer


def _overlay(model: BaseModel, changes: Json) -> None:
    """Change a model in place, nested models included, and check it as a whole."""
    fresh = type(model).model_validate(_merged(model.model_dump(), changes))
    for name in type(model).model_fields:
        old, new = getattr(model, name), getattr(fresh, name)
        if isinstance(old, BaseModel):
            _overlay(old, new.model_dump())
        else:
            setattr(model, name, new)


def _merged(base: Json, changes: Json) -> Json:
    both = {name: (base[name], value) for name, value in changes.items() if isinstance(base.get(name), dict)}
    return base | changes | {name: old | new for name, (old, new) in both.items()}


def _narrowed(entries: Iterable[Call | Delivery], request: web.Request, *names: str) -> list[Json]:
    since = int(request.query.get("since", 0))
    wanted = {name: request.query[name] for name in names if name in request.query}
    return [
        as_json(entry)
        for entry in entries
        if entry.number > since and all(getattr(entry, name) == value for name, value in wanted.items())
    ]


def _shown_message(message: Message, channel: Channel) -> Json:
    own = {"channel": channel.id, "revision": message.revision, "deleted": message.deleted}
    return message_json(message, channel, with_metadata=True) | own
