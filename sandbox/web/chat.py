"""chat.* and reactions: posting, changing and deleting the bot's own messages."""

from sandbox.contract import MAX_ATTACHMENTS, MAX_MARKDOWN_TEXT, MAX_TEXT, MAX_UPDATE_TEXT
from sandbox.jsontypes import Json
from sandbox.posting import Draft
from sandbox.state import Channel, message_json
from sandbox.validator import message_faults, metadata_fault
from sandbox.web.call import Call, MethodFunction, RateLimited, SlackError, refuse_faults
from sandbox.web.conversations import dm_with


def post_message(call: Call) -> Json:
    """chat.postMessage"""
    channel = _postable(call)
    draft = _draft(call, channel)
    wait = call.world.limiter.post(call.team.id, channel.id)
    if wait:
        raise RateLimited(wait)
    message = call.services.posting.post(call.team, channel, call.app.bot_user_id, draft)
    answer: Json = {
        "channel": channel.id,
        "ts": message.ts,
        "message": message_json(message, channel, with_metadata=True),
    }
    if len(call.text("text")) > MAX_TEXT:
        answer["response_metadata"] = {"warnings": ["message_truncated"]}
    return answer


def post_ephemeral(call: Call) -> Json:
    """chat.postEphemeral"""
    channel = _postable(call)
    draft = _draft(call, channel)
    user = call.text("user")
    if user not in channel.members:
        raise SlackError("user_not_in_channel")
    shown = call.services.posting.whisper(call.team, channel.id, user, draft)
    return {"message_ts": shown.ts}


def update(call: Call) -> Json:
    """chat.update"""
    channel = call.channel()
    message = call.message(channel)
    if message.user != call.app.bot_user_id:
        raise SlackError("cant_update_message")
    if channel.archived:
        raise SlackError("is_inactive")
    if len(call.text("text")) > MAX_UPDATE_TEXT:
        raise SlackError("msg_too_long")
    draft = _draft(call, channel)
    changes: Json = {"text": draft.text, "blocks": draft.blocks, "attachments": draft.attachments}
    if call.args.get("metadata") is not None:
        changes["metadata"] = draft.metadata
    if call.args.get("text") is None:
        changes.pop("text")
    call.services.posting.change(call.team, channel, message, changes, by=call.app.bot_user_id)
    shown = message_json(message, channel, with_metadata=True)
    return {"channel": channel.id, "ts": message.ts, "text": message.text, "message": shown}


def delete(call: Call) -> Json:
    """chat.delete"""
    channel = call.channel()
    message = call.message(channel)
    if message.user != call.app.bot_user_id:
        raise SlackError("cant_delete_message")
    call.services.posting.remove(call.team, channel, message)
    return {"channel": channel.id, "ts": message.ts}


def get_permalink(call: Call) -> Json:
    """chat.getPermalink"""
    channel = call.channel()
    message = call.message(channel, "message_ts")
    return {
        "channel": channel.id,
        "permalink": permalink(call.team.domain, channel, message.ts, message.thread_ts),
    }


def permalink(domain: str, channel: Channel, ts: str, thread_ts: str | None) -> str:
    """The address of a message."""
    link = f"https://{domain}.slack.com/archives/{channel.id}/p{ts.replace('.', '')}"
    return f"{link}?thread_ts={thread_ts}&cid={channel.id}" if thread_ts else link


def add_reaction(call: Call) -> Json:
    """reactions.add"""
    channel = call.channel()
    message = call.message(channel, "timestamp")
    if channel.archived:
        raise SlackError("is_archived")
    name = call.text("name").strip(":")
    users = message.reactions.setdefault(name, [])
    if call.app.bot_user_id in users:
        raise SlackError("already_reacted")
    users.append(call.app.bot_user_id)
    call.world.changes.touch(f"channel:{channel.id}")
    return {}


def check_blocks(call: Call, blocks: object) -> list[Json]:
    """The blocks, if Slack would take them; also that their slack_file images can be seen."""
    if blocks is None:
        return []
    if not isinstance(blocks, list):
        raise SlackError("invalid_blocks_format")
    refuse_faults("invalid_blocks", message_faults(blocks))
    for place, block in enumerate(blocks):
        named = (block.get("slack_file") or {}).get("id")
        known = call.team.files.get(named) if named else None
        if named and (known is None or not known.complete):
            text = f"invalid slack file [json-pointer:/blocks/{place}/slack_file/id]"
            raise SlackError(
                "invalid_blocks", errors=[text], response_metadata={"messages": [f"[ERROR] {text}"]}
            )
    return blocks


def _postable(call: Call) -> Channel:
    target = call.text("channel")
    person = call.team.people.get(target)
    if person is not None:
        channel = dm_with(call, [person.id])
    else:
        channel = call.team.channels.get(target) or _by_name(call, target)
    if not call.world.readable(call.team, channel):
        raise SlackError("channel_not_found")
    if channel.archived:
        raise SlackError("is_archived")
    if not call.is_member(channel) and not call.world.granted(call.team, "chat:write.public"):
        raise SlackError("not_in_channel")
    if channel.kind == "im" and not call.world.app.messages_tab:
        raise SlackError("messages_tab_disabled")
    return channel


def _by_name(call: Call, target: str) -> Channel:
    found = call.team.channel(target) if target.startswith("#") else None
    if found is None:
        raise SlackError("channel_not_found")
    return found


def _draft(call: Call, channel: Channel) -> Draft:
    attachments = call.structure("attachments", "invalid_attachments") or []
    if not isinstance(attachments, list):
        raise SlackError("invalid_attachments")
    if len(attachments) > MAX_ATTACHMENTS:
        raise SlackError("too_many_attachments")
    text, markdown = call.text("text"), call.text("markdown_text")
    blocks = check_blocks(call, call.structure("blocks", "invalid_blocks_format"))
    if markdown and (text or blocks):
        raise SlackError("markdown_text_conflict")
    if len(markdown) > MAX_MARKDOWN_TEXT:
        raise SlackError("msg_too_long")
    if not (text.strip() or markdown.strip() or blocks or attachments):
        raise SlackError("no_text")
    metadata = call.structure("metadata", "invalid_metadata_format")
    wrong = metadata_fault(metadata)
    if wrong:
        raise SlackError(wrong)
    thread_ts = call.text("thread_ts") or None
    if thread_ts and thread_ts not in channel.messages:
        raise SlackError("thread_not_found")
    return Draft(
        text=(text or markdown)[:MAX_TEXT],
        blocks=blocks,
        thread_ts=thread_ts,
        metadata=metadata if isinstance(metadata, dict) else None,
        attachments=attachments,
    )


METHODS: dict[str, MethodFunction] = {
    "chat.delete": delete,
    "chat.getPermalink": get_permalink,
    "chat.postEphemeral": post_ephemeral,
    "chat.postMessage": post_message,
    "chat.update": update,
    "reactions.add": add_reaction,
}
