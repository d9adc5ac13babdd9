"""conversations.* and users.conversations: which conversations there are, and what was said in them."""

from sandbox.contract import HISTORY_SCOPES, MAX_GROUP_DM, READ_SCOPES
from sandbox.jsontypes import Json
from sandbox.state import Channel, ChannelKind, Message, channel_json, message_json
from sandbox.web.call import Call, MethodFunction, SlackError, page

_KINDS: dict[str, ChannelKind] = {
    "public_channel": "channel",
    "private_channel": "group",
    "im": "im",
    "mpim": "mpim",
}


def open_(call: Call) -> Json:
    """conversations.open: the DM or group DM with these people, made if need be."""
    if call.text("channel"):
        channel = call.channel()
        if channel.kind not in ("im", "mpim"):
            raise SlackError("method_not_supported_for_channel_type")
        return _opened(call, channel, already=True)
    users = list(dict.fromkeys(user.strip() for user in call.text("users").split(",") if user.strip()))
    users = [user for user in users if user != call.app.bot_user_id]
    if not users:
        raise SlackError("users_list_not_supplied")
    if len(users) > MAX_GROUP_DM:
        raise SlackError("too_many_users")
    call.need_scope("im:write" if len(users) == 1 else "mpim:write")
    for user in users:
        person = call.team.people.get(user)
        if person is None:
            raise SlackError("user_not_found")
        if person.deleted:
            raise SlackError("user_disabled")
    already = call.team.dm_with(call.app.bot_user_id, *users) is not None
    return _opened(call, dm_with(call, users), already=already)


def dm_with(call: Call, users: list[str]) -> Channel:
    """The bot's DM (or group DM) with these people; made if there is none yet."""
    found = call.team.dm_with(call.app.bot_user_id, *users)
    if found is not None:
        return found
    kind: ChannelKind = "im" if len(users) == 1 else "mpim"
    names = "--".join(call.team.people[user].name for user in users)
    name = "" if kind == "im" else f"mpdm-{call.world.app.name}--{names}-1"
    return call.world.new_conversation(call.team, kind, name, [call.app.bot_user_id, *users])


def info(call: Call) -> Json:
    """conversations.info"""
    channel = _readable(call)
    shown = channel_json(channel, call.app.bot_user_id)
    if not call.flag("include_num_members"):
        shown.pop("num_members", None)
    if call.flag("include_locale"):
        shown["locale"] = "en-US"
    return {"channel": shown}


def members(call: Call) -> Json:
    """conversations.members"""
    channel = _readable(call)
    if channel.kind != "channel" and not call.is_member(channel):
        raise SlackError("channel_not_found")
    ids, cursor = page([{"id": user} for user in channel.members], call.limit(), call.text("cursor"))
    return {"members": [one["id"] for one in ids], "response_metadata": {"next_cursor": cursor}}


def list_(call: Call) -> Json:
    """conversations.list"""
    wanted = _wanted_kinds(call)
    shown = [
        channel_json(channel, call.app.bot_user_id)
        for channel in call.team.channels.values()
        if channel.kind in wanted
        and call.world.readable(call.team, channel)
        and not (call.flag("exclude_archived") and channel.archived)
    ]
    return _paged(call, "channels", shown)


def of_user(call: Call) -> Json:
    """users.conversations: those of the bot, or those it shares with `user`."""
    wanted = _wanted_kinds(call)
    user = call.text("user") or call.app.bot_user_id
    if user not in call.team.people:
        raise SlackError("user_not_found")
    shown = [
        channel_json(channel, call.app.bot_user_id)
        for channel in call.team.channels.values()
        if channel.kind in wanted
        and user in channel.members
        and call.world.readable(call.team, channel)
        and not (call.flag("exclude_archived") and channel.archived)
    ]
    return _paged(call, "channels", shown)


def join(call: Call) -> Json:
    """conversations.join"""
    channel = call.channel()
    if channel.kind != "channel":
        raise SlackError("method_not_supported_for_channel_type")
    if channel.archived:
        raise SlackError("is_archived")
    if not call.is_member(channel):
        channel.members[call.app.bot_user_id] = None
        call.services.events.membership(call.team, channel, call.app.bot_user_id, None, joined=True)
    return {"channel": channel_json(channel, call.app.bot_user_id)}


def history(call: Call) -> Json:
    """conversations.history: top-level messages, newest first."""
    channel = _with_history(call)
    found = [
        message
        for message in channel.living()
        if message.thread_ts is None or message.subtype == "thread_broadcast"
    ]
    return _messages(call, channel, found[::-1])


def replies(call: Call) -> Json:
    """conversations.replies: a root and its replies, oldest first; of a reply, that one alone."""
    channel = _with_history(call)
    root = channel.messages.get(call.text("ts"))
    if root is None:
        raise SlackError("thread_not_found")
    wanted = {root.ts, *channel.threads.get(root.ts, ())}
    found = [message for message in channel.living() if message.ts in wanted]
    if not found:
        raise SlackError("thread_not_found")
    return _messages(call, channel, found)


def _messages(call: Call, channel: Channel, found: list[Message]) -> Json:
    oldest, latest = _moment(call, "oldest", "0"), _moment(call, "latest", "99999999999")
    inclusive = call.flag("inclusive")

    def within(message: Message) -> bool:
        at = float(message.ts)
        return oldest <= at <= latest if inclusive else oldest < at < latest

    with_metadata = call.flag("include_all_metadata")
    shown = [message_json(one, channel, with_metadata=with_metadata) for one in found if within(one)]
    return _paged(call, "messages", shown) | {"pin_count": 0}


def _moment(call: Call, name: str, default: str) -> float:
    try:
        return float(call.text(name) or default)
    except ValueError:
        raise SlackError(f"invalid_ts_{name}") from None


def _paged(call: Call, name: str, items: list[Json]) -> Json:
    shown, cursor = page(items, call.limit(), call.text("cursor"))
    return {name: shown, "has_more": bool(cursor), "response_metadata": {"next_cursor": cursor}}


def _opened(call: Call, channel: Channel, *, already: bool) -> Json:
    shown = channel_json(channel, call.app.bot_user_id) if call.flag("return_im") else {"id": channel.id}
    return {"channel": shown, "no_op": already, "already_open": already}


def _readable(call: Call) -> Channel:
    channel = call.channel()
    call.need_scope(READ_SCOPES[channel.kind])
    return channel


def _with_history(call: Call) -> Channel:
    channel = call.channel()
    call.need_scope(HISTORY_SCOPES[channel.kind])
    if not call.is_member(channel):
        raise SlackError("not_in_channel")
    return channel


def _wanted_kinds(call: Call) -> set[ChannelKind]:
    names = [name.strip() for name in call.text("types", "public_channel").split(",")]
    if any(name not in _KINDS for name in names):
        raise SlackError("invalid_types")
    wanted = {_KINDS[name] for name in names}
    for kind in wanted:
        call.need_scope(READ_SCOPES[kind])
    return wanted


METHODS: dict[str, MethodFunction] = {
    "conversations.history": history,
    "conversations.info": info,
    "conversations.join": join,
    "conversations.list": list_,
    "conversations.members": members,
    "conversations.open": open_,
    "conversations.replies": replies,
    "users.conversations": of_user,
}
