"""How each kind of outbox row is sent: which calls, in which order, and what its failures mean.

Posts and uploads that may have arrived are looked for first; edits, views and Home are repeated;
whispers never. Knows rows and Slack's methods; when and how often is the pump's affair.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Final

from bot.post.calls import Calls
from bot.post.errors import NotSent, SaidNo, Unsure
from bot.post.looking import find
from bot.post.places import Places
from bot.post.stamp import file_name, marked, stamped
from bot.store.ledger import Outbox
from bot.store.outbox import Claimed

# A view that is closed or newer than ours needs no update: the person has gone on.
_VIEW_GONE: Final = frozenset({"not_found", "hash_conflict"})
# Retention or an admin took the message away, or nobody may edit it any more.
_MESSAGE_GONE: Final = frozenset({"message_not_found", "edit_window_closed", "cant_update_message"})
# What everybody has to see stays visible: it is posted anew where it can't be edited.
_POSTED_ANEW: Final = frozenset({"assessment"})
_ONLY_FOR_RESPONSE_URL: Final = frozenset({"replace_original", "delete_original", "response_type"})


# What a row of pictures asks to be drawn, to PNG bytes; somebody else's craft, off this event loop.
Draw = Callable[[object], Awaitable[bytes]]


@dataclass(frozen=True)
class Sent:
    """Where a row arrived. `note` says what was not as planned; `anew` that an edit became a new message."""

    channel: str | None = None
    ts: str | None = None
    note: str | None = None
    anew: bool = False


class Delivery:
    """Sends one claimed row. Raises CallFault or WorkspaceGoneError."""

    def __init__(self, calls: Calls, places: Places, draw: Draw) -> None:
        self._calls = calls
        self._places = places
        self._draw = draw
        self._ways: Mapping[str, Callable[[Claimed], Awaitable[Sent]]] = {
            "chat.postMessage": self._post,
            "chat.postEphemeral": self._whisper,
            "chat.update": self._edit,
            "views.update": self._show,
            "views.publish": self._show,
            "response_url": self._answer,
            "files.upload": self._upload,
        }

    async def send(self, claimed: Claimed) -> Sent:
        """Do what the row asks for."""
        way = self._ways.get(claimed.row.method)
        if way is None:
            raise SaidNo(claimed.row.method, "unknown_method", "Slipway does not know how to send this")
        return await way(claimed)

    async def _post(self, claimed: Claimed) -> Sent:
        row = claimed.row
        channel, thread_ts = await self._where(claimed)
        if claimed.unsure and (ts := await self._found(row, channel, thread_ts)):
            return Sent(channel, ts, note="found after an attempt whose answer was lost")
        sent = await self._new_message(row, channel, thread_ts)
        if channel == row.to and sent.channel:
            await self._places.learned(row, sent.channel)
        return sent

    async def _new_message(self, row: Outbox, channel: str, thread_ts: str | None) -> Sent:
        message = stamped(_args(row), row.public_key) | {"channel": channel}
        if thread_ts:
            message["thread_ts"] = thread_ts
        answer = await self._calls.call(row.workspace_id, "chat.postMessage", json=message)
        return Sent(str(answer.get("channel") or channel), str(answer.get("ts")))

    async def _whisper(self, claimed: Claimed) -> Sent:
        row = claimed.row
        channel, thread_ts = await self._where(claimed)
        message = {**_args(row), "channel": channel}
        if thread_ts:
            message["thread_ts"] = thread_ts
        await self._calls.call(row.workspace_id, "chat.postEphemeral", json=message)
        return Sent()

    async def _edit(self, claimed: Claimed) -> Sent:
        row, target = claimed.row, claimed.target
        if target is None or target.channel is None or target.ts is None:
            raise SaidNo("chat.update", "message_not_found", "the ledger does not know where it is")
        args = {name: value for name, value in _args(row).items() if name not in _ONLY_FOR_RESPONSE_URL}
        # The message keeps the key it was sent with.
        edited = stamped(args, target.public_key) | {"channel": target.channel, "ts": target.ts}
        try:
            await self._calls.call(row.workspace_id, "chat.update", json=edited)
        except SaidNo as no:
            if no.error not in _MESSAGE_GONE or row.kind not in _POSTED_ANEW:
                raise
            return await self._post_anew(claimed, target.channel, no)
        return Sent()

    async def _post_anew(self, claimed: Claimed, channel: str, why: SaidNo) -> Sent:
        row = claimed.row
        ts = await self._found(row, channel, None) if claimed.unsure else None
        if ts is None:
            ts = (await self._new_message(row, channel, None)).ts
        return Sent(channel, ts, note=f"posted anew: {why}", anew=True)

    async def _show(self, claimed: Claimed) -> Sent:
        row = claimed.row
        try:
            await self._calls.call(row.workspace_id, row.method, json=_args(row))
        except SaidNo as no:
            if no.error not in _VIEW_GONE:
                raise
            return Sent(note=str(no))
        return Sent()

    async def _answer(self, claimed: Claimed) -> Sent:
        row, target = claimed.row, claimed.target
        key = target.public_key if target else row.public_key
        try:
            await self._calls.answer(row.to, marked(_args(row), key))
        except SaidNo as no:
            if target is None or target.ts is None:
                raise
            # Used up or expired: the same content, by the slower way.
            sent = await self._edit(claimed)
            return Sent(sent.channel, sent.ts, note=f"by chat.update: {no}", anew=sent.anew)
        return Sent()

    async def _upload(self, claimed: Claimed) -> Sent:
        row, args = claimed.row, _args(claimed.row)
        channel, thread_ts = await self._where(claimed)
        if claimed.unsure and (ts := await self._found(row, channel, thread_ts)):
            return Sent(channel, ts, note="found after an attempt whose answer was lost")
        file_id = await self._uploaded(row)
        share: dict[str, object] = {
            "files": [{"id": file_id, "title": args.get("title", "")}],
            "channel_id": channel,
            "initial_comment": args.get("initial_comment") or None,
            "thread_ts": thread_ts,
        }
        given = {name: value for name, value in share.items() if value is not None}
        await self._calls.call(row.workspace_id, "files.completeUploadExternal", json=given)
        # Slack shares in its own time and does not say as which message.
        return Sent(channel)

    async def _uploaded(self, row: Outbox) -> str:
        """Give Slack the bytes; the file's id. Until it is shared nobody sees it: a failure is harmless."""
        picture = row.picture or await self._draw(_args(row).get("draw"))
        wanted: dict[str, str | int] = {"filename": file_name(row.public_key), "length": len(picture)}
        if alt_text := _args(row).get("alt_txt"):
            wanted["alt_txt"] = str(alt_text)
        try:
            place = await self._calls.call(row.workspace_id, "files.getUploadURLExternal", query=wanted)
            await self._calls.upload(str(place.get("upload_url")), picture)
        except Unsure as fault:
            raise NotSent(str(fault)) from fault
        return str(place.get("file_id"))

    async def _where(self, claimed: Claimed) -> tuple[str, str | None]:
        """Channel and thread: those of the message it hangs below, or the row's own."""
        row, target = claimed.row, claimed.target
        if row.thread_of and target and target.channel:
            return target.channel, target.ts
        thread_ts = _args(row).get("thread_ts")
        return await self._places.channel(row), str(thread_ts) if thread_ts else None

    async def _found(self, row: Outbox, channel: str, thread_ts: str | None) -> str | None:
        return await find(self._calls, row.workspace_id, channel, thread_ts, row.created_at, row.public_key)


def _args(row: Outbox) -> Mapping[str, object]:
    return row.args or {}
