"""Checks messages and views the way Slack does: the tables of `sandbox.blockspec` plus what no table can say.

Names of blocks and elements must be unique, options must exist, an input needs a submit button, and so on.
"""

import json
from collections.abc import Iterator

from sandbox.blockspec import BLOCKS, HOME, HOME_VIEW, MESSAGE, MESSAGE_BLOCKS, METADATA, MODAL, MODAL_VIEW
from sandbox.contract import MAX_MARKDOWN_TEXT, MAX_METADATA_BYTES, MAX_TABLE_TEXT
from sandbox.jsontypes import Json
from sandbox.specs import Fault, faults


def message_faults(blocks: object) -> list[Fault]:
    """What Slack would refuse in the blocks of a message."""
    found = list(faults(MESSAGE_BLOCKS, blocks, "/blocks"))
    return found or list(_across(_dicts(blocks), MESSAGE, "/blocks"))


def view_faults(view: object) -> list[Fault]:
    """What Slack would refuse in a modal or a Home view."""
    kind = view.get("type") if isinstance(view, dict) else None
    if not isinstance(view, dict) or kind not in (MODAL, HOME):
        return [Fault("/view/type", f"unsupported type: {kind}")]
    found = list(faults(MODAL_VIEW if kind == MODAL else HOME_VIEW, view, "/view"))
    if found:
        return found
    found.extend(_across(_dicts(view["blocks"]), kind, "/view/blocks"))
    has_input = any(block["type"] == "input" for block in view["blocks"])
    if kind == MODAL and has_input and not view.get("submit"):
        found.append(Fault("/view", "missing required field: submit (the view has an input block)"))
    return found


def metadata_fault(metadata: object) -> str | None:
    """Slack's error for message metadata, or None."""
    if metadata is None or metadata == {}:
        return None
    if list(faults(METADATA, metadata, "/metadata")) or not isinstance(metadata, dict):
        return "invalid_metadata_format"
    if not isinstance(metadata["event_payload"], dict):
        return "invalid_metadata_schema"
    if len(json.dumps(metadata)) > MAX_METADATA_BYTES:
        return "metadata_too_large"
    return None


def elements_of(block: Json) -> list[Json]:
    """The interactive elements of a block, in reading order."""
    kind = block.get("type")
    if kind in ("actions", "context_actions"):
        return _dicts(block.get("elements"))
    if kind == "card":
        return _dicts(block.get("actions"))
    if kind in ("carousel", "container"):
        within = _dicts(block.get("elements")) + _dicts(block.get("child_blocks"))
        return [element for child in within for element in elements_of(child)]
    inner = block.get("accessory") if kind == "section" else block.get("element") if kind == "input" else None
    return [inner] if isinstance(inner, dict) and inner.get("type") != "image" else []


def options_of(element: Json) -> list[Json]:
    """All options of an element, those in groups included."""
    groups = _dicts(element.get("option_groups"))
    return _dicts(element.get("options")) + [one for group in groups for one in _dicts(group.get("options"))]


def _dicts(value: object) -> list[Json]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _across(blocks: list[Json], surface: str, at: str) -> Iterator[Fault]:
    yield from _wrong_surface(blocks, surface, at)
    yield from _repeated_ids(blocks, at)
    yield from _totals(blocks, at)
    for place, block in enumerate(blocks):
        for element in elements_of(block):
            yield from _element_faults(element, block, surface, f"{at}/{place}")
    if sum(bool(e.get("focus_on_load")) for block in blocks for e in elements_of(block)) > 1:
        yield Fault(at, "only one element may have focus_on_load")


def _wrong_surface(blocks: list[Json], surface: str, at: str) -> Iterator[Fault]:
    for place, block in enumerate(blocks):
        if surface not in BLOCKS[block["type"]].only_on:
            yield Fault(f"{at}/{place}", f"unsupported type: {block['type']} is not allowed in a {surface}")


def _repeated_ids(blocks: list[Json], at: str) -> Iterator[Fault]:
    seen_blocks: set[str] = set()
    seen_actions: set[str] = set()
    for place, block in enumerate(blocks):
        block_id = block.get("block_id")
        if block_id and block["type"] != "markdown":
            if block_id in seen_blocks:
                yield Fault(f"{at}/{place}/block_id", f"`block_id` {block_id} already exists")
            seen_blocks.add(block_id)
        for element in elements_of(block):
            action_id = element.get("action_id")
            if action_id and action_id in seen_actions:
                yield Fault(f"{at}/{place}", f"`action_id` {action_id} already exists")
            if action_id:
                seen_actions.add(action_id)


def _totals(blocks: list[Json], at: str) -> Iterator[Fault]:
    if sum(len(block["text"]) for block in blocks if block["type"] == "markdown") > MAX_MARKDOWN_TEXT:
        yield Fault(at, f"markdown text must be less than {MAX_MARKDOWN_TEXT + 1} characters in all")
    yield from _nested(blocks, at)
    for kind, most in (("data_visualization", 2), ("table", 1)):
        if sum(block["type"] == kind for block in blocks) > most:
            yield Fault(at, f"no more than {most} {kind} blocks allowed")


def _nested(blocks: list[Json], at: str) -> Iterator[Fault]:
    in_tables = [
        cell for block in blocks if block["type"] == "data_table" for row in block["rows"] for cell in row
    ]
    if sum(len(str(cell.get("text", cell.get("value", "")))) for cell in in_tables) > MAX_TABLE_TEXT:
        yield Fault(at, f"no more than {MAX_TABLE_TEXT} characters of data_table allowed")
    for place, block in enumerate(blocks):
        tasks = [task["task_id"] for task in block.get("tasks") or []]
        if len(tasks) != len(set(tasks)):
            yield Fault(f"{at}/{place}/tasks", "task_id must be unique")
        if block["type"] == "task_card" and block["status"] == "pending":
            yield Fault(f"{at}/{place}/status", "pending is only allowed inside a plan")
        if block.get("is_collapsible") and block.get("has_header_divider"):
            yield Fault(f"{at}/{place}", "has_header_divider is not allowed with is_collapsible")


def _element_faults(element: Json, block: Json, surface: str, at: str) -> Iterator[Fault]:
    options = options_of(element)
    values = [option["value"] for option in options]
    if len(values) != len(set(values)):
        yield Fault(at, "option values must be unique")
    initial = _dicts([element.get("initial_option")]) + _dicts(element.get("initial_options"))
    if options and any(one not in options for one in initial):
        yield Fault(at, "initial_option must exactly match one of the options")
    if element.get("response_url_enabled") and (surface != MODAL or block["type"] != "input"):
        yield Fault(at, "response_url_enabled is only allowed in input blocks of a modal")
    low, high = element.get("min_length"), element.get("max_length")
    if low is not None and high is not None and low > high:
        yield Fault(at, "min_length must not be greater than max_length")
