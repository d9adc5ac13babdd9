"""Finds what a person points at in blocks: an element by its action_id, block_id or visible text.

Also makes the `actions` entry Slack sends for it, and the value to keep in the state. No state of its own.
"""

import re
from dataclasses import dataclass

from sandbox.jsontypes import Json
from sandbox.state import Team
from sandbox.validator import elements_of, options_of
from sandbox.viewstate import value_key

_MULTI = ("checkboxes", "multi_static_select", "multi_external_select")
_PEOPLE = ("users_select", "multi_users_select")
_PLACES = ("conversations_select", "multi_conversations_select", "channels_select", "multi_channels_select")


class CannotDo(Exception):
    """A person could not do that; the text says what there is instead."""


@dataclass(frozen=True)
class Target:
    """An element in a block, and the option of it that was pointed at by name, if any."""

    block: Json
    element: Json
    option: Json | None = None


def find(blocks: list[Json], what: str, block_id: str | None = None) -> Target:
    """The element meant by `what`: action_id, block_id, label or text; an option's text or value."""
    everything = [
        (block, element)
        for block in blocks
        for element in elements_of(block)
        if block_id is None or block["block_id"] == block_id
    ]
    for matches in (_by_id, _by_text):
        for block, element in everything:
            if matches(block, element, what):
                return Target(block, element)
    for block, element in everything:
        option = find_option(element, what)
        if option is not None:
            return Target(block, element, option)
    offered = ", ".join(
        dict.fromkeys(name for block, element in everything for name in _names(block, element))
    )
    raise CannotDo(f"there is no {what!r} here; there is: {offered or 'nothing to click'}")


def find_option(element: Json, what: str) -> Json | None:
    """An option by value or visible text."""
    options = options_of(element)
    for option in options:
        if option["value"] == what:
            return option
    return next((option for option in options if _plain(option["text"]["text"]) == _plain(what)), None)


def chosen(element: Json, pick: object, team: Team) -> Json:
    """The state value of an element when `pick` was entered or chosen in it."""
    kind = str(element["type"])
    key = value_key(kind)
    if key is None:
        return {"type": kind}
    return {"type": kind, key: _value(element, kind, pick, team)}


def action_of(target: Target, value: Json, action_ts: str) -> Json:
    """The entry of `actions` in a block_actions payload."""
    element = target.element
    action: Json = {
        "type": element["type"],
        "action_id": element["action_id"],
        "block_id": target.block["block_id"],
        "action_ts": action_ts,
    }
    for name in ("text", "value", "style", "placeholder"):
        if name in element and element["type"] == "button":
            action[name] = element[name]
    if element["type"] == "overflow" and target.option:
        action["selected_option"] = target.option
    for name in element:
        if name.startswith("initial_"):
            action[name] = element[name]
    return action | {name: content for name, content in value.items() if name != "type"}


def _value(element: Json, kind: str, pick: object, team: Team) -> object:
    if pick is None:
        return [] if kind.startswith("multi_") or kind == "checkboxes" else None
    if kind in _MULTI:
        return [_option(element, one) for one in _many(pick)]
    if options_of(element):
        return _option(element, pick)
    if kind in _PEOPLE or kind in _PLACES:
        ids = [_id(kind, str(one), team) for one in _many(pick)]
        return ids if kind.startswith("multi_") else ids[0]
    if kind == "external_select" and isinstance(pick, dict):
        return pick
    return pick if kind == "datetimepicker" else str(pick)


def _option(element: Json, pick: object) -> Json:
    if isinstance(pick, dict):
        return pick
    found = find_option(element, str(pick))
    if found is None:
        texts = ", ".join(option["text"]["text"] for option in options_of(element))
        raise CannotDo(f"there is no option {pick!r}; there is: {texts}")
    return found


def _id(kind: str, name: str, team: Team) -> str:
    found = team.person(name) if kind in _PEOPLE else team.channel(name)
    if found is None:
        raise CannotDo(f"there is nobody and nothing called {name!r} to choose")
    return found.id


def _many(pick: object) -> list[object]:
    return list(pick) if isinstance(pick, list | tuple) else [pick]


def _by_id(block: Json, element: Json, what: str) -> bool:
    return what in (element["action_id"], block["block_id"])


def _by_text(block: Json, element: Json, what: str) -> bool:
    return _plain(what) in [_plain(name) for name in _names(block, element)[1:]]


def _names(block: Json, element: Json) -> list[str]:
    texts = [element.get("text"), block.get("label"), element.get("placeholder")]
    return [str(element["action_id"]), *(str(text["text"]) for text in texts if isinstance(text, dict))]


def _plain(text: str) -> str:
    bare = re.sub(r":[a-z0-9_+-]+:|[*_`~]", "", text).replace("’", "'")
    return " ".join(bare.split()).casefold()
