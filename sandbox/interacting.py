"""What people do with the app: commands, clicks, shortcuts. Waits for the ack and says what the person saw.

Refuses what nobody could do: clicking a button that is gone, unless the click is meant to be stale.
"""

import time
from collections.abc import Awaitable
from dataclasses import dataclass

from sandbox import payloads
from sandbox.delivery import Deliverer
from sandbox.finding import CannotDo, Target, action_of, chosen, find, find_option
from sandbox.jsontypes import Json
from sandbox.outcomes import Outcome, look, outcome
from sandbox.posting import Posting
from sandbox.responding import Refused, Responder, response_url_for
from sandbox.sockets import Ack
from sandbox.state import Channel, Ephemeral, Message, Person, Team, View
from sandbox.viewstate import Values, kept_values
from sandbox.world import ResponseUrl, World

_FREE_INPUTS = ("plain_text_input", "number_input", "email_text_input", "url_text_input", "rich_text_input")


@dataclass(frozen=True)
class Pointing:
    """What is clicked: an element by name, with what is picked in it. `stale` allows a face now gone."""

    what: str
    pick: object = None
    block_id: str | None = None
    stale: bool = False
    revision: int | None = None


class Interacting:
    """Sends interactions in somebody's name."""

    def __init__(self, world: World, deliverer: Deliverer, posting: Posting, responder: Responder) -> None:
        self._world = world
        self._deliverer = deliverer
        self._posting = posting
        self._responder = responder

    async def command(self, team: Team, person: Person, channel: Channel, name: str, text: str) -> Outcome:
        """Type a slash command. Not possible in threads, and only where the person is."""
        if name not in self._world.app.commands:
            raise CannotDo(f"{name} is not a valid command; there is: {', '.join(self._world.app.commands)}")
        if team.app is None or not team.app.active:
            raise CannotDo("the app is not installed in this workspace")
        if person.is_stranger:
            raise CannotDo("people from other workspaces can't use this app's commands")
        if person.deleted or person.id not in channel.members:
            raise CannotDo(f"{person.name} can't type there")
        url = response_url_for(self._world, team, person.id, channel.id)
        address = self._world.new_response_url(url)
        payload = payloads.command(self._world, team, person, channel, name, text, address)
        return await self._send(team, person, "slash_commands", payload, url)

    async def click_message(
        self, team: Team, person: Person, channel: Channel, message: Message | Ephemeral, point: Pointing
    ) -> Outcome:
        """Click or choose something in a message."""
        if person.deleted or (person.id not in channel.members and not isinstance(message, Ephemeral)):
            raise CannotDo(f"{person.name} does not see this message")
        target, face = _target_in_message(message, point)
        key = (channel.id, message.ts, person.id)
        blocks = face["blocks"] if face else message.blocks
        values = kept_values(blocks, team.message_values.get(key, {}))
        value = self._choose(team, target, point, values)
        team.message_values[key] = values
        url = response_url_for(self._world, team, person.id, channel.id, message)
        address = self._world.new_response_url(url)
        action = action_of(target, value, self._world.clock.next_ts())
        payload = payloads.message_action(
            self._world, team, person, channel, message, face, values, action, address
        )
        return await self._send(team, person, "interactive", payload, None)

    async def click_view(self, team: Team, person: Person, view: View, point: Pointing) -> Outcome:
        """Click or choose something in a modal or in Home."""
        target = find(view.content["blocks"], point.what, point.block_id)
        value = self._choose(team, target, point, view.values)
        if target.block["type"] == "input" and not target.block.get("dispatch_action"):
            return Outcome(acked=True, latency_ms=0.0)
        action = action_of(target, value, self._world.clock.next_ts())
        payload = payloads.view_action(self._world, team, person, view, action)
        return await self._send(team, person, "interactive", payload, None)

    async def suggest(
        self, team: Team, person: Person, place: Json, blocks: list[Json], what: str, typed: str
    ) -> Outcome:
        """Type into an external select; the answer's body holds the options."""
        target = find(blocks, what)
        payload = payloads.suggestion(
            self._world, team, person, place, target.element, target.block["block_id"], typed
        )
        return await self._send(team, person, "interactive", payload, None)

    async def global_shortcut(self, team: Team, person: Person, callback_id: str) -> Outcome:
        """Use a global shortcut."""
        self._known_shortcut(callback_id)
        action_ts = self._world.clock.next_ts()
        payload = payloads.global_shortcut(self._world, team, person, callback_id, action_ts)
        return await self._send(team, person, "interactive", payload, None)

    async def message_shortcut(
        self, team: Team, person: Person, channel: Channel, message: Message, callback_id: str
    ) -> Outcome:
        """Use a shortcut on a message."""
        self._known_shortcut(callback_id)
        url = response_url_for(self._world, team, person.id, channel.id, message)
        address = self._world.new_response_url(url)
        payload = payloads.message_shortcut(
            self._world, team, person, channel, message, callback_id, self._world.clock.next_ts(), address
        )
        return await self._send(team, person, "interactive", payload, None)

    async def _send(
        self, team: Team, person: Person, kind: str, payload: Json, answer_to: ResponseUrl | None
    ) -> Outcome:
        before = look(team, person)
        ack, latency_ms = await timed(self._deliverer.post(kind, payload))
        if not ack.ok:
            self._posting.trouble(team, person.id, _trouble(ack), str(ack.error))
        elif answer_to is not None and ack.body:
            self._answer(team, person, answer_to, ack.body)
        return outcome(self._world, team, person, before, ack, latency_ms)

    def _answer(self, team: Team, person: Person, url: ResponseUrl, body: Json) -> None:
        try:
            self._responder.respond(url, body)
        except Refused as refused:
            self._posting.trouble(team, person.id, "bad_response", refused.error)

    def _known_shortcut(self, callback_id: str) -> None:
        if callback_id not in self._world.app.shortcuts:
            raise CannotDo(f"no shortcut {callback_id!r}; there is: {', '.join(self._world.app.shortcuts)}")

    def _choose(self, team: Team, target: Target, point: Pointing, values: Values) -> Json:
        pick = target.option if target.option is not None and point.pick is None else point.pick
        if pick is None and target.element["type"] in ("radio_buttons", "static_select", "overflow"):
            raise CannotDo(f"{point.what!r} needs something to pick")
        if target.element["type"] == "overflow":
            return self._overflow(target, pick)
        if pick is None and target.element["type"] in _FREE_INPUTS:
            pick = ""
        value = chosen(target.element, pick, team)
        if target.element["type"] != "button":
            values.setdefault(target.block["block_id"], {})[target.element["action_id"]] = value
        return value

    def _overflow(self, target: Target, pick: object) -> Json:
        found = target.option if isinstance(pick, dict) else find_option(target.element, str(pick))
        if found is None:
            raise CannotDo(f"there is no {pick!r} in this menu")
        return {"type": "overflow", "selected_option": found}


