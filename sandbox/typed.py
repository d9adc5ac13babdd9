"""What Slack makes of text somebody types: links and mentions are encoded, `&`, `<` and `>` are escaped."""

import re

from sandbox.jsontypes import Json
from sandbox.state import Team

_URL = r"https?://[^\s<>|]+[^\s<>|.,;:!?)\]'\"]"
_PATH = r"(?:/[^\s<>|]*[^\s<>|.,;:!?)\]'\"])?"
_BARE = rf"(?<![\w@./-])(?:[a-z0-9-]+\.)+(?:com|org|net|io|dev|example){_PATH}(?![\w-])"
_EMAIL = r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
_PERSON = r"(?<![\w@])@[a-z0-9_.-]*[a-z0-9_]"
_CHANNEL = r"(?<![\w#&])#[a-z0-9_-]+"
_READY = r"<(?:[@#!]|https?://|mailto:)[^<>]+>"
_TOKEN = re.compile(
    f"(?P<ready>{_READY})|(?P<url>{_URL})|(?P<email>{_EMAIL})|(?P<bare>{_BARE})"
    f"|(?P<person>{_PERSON})|(?P<channel>{_CHANNEL})",
    re.IGNORECASE,
)
_LINK = re.compile(r"<(https?://[^|<>]+)(?:\|([^<>]*))?>")


def escape(text: str) -> str:
    """The three characters Slack escapes."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def encode_typed(text: str, team: Team) -> str:
    """Typed text as it arrives in events. What is already encoded (`<@U1>`, `<https://…>`) is left alone."""
    parts: list[str] = []
    place = 0
    for found in _TOKEN.finditer(text):
        parts += [escape(text[place : found.start()]), _encode(found, team)]
        place = found.end()
    return "".join([*parts, escape(text[place:])])


def links_in(text: str) -> list[str]:
    """The addresses of encoded links."""
    return [match.group(1).replace("&amp;", "&") for match in _LINK.finditer(text)]


def rich_text_of(text: str) -> list[Json]:
    """The rich_text block Slack's clients send along with typed text."""
    elements: list[Json] = []
    place = 0
    for found in _LINK.finditer(text):
        if found.start() > place:
            elements.append({"type": "text", "text": _plain(text[place : found.start()])})
        link: Json = {"type": "link", "url": found.group(1).replace("&amp;", "&")}
        elements.append(link | ({"text": found.group(2)} if found.group(2) else {}))
        place = found.end()
    if place < len(text):
        elements.append({"type": "text", "text": _plain(text[place:])})
    return [
        {
            "type": "rich_text",
            "block_id": "typed",
            "elements": [{"type": "rich_text_section", "elements": elements}],
        }
    ]


def _plain(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _encode(found: re.Match[str], team: Team) -> str:
    raw = found.group()
    match found.lastgroup:
        case "ready":
            return raw
        case "url":
            return f"<{escape(raw)}>"
        case "email":
            return f"<mailto:{raw}|{raw}>"
        case "bare":
            return f"<http://{escape(raw)}|{escape(raw)}>"
        case "person":
            person = team.person(raw)
            return f"<@{person.id}>" if person else raw
        case _:
            channel = team.channel(raw)
            return f"<#{channel.id}|{channel.name}>" if channel else escape(raw)
