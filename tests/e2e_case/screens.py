"""What everybody has on their screens in the end, in a form that two runs can be compared by."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence

from sandbox.case import HOME
from sandbox.client import Message, Workspace

# Times differ between runs, and so does who happens to finish last.
_DATE = re.compile(r"<!date\^[^>]*>")
_LAST_ONE = re.compile(
    r"(Everybody has answered now|\w+ (person|people) still to go)\. The result is posted[^.]*\."
)

Screens = Mapping[str, Sequence[str]]


async def screens(workspace: Workspace) -> Screens:
    """By person and for the home channel: every message with its buttons, and how often each was pinged."""
    names = {user_id: name for name, user_id in (await workspace.ids()).items()}
    shown: dict[str, Sequence[str]] = {HOME: _lines(await workspace.messages(HOME), names)}
    for name in sorted(names.values()):
        person = workspace.person(name)
        screen = await person.screen()
        shown[name] = _lines(await workspace.messages(screen.dm) if screen.dm else [], names)
        shown[f"{name}, whispers"] = _lines(screen.ephemerals, names)
        pings = Counter(ping.reason for ping in screen.notifications)
        shown[f"{name}, pings"] = [f"{reason}: {count}" for reason, count in sorted(pings.items())]
    return shown


async def keys_posted(workspace: Workspace) -> Counter[str]:
    """How often each of the bot's messages is there, by the key it carries."""
    names = await workspace.ids()
    keys: Counter[str] = Counter()
    channels = {
        HOME,
        *[screen.dm for screen in [await workspace.person(n).screen() for n in names] if screen.dm],
    }
    for channel in channels:
        keys.update(_key(one) for one in await workspace.messages(channel) if one.from_bot)
    return keys


def _key(message: Message) -> str:
    if message.files:
        return str(message.files[0]["name"])
    metadata = message.metadata or {}
    return str(metadata.get("event_payload", {}).get("key") or f"none: {message.text[:80]}")


def _lines(messages: Sequence[Message], names: Mapping[str, str]) -> list[str]:
    return sorted(_line(one, names) for one in messages)


def _line(message: Message, names: Mapping[str, str]) -> str:
    text = _LAST_ONE.sub("LAST", _DATE.sub("DATE", f"{message.text}\n{message.all_text}"))
    for user_id, name in names.items():
        text = text.replace(user_id, name)
    who = names.get(message.user or "", "") if not message.from_bot else "slipway"
    files = [str(file["title"]) for file in message.files]
    return f"{who} {'reply' if message.thread_ts else 'root'}: {text} {message.buttons} {files}"


async def questions_twice(workspace: Workspace) -> list[str]:
    """Messages of the same words that somebody has more than once in one thread of their DM."""
    twice = []
    for name in await workspace.ids():
        screen = await workspace.person(name).screen()
        if not screen.dm:
            continue
        said = Counter(
            (one.thread_ts, one.text)
            for one in await workspace.messages(screen.dm)
            if one.from_bot and not one.files
        )
        twice += [f"{name}: {text[:100]}" for (_, text), count in said.items() if count > 1]
    return twice