async def timed(work: Awaitable[Ack]) -> tuple[Ack, float]:
    """The ack, and how many milliseconds it took."""
    started = time.perf_counter()
    ack = await work
    return ack, (time.perf_counter() - started) * 1000


def _trouble(ack: Ack) -> str:
    return "operation_timeout" if ack.error == "timeout" else "dispatch_failed"


def _refuse_if_changed(message: Message | Ephemeral, point: Pointing) -> None:
    """A face seen earlier cannot be clicked once what was on it has been replaced."""
    if point.revision is None or point.revision >= len(message.past):
        return
    seen = find(message.past[point.revision].get("blocks") or [], point.what, point.block_id)
    if seen.block["block_id"] not in {block["block_id"] for block in message.blocks}:
        raise CannotDo(f"{point.what!r} is gone: the message has changed meanwhile")


def _target_in_message(message: Message | Ephemeral, point: Pointing) -> tuple[Target, Json | None]:
    """The element clicked, and the old face it belongs to when the click is stale."""
    gone = message.gone if isinstance(message, Ephemeral) else message.deleted
    faces: list[Json] = message.past[::-1] if point.stale else []
    if point.stale and point.revision is not None and point.revision < len(message.past):
        faces = [message.past[point.revision]]
    elif not gone:
        if not point.stale:
            _refuse_if_changed(message, point)
        try:
            return find(message.blocks, point.what, point.block_id), None
        except CannotDo:
            if not faces:
                raise
    if gone and not faces:
        raise CannotDo("the message is gone")
    for face in faces:
        try:
            return find(face.get("blocks") or [], point.what, point.block_id), face
        except CannotDo:
            continue
    raise CannotDo(f"no face of this message ever had {point.what!r}")
