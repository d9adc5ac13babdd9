"""Looks for a message in its conversation by its key, before it is sent a second time."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from bot.post.calls import Calls
from bot.post.errors import CannotLook, SaidNo
from bot.post.stamp import carries

_PAGE: Final = 200
_PAGES: Final = 10
# The clock that stamps messages may run behind the one that stamps rows.
_MARGIN: Final = timedelta(minutes=10)


async def find(
    calls: Calls, workspace_id: str, channel: str, thread_ts: str | None, since: datetime, public_key: str
) -> str | None:
    """The ts of the message with this key, or None when it is not there.

    Raises CannotLook when Slack does not let us read or there is too much to read, and the other
    CallFaults when looking may work later.
    """
    method = "conversations.replies" if thread_ts else "conversations.history"
    query: dict[str, str | int] = {
        "channel": channel,
        "oldest": f"{(since - _MARGIN).timestamp():.6f}",
        "limit": _PAGE,
        "include_all_metadata": 1,
    }
    if thread_ts:
        query["ts"] = thread_ts
    for _ in range(_PAGES):
        page = await _read(calls, workspace_id, method, query)
        for message in _messages(page):
            if carries(message, public_key):
                return str(message.get("ts"))
        cursor = _next_cursor(page)
        if not cursor:
            return None
        query["cursor"] = cursor
    raise CannotLook(f"more than {_PAGE * _PAGES} messages since it was written")


async def _read(
    calls: Calls, workspace_id: str, method: str, query: Mapping[str, str | int]
) -> Mapping[str, object]:
    try:
        return await calls.call(workspace_id, method, query=query)
    except SaidNo as no:
        raise CannotLook(f"{method}: {no}") from no


def _messages(page: Mapping[str, object]) -> list[Mapping[str, object]]:
    found = page.get("messages")
    return [message for message in found if isinstance(message, dict)] if isinstance(found, list) else []


def _next_cursor(page: Mapping[str, object]) -> str:
    about = page.get("response_metadata")
    return str(about.get("next_cursor") or "") if isinstance(about, dict) else ""
