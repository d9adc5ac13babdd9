"""Slack on a terminal: messages, buttons and forms as plain lines.

Turns Slack's markup into words a terminal shows. Knows messages and views, and nobody's commands.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sandbox.client import Message, View
from sandbox.jsontypes import Json
from sandbox.validator import options_of

_DATE = re.compile(r"<!date\^\d+\^[^|>]*\|([^>]*)>")
_MENTION = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^>]*)?>")
_CHANNEL = re.compile(r"<#(C[A-Z0-9]+)(?:\|([^>]*))?>")
_LABELLED_LINK = re.compile(r"<(https?://[^|>]+)\|([^>]*)>")
_LINK = re.compile(r"<(https?://[^>]+)>")
_BOLD = re.compile(r"(?<![\w*])\*([^*\n]+)\*(?![\w*])")
_SOFT = re.compile(r"(?<![\w_])_([^_\n]+)_(?![\w_])")
_EMOJI: Mapping[str, str] = {
    ":red_circle:": "(red)",
    ":large_orange_diamond:": "(amber)",
    ":white_check_mark:": "(green)",
    ":warning:": "(!)",
}


@dataclass(frozen=True)
class Control:
    """Something that can be clicked: a button, or one option of a choice."""

    label: str
    action_id: str
    block_id: str
    option: str | None = None


def plain(text: str, names: Mapping[str, str]) -> str:
    """Slack's markup as plain words; `names` are people and channels by id."""
    text = _DATE.sub(r"\1", text)
    text = _MENTION.sub(lambda found: "@" + names.get(found[1], found[1]), text)
    text = _CHANNEL.sub(lambda found: "#" + (found[2] or names.get(found[1], found[1])), text)
    text = _LABELLED_LINK.sub(r"\2 (\1)", text)
    text = _LINK.sub(r"\1", text)
    text = _SOFT.sub(r"\1", _BOLD.sub(r"\1", text))
    for emoji, word in _EMOJI.items():
        text = text.replace(emoji, word)
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def words_of(shown: Message | View, names: Mapping[str, str]) -> list[str]:
    """What a message or form says, without its controls."""
    lines: list[str] = []
    for block in shown.blocks:
        lines += [plain(line, names) for text in _said(block) for line in text.split("\n")]
    if not lines and isinstance(shown, Message):
        lines = [plain(line, names) for line in shown.text.split("\n")]
    return lines


def controls_of(shown: Message | View) -> list[Control]:
    """Everything that can be clicked, in order; every option of a choice on its own."""
    found: list[Control] = []
    for block in shown.blocks:
        if block["type"] == "input":
            continue
        found += [control for element in _elements(block) for control in _controls(block, element)]
    return found


def fields_of(view: View) -> list[tuple[str, str, Sequence[str]]]:
    """A form's inputs: block id, label, and what can be chosen."""
    return [
        (
            block["block_id"],
            block["label"]["text"],
            [option["text"]["text"] for option in options_of(block["element"])],
        )
        for block in view.blocks
        if block["type"] == "input"
    ]


def _said(block: Json) -> Iterator[str]:
    if block["type"] == "context":
        yield from (element["text"] for element in block["elements"] if "text" in element)
    elif block["type"] == "image":
        yield f"[picture: {block['alt_text']}]"
    elif isinstance(block.get("text"), dict):
        yield block["text"]["text"]
    for field in block.get("fields", ()):
        yield field["text"]


def _elements(block: Json) -> list[Json]:
    own = [block["accessory"]] if "accessory" in block else []
    return own + (block["elements"] if block["type"] == "actions" else [])


def _controls(block: Json, element: Json) -> list[Control]:
    place = (element["action_id"], block["block_id"])
    if element["type"] == "button":
        return [Control(element["text"]["text"], *place)]
    options = [option["text"]["text"] for option in options_of(element)]
    if options:
        return [Control(option, *place, option=option) for option in options]
    label = element.get("placeholder", {}).get("text", "Choose")
    return [Control(f"{label} (type the name after the number)", *place)]
