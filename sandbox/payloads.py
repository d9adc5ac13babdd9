"""The shapes of Slack's interaction payloads: commands, block_actions, view submissions, shortcuts."""

from sandbox.events import VERIFICATION_TOKEN
from sandbox.jsontypes import Json
from sandbox.modals import shown
from sandbox.state import Channel, Ephemeral, Message, Person, Team, View, message_json
from sandbox.world import World

_CHANNEL_NAMES = {"im": "directmessage", "group": "privategroup"}


def command(
    world: World, team: Team, person: Person, channel: Channel, name: str, text: str, response_url: str
) -> Json:
    """A slash command (all strings: it travels as a form)."""
    return {
        "token": VERIFICATION_TOKEN,
        "team_id": team.id,
        "team_domain": team.domain,
        "channel_id": channel.id,
        "channel_name": _channel_name(channel),
        "user_id": person.id,
        "user_name": person.name,
        "command": name,
        "text": text,
        "api_app_id": world.app.id,
        "is_enterprise_install": "false",
        "response_url": response_url,
        "trigger_id": world.new_trigger(team.id, person.id, channel.id),
    }


def message_action(
    world: World,
    team: Team,
    person: Person,
    channel: Channel,
    message: Message | Ephemeral,
    shown_message: Json | None,
    values: Json,
    action: Json,
    response_url: str,
) -> Json:
    """A click in a message. An ephemeral's content is not part of it."""
    ephemeral = isinstance(message, Ephemeral)
    container: Json = {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": channel.id,
        "is_ephemeral": ephemeral,
    }
    if message.thread_ts:
        container["thread_ts"] = message.thread_ts
    payload = {
        "type": "block_actions",
        **_common(world, team, person, channel),
        "container": container,
        "channel": {"id": channel.id, "name": _channel_name(channel)},
        "state": {"values": values},
        "response_url": response_url,
        "actions": [action],
    }
    if not ephemeral and isinstance(message, Message):
        payload["message"] = shown_message or message_json(message, channel)
    return payload


def view_action(world: World, team: Team, person: Person, view: View, action: Json) -> Json:
    """A click in a modal or in Home."""
    return {
        "type": "block_actions",
        **_common(world, team, person),
        "container": {"type": "view", "view_id": view.id},
        "view": shown(world, team, view),
        "actions": [action],
    }


def submission(world: World, team: Team, person: Person, view: View) -> Json:
    """A modal is submitted."""
    return {
        "type": "view_submission",
        **_common(world, team, person),
        "view": shown(world, team, view),
        "response_urls": [],
    }


def closing(world: World, team: Team, person: Person, view: View, *, cleared: bool) -> Json:
    """A modal is closed, with all below it when `cleared`."""
    payload = {
        "type": "view_closed",
        **_common(world, team, person),
        "view": shown(world, team, view),
        "is_cleared": cleared,
    }
    del payload["trigger_id"]
    return payload


def global_shortcut(world: World, team: Team, person: Person, callback_id: str, action_ts: str) -> Json:
    """A shortcut from the lightning menu: no channel, no response_url."""
    common = _common(world, team, person)
    return {"type": "shortcut", **common, "callback_id": callback_id, "action_ts": action_ts}


def message_shortcut(
    world: World,
    team: Team,
    person: Person,
    channel: Channel,
    message: Message,
    callback_id: str,
    action_ts: str,
    response_url: str,
) -> Json:
    """A shortcut from a message's menu."""
    return {
        "type": "message_action",
        **_common(world, team, person, channel),
        "callback_id": callback_id,
        "action_ts": action_ts,
        "message_ts": message.ts,
        "channel": {"id": channel.id, "name": _channel_name(channel)},
        "message": message_json(message, channel),
        "response_url": response_url,
    }


def suggestion(
    world: World, team: Team, person: Person, place: Json, element: Json, block_id: str, typed: str
) -> Json:
    """Somebody types into an external select."""
    payload = {
        "type": "block_suggestion",
        **_common(world, team, person),
        **place,
        "action_id": element["action_id"],
        "block_id": block_id,
        "value": typed,
    }
    del payload["trigger_id"]
    return payload


def _common(world: World, team: Team, person: Person, channel: Channel | None = None) -> Json:
    return {
        "token": VERIFICATION_TOKEN,
        "api_app_id": world.app.id,
        "team": {"id": team.id, "domain": team.domain},
        "enterprise": None,
        "is_enterprise_install": False,
        "user": {"id": person.id, "username": person.name, "name": person.name, "team_id": person.team_id},
        "trigger_id": world.new_trigger(team.id, person.id, channel.id if channel else None),
    }


def _channel_name(channel: Channel) -> str:
    return _CHANNEL_NAMES.get(channel.kind, channel.name)
