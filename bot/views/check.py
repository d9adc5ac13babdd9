"""A table-driven look at finished Block Kit JSON: everything Slack would refuse, named with its place.

Used by the renderer on each message and modal, and by the tests on every view. Knows no views.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from bot.views import limits
from bot.views.limits import is_blank, size

Json = dict[str, Any]  # Block Kit's JSON is open-ended: each block type has a shape of its own

_NOT_IN_MODAL: Final = frozenset(
    {"markdown", "table", "data_table", "data_visualization", "carousel", "container", "context_actions"}
)
_STYLES: Final = (None, "primary", "danger")


def check_message(message: Mapping[str, Any]) -> list[str]:
    """What Slack would refuse in `{"text": …, "blocks": […]}`; empty when it would be taken."""
    blocks: Sequence[Json] = message.get("blocks", [])
    faults = list(_text("text", message.get("text", ""), limits.MESSAGE_TEXT))
    faults += _count("blocks", blocks, 1, limits.BLOCKS_IN_MESSAGE)
    return faults + _all_blocks(blocks)


def check_view(view: Mapping[str, Any]) -> list[str]:
    """What Slack would refuse in a modal; empty when it would be taken."""
    blocks: Sequence[Json] = view.get("blocks", [])
    faults = list(_object("title", view.get("title"), limits.VIEW_TITLE))
    for name in ("submit", "close"):
        if name in view:
            faults += _object(name, view[name], limits.VIEW_BUTTON)
    if any(block["type"] == "input" for block in blocks) and "submit" not in view:
        faults.append("submit: needed because there is an input")
    faults += [
        f"blocks: {block['type']} is not for modals" for block in blocks if block["type"] in _NOT_IN_MODAL
    ]
    faults += _short("private_metadata", view.get("private_metadata"), limits.PRIVATE_METADATA)
    faults += _short("callback_id", view.get("callback_id"), limits.IDENTIFIER)
    faults += _short("external_id", view.get("external_id"), limits.IDENTIFIER)
    faults += _count("blocks", blocks, 1, limits.BLOCKS_IN_VIEW)
    if len(json.dumps(view).encode()) > limits.VIEW_BYTES:
        faults.append(f"view: more than {limits.VIEW_BYTES} bytes")
    return faults + _all_blocks(blocks)


def check_home(view: Mapping[str, Any]) -> list[str]:
    """What Slack would refuse in an App Home; empty when it would be taken."""
    blocks: Sequence[Json] = view.get("blocks", [])
    faults = _count("blocks", blocks, 1, limits.BLOCKS_IN_VIEW)
    if len(json.dumps(view).encode()) > limits.VIEW_BYTES:
        faults.append(f"view: more than {limits.VIEW_BYTES} bytes")
    return faults + _all_blocks(blocks)


def _all_blocks(blocks: Sequence[Json]) -> list[str]:
    faults: list[str] = []
    for index, block in enumerate(blocks):
        at = f"blocks[{index}]"
        faults += _short(f"{at}.block_id", block.get("block_id"), limits.IDENTIFIER)
        check = _BLOCKS.get(block["type"])
        faults += check(at, block) if check else [f"{at}: unknown block type {block['type']}"]
    faults += _twice("block_id", [block.get("block_id") for block in blocks])
    return faults + _twice("action_id", [element.get("action_id") for element in elements_of(blocks)])


def elements_of(blocks: Sequence[Json]) -> Iterator[Json]:
    """Every interactive element, in reading order."""
    for block in blocks:
        if block["type"] == "actions":
            yield from block["elements"]
        elif block["type"] == "input":
            yield block["element"]
        elif block.get("accessory", {}).get("action_id"):
            yield block["accessory"]


def _twice(name: str, values: Sequence[str | None]) -> list[str]:
    return [f"{name}: {value} twice" for value, times in Counter(values).items() if value and times > 1]


def _short(at: str, value: str | None, limit: int) -> Iterator[str]:
    if value is not None and size(value) > limit:
        yield f"{at}: {size(value)} of at most {limit} characters"


def _text(at: str, value: str, limit: int) -> Iterator[str]:
    if is_blank(value):
        yield f"{at}: empty"
    yield from _short(at, value, limit)


def _object(at: str, value: Json | None, limit: int) -> Iterator[str]:
    if value is None:
        yield f"{at}: missing"
    else:
        yield from _text(at, value.get("text", ""), limit)


def _count(at: str, values: Sequence[object], least: int, most: int) -> list[str]:
    return [] if least <= len(values) <= most else [f"{at}: {len(values)}, not {least} to {most}"]


def _section(at: str, block: Json) -> Iterator[str]:
    if "text" in block:
        yield from _object(f"{at}.text", block["text"], limits.SECTION_TEXT)
    elif not block.get("fields"):
        yield f"{at}: needs text or fields"
    if "fields" in block:
        yield from _count(f"{at}.fields", block["fields"], 1, limits.SECTION_FIELDS)
    for index, field in enumerate(block.get("fields", [])):
        yield from _object(f"{at}.fields[{index}]", field, limits.FIELD_TEXT)
    if "accessory" in block:
        yield from _element(f"{at}.accessory", block["accessory"])


def _header(at: str, block: Json) -> Iterator[str]:
    yield from _object(f"{at}.text", block.get("text"), limits.HEADER_TEXT)


def _context(at: str, block: Json) -> Iterator[str]:
    yield from _count(f"{at}.elements", block["elements"], 1, limits.CONTEXT_ELEMENTS)
    for index, element in enumerate(block["elements"]):
        if element["type"] == "image":
            yield from _text(f"{at}.elements[{index}].alt_text", element.get("alt_text", ""), limits.ALT_TEXT)
        else:
            yield from _object(f"{at}.elements[{index}]", element, limits.CONTEXT_TEXT)


def _actions(at: str, block: Json) -> Iterator[str]:
    yield from _count(f"{at}.elements", block["elements"], 1, limits.ACTIONS_ELEMENTS)
    for index, element in enumerate(block["elements"]):
        yield from _element(f"{at}.elements[{index}]", element)


def _input(at: str, block: Json) -> Iterator[str]:
    yield from _object(f"{at}.label", block.get("label"), limits.INPUT_LABEL)
    if "hint" in block:
        yield from _object(f"{at}.hint", block["hint"], limits.INPUT_HINT)
    yield from _element(f"{at}.element", block["element"])


def _image(at: str, block: Json) -> Iterator[str]:
    yield from _text(f"{at}.alt_text", block.get("alt_text", ""), limits.ALT_TEXT)
    yield from _short(f"{at}.image_url", block.get("image_url"), limits.IMAGE_URL)
    if ("slack_file" in block) == ("image_url" in block):
        yield f"{at}: needs slack_file or image_url, one of them"
    if "title" in block:
        yield from _object(f"{at}.title", block["title"], limits.IMAGE_TITLE)


def _nothing(at: str, block: Json) -> Iterator[str]:
    return iter(())


def _element(at: str, element: Json) -> Iterator[str]:
    yield from _text(f"{at}.action_id", element.get("action_id") or "", limits.IDENTIFIER)
    if "placeholder" in element:
        yield from _object(f"{at}.placeholder", element["placeholder"], limits.PLACEHOLDER)
    if "confirm" in element:
        yield from _confirm(f"{at}.confirm", element["confirm"])
    check = _ELEMENTS.get(element["type"])
    yield from check(at, element) if check else [f"{at}: unknown element {element['type']}"]


def _confirm(at: str, value: Json) -> Iterator[str]:
    yield from _object(f"{at}.title", value.get("title"), limits.CONFIRM_TITLE)
    yield from _object(f"{at}.text", value.get("text"), limits.CONFIRM_TEXT)
    yield from _object(f"{at}.confirm", value.get("confirm"), limits.CONFIRM_BUTTON)
    yield from _object(f"{at}.deny", value.get("deny"), limits.CONFIRM_BUTTON)


def _button(at: str, element: Json) -> Iterator[str]:
    yield from _object(f"{at}.text", element.get("text"), limits.BUTTON_TEXT)
    yield from _short(f"{at}.value", element.get("value"), limits.BUTTON_VALUE)
    yield from _short(f"{at}.url", element.get("url"), limits.BUTTON_URL)
    yield from _short(
        f"{at}.accessibility_label", element.get("accessibility_label"), limits.ACCESSIBILITY_LABEL
    )
    if element.get("style") not in _STYLES:
        yield f"{at}.style: {element['style']}"


def _options(most: int) -> Callable[[str, Json], Iterator[str]]:
    def check(at: str, element: Json) -> Iterator[str]:
        options: Sequence[Json] = element.get("options", [])
        yield from _count(f"{at}.options", options, 1, most)
        for index, choice in enumerate(options):
            yield from _object(f"{at}.options[{index}]", choice.get("text"), limits.OPTION_TEXT)
            yield from _text(f"{at}.options[{index}].value", choice.get("value", ""), limits.OPTION_VALUE)
            if "description" in choice:
                yield from _object(
                    f"{at}.options[{index}].description", choice["description"], limits.OPTION_DESCRIPTION
                )
        yield from _twice(f"{at}.options.value", [choice.get("value") for choice in options])
        yield from _initial(at, element, options)

    return check


def _initial(at: str, element: Json, options: Sequence[Json]) -> Iterator[str]:
    chosen = (
        [element["initial_option"]] if "initial_option" in element else element.get("initial_options", [])
    )
    if any(choice not in options for choice in chosen):
        yield f"{at}: the initial option is none of the options"


def _text_input(at: str, element: Json) -> Iterator[str]:
    most = element.get("max_length", limits.INPUT_LENGTH)
    if not 1 <= most <= limits.INPUT_LENGTH:
        yield f"{at}.max_length: {most}"
    yield from _short(f"{at}.initial_value", element.get("initial_value"), most)


def _number_input(at: str, element: Json) -> Iterator[str]:
    if "is_decimal_allowed" not in element:
        yield f"{at}.is_decimal_allowed: missing"
    for name in ("initial_value", "min_value", "max_value"):
        if not isinstance(element.get(name, ""), str):
            yield f"{at}.{name}: not a text"


_BLOCKS: Final[Mapping[str, Callable[[str, Json], Iterator[str]]]] = {
    "section": _section,
    "header": _header,
    "context": _context,
    "actions": _actions,
    "input": _input,
    "image": _image,
    "divider": _nothing,
}
_ELEMENTS: Final[Mapping[str, Callable[[str, Json], Iterator[str]]]] = {
    "button": _button,
    "radio_buttons": _options(limits.RADIO_OPTIONS),
    "checkboxes": _options(limits.RADIO_OPTIONS),
    "static_select": _options(limits.SELECT_OPTIONS),
    "overflow": _options(limits.OVERFLOW_OPTIONS),
    "users_select": _nothing,
    "multi_users_select": _nothing,
    "conversations_select": _nothing,
    "plain_text_input": _text_input,
    "number_input": _number_input,
    "url_text_input": _nothing,
    "datepicker": _nothing,
}
