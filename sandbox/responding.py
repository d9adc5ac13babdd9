"""Answers to interactions: what posting to a response_url does, and what an ack's body does.

Five uses in thirty minutes; ephemeral unless `in_channel`; `replace_original` and `delete_original` act on
the message the click came from.
"""

import time

from sandbox.contract import MAX_TEXT
from sandbox.jsontypes import Json
from sandbox.posting import Draft, Posting, named
from sandbox.state import Channel, Ephemeral, Message, Team, new_id
from sandbox.validator import message_faults
from sandbox.web.call import RateLimited
from sandbox.world import ResponseUrl, World


class Refused(Exception):
    """The response_url does not do that; status and Slack's word for it."""

    def __init__(self, status: int, error: str) -> None:
        super().__init__(error)
        self.status = status
        self.error = error


class Responder:
    """Lets the app answer where a person acted."""

    def __init__(self, world: World, posting: Posting) -> None:
        self._world = world
        self._posting = posting

    def use(self, key: str, body: Json) -> None:
        """One post to a response_url."""
        url = self._world.response_urls.get(key)
        knobs = self._world.knobs
        if url is None or time.monotonic() - url.born > knobs.response_url_life:
            raise Refused(404, "expired_url")
        if url.uses >= knobs.response_url_uses:
            raise Refused(404, "used_url")
        wait = self._world.limiter.response_url(key)
        if wait:
            raise RateLimited(wait)
        self.respond(url, body)
        url.uses += 1

    def respond(self, url: ResponseUrl, body: Json) -> None:
        """Do what an answer asks for, without counting it."""
        _check(body)
        team = self._world.teams[url.team_id]
        channel = team.channels.get(url.channel)
        if channel is None:
            raise Refused(404, "channel_not_found")
        if body.get("delete_original") or body.get("replace_original"):
            self._act_on_original(team, channel, url, body)
            return
        draft = Draft(str(body.get("text", ""))[:MAX_TEXT], body.get("blocks") or [])
        if body.get("response_type") == "in_channel":
            draft.thread_ts = body.get("thread_ts") or None
            user = team.app.bot_user_id if team.app else url.user
            self._posting.post(team, channel, user, draft)
        else:
            draft.thread_ts = body.get("thread_ts") or url.thread_ts
            self._posting.whisper(team, channel.id, url.user, draft)

    def _act_on_original(self, team: Team, channel: Channel, url: ResponseUrl, body: Json) -> None:
        original = self._original(team, channel, url)
        if isinstance(original, Ephemeral):
            self._act_on_ephemeral(original, body)
        elif body.get("delete_original"):
            self._posting.remove(team, channel, original)
        else:
            changes: Json = {"text": str(body.get("text", ""))[:MAX_TEXT], "blocks": body.get("blocks") or []}
            self._posting.change(team, channel, original, changes, by=original.user)

    def _original(self, team: Team, channel: Channel, url: ResponseUrl) -> Message | Ephemeral:
        if url.source == "command" or url.message_ts is None:
            raise Refused(404, "no_original_message")
        if url.ephemeral:
            for shown in team.ephemerals:
                if shown.ts == url.message_ts and not shown.gone:
                    return shown
            raise Refused(404, "message_not_found")
        message = channel.messages.get(url.message_ts)
        if message is None or message.deleted:
            raise Refused(404, "message_not_found")
        return message

    def _act_on_ephemeral(self, shown: Ephemeral, body: Json) -> None:
        shown.past.append({"text": shown.text, "blocks": shown.blocks, "ts": shown.ts})
        if body.get("delete_original"):
            shown.gone = True
        else:
            fresh = Draft(str(body.get("text", "")), body.get("blocks") or [])
            shown.text, shown.blocks = fresh.text, named(fresh.blocks)
        self._world.changes.touch(f"person:{shown.user}")


def response_url_for(
    world: World,
    team: Team,
    user: str,
    channel: str,
    message: Message | Ephemeral | None = None,
) -> ResponseUrl:
    """A fresh response_url: of a command, or of a click on `message`."""
    return ResponseUrl(
        key=new_id("R") + new_id("R"),
        team_id=team.id,
        user=user,
        channel=channel,
        source="command" if message is None else "action",
        message_ts=message.ts if message else None,
        ephemeral=isinstance(message, Ephemeral),
        thread_ts=message.thread_ts if message else None,
    )


def _check(body: Json) -> None:
    blocks = body.get("blocks")
    if blocks is not None and message_faults(blocks):
        raise Refused(400, "invalid_blocks")
    if not body.get("delete_original") and not (body.get("text") or blocks or body.get("attachments")):
        raise Refused(400, "no_text")
