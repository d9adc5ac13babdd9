"""Block Kit's limits: each block and element is taken at its limit and refused one beyond."""

from collections.abc import Callable

import pytest

from sandbox.jsontypes import Json
from sandbox.validator import message_faults, metadata_fault, view_faults
from tests.sandbox.echo_bot import modal


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str) -> Json:
    return {"type": "mrkdwn", "text": text}


def options(count: int, text: str = "o") -> list[Json]:
    return [{"text": plain(f"{text}{n}"), "value": str(n)} for n in range(count)]


def actions(*elements: Json) -> Json:
    return {"type": "actions", "elements": list(elements)}


def button(size: int = 5, **extra: object) -> Json:
    return {"type": "button", "text": plain("x" * size), **extra}


def segments(count: int) -> Json:
    parts = [{"label": f"s{n}", "value": n + 1} for n in range(count)]
    return {"type": "data_visualization", "title": "t", "chart": {"type": "pie", "segments": parts}}


def series(count: int, points: int = 2) -> Json:
    labels = [f"c{n}" for n in range(points)]
    data = [{"label": label, "value": 1} for label in labels]
    all_series = [{"name": f"n{n}", "data": data} for n in range(count)]
    chart = {"type": "bar", "series": all_series, "axis_config": {"categories": labels}}
    return {"type": "data_visualization", "title": "t", "chart": chart}


def table(rows: int, columns: int) -> Json:
    row = [{"type": "raw_text", "text": "x"}] * columns
    return {"type": "table", "rows": [row] * rows}


def select(kind: str, **extra: object) -> Json:
    return {"type": kind, "action_id": "a", **extra}


def data_table(rows: int, columns: int = 2, text: str = "x") -> Json:
    row = [{"type": "raw_text", "text": text}] * columns
    return {"type": "data_table", "caption": "c", "rows": [row] * rows}


def task(number: int, status: str = "complete") -> Json:
    return {"type": "task_card", "task_id": f"t{number}", "title": "x", "status": status}


def a_card(**extra: object) -> Json:
    return {"type": "card", "title": plain("x"), **extra}


SIZED: dict[str, tuple[Callable[[int], Json], int]] = {
    "section text": (lambda n: {"type": "section", "text": mrkdwn("x" * n)}, 3_000),
    "section fields": (lambda n: {"type": "section", "fields": [mrkdwn("x")] * n}, 10),
    "section field": (lambda n: {"type": "section", "fields": [mrkdwn("x" * n)]}, 2_000),
    "header": (lambda n: {"type": "header", "text": plain("x" * n)}, 150),
    "context": (lambda n: {"type": "context", "elements": [mrkdwn("x")] * n}, 10),
    "actions": (lambda n: actions(*[button() for _ in range(n)]), 25),
    "button text": (lambda n: actions(button(n)), 75),
    "button value": (lambda n: actions(button(value="x" * n)), 2_000),
    "radio options": (lambda n: actions(select("radio_buttons", options=options(n))), 10),
    "checkboxes": (lambda n: actions(select("checkboxes", options=options(n))), 10),
    "select options": (lambda n: actions(select("static_select", options=options(n))), 100),
    "overflow": (lambda n: actions(select("overflow", options=options(n))), 5),
    "option text": (lambda n: actions(select("overflow", options=options(1, "x" * (n - 1)))), 75),
    "placeholder": (lambda n: actions(select("users_select", placeholder=plain("x" * n))), 150),
    "action_id": (lambda n: actions(button(action_id="x" * n)), 255),
    "block_id": (lambda n: {"type": "divider", "block_id": "x" * n}, 255),
    "alt_text": (lambda n: {"type": "image", "image_url": "https://x.example", "alt_text": "x" * n}, 2_000),
    "markdown": (lambda n: {"type": "markdown", "text": "x" * n}, 12_000),
    "table rows": (lambda n: table(n, 2), 100),
    "table columns": (lambda n: table(2, n), 20),
    "pie segments": (segments, 6),
    "bar series": (series, 6),
    "data_table rows": (data_table, 201),
    "carousel": (lambda n: {"type": "carousel", "elements": [a_card()] * n}, 10),
    "card body": (lambda n: a_card(body=mrkdwn("x" * n)), 200),
    "card buttons": (lambda n: a_card(actions=[button() for _ in range(n)]), 3),
    "container": (
        lambda n: {"type": "container", "title": plain("x"), "child_blocks": [{"type": "divider"}] * n},
        10,
    ),
    "plan": (lambda n: {"type": "plan", "title": "x", "tasks": [task(i) for i in range(n)]}, 50),
    "bar points": (lambda n: series(1, n), 20),
}


@pytest.mark.parametrize("name", SIZED)
def test_a_block_is_taken_at_its_limit_and_refused_beyond(name: str) -> None:
    make, limit = SIZED[name]
    assert message_faults([make(limit)]) == []
    found = message_faults([make(limit + 1)])
    assert found
    assert found[0].pointer.startswith("/blocks/0")


WRONG: dict[str, list[Json]] = {
    "no text": [{"type": "section"}],
    "empty text": [{"type": "section", "text": mrkdwn("")}],
    "unknown block": [{"type": "sparkle"}],
    "unknown key": [{"type": "divider", "colour": "red"}],
    "mrkdwn header": [{"type": "header", "text": mrkdwn("x")}],
    "same block_id": [{"type": "divider", "block_id": "a"}] * 2,
    "same action_id": [actions(button(action_id="a")), actions(button(action_id="a"))],
    "no options": [actions(select("radio_buttons", options=[]))],
    "same values": [actions(select("overflow", options=options(1) * 2))],
    "foreign initial option": [
        actions(select("radio_buttons", options=options(2), initial_option=options(3)[2]))
    ],
    "image without alt": [{"type": "image", "image_url": "https://x.example"}],
    "image twice": [{"type": "image", "image_url": "u", "slack_file": {"id": "F01234567"}, "alt_text": "x"}],
    "input element in actions": [actions(select("plain_text_input"))],
    "alert in a message": [{"type": "alert", "text": mrkdwn("x")}],
    "three charts": [segments(1), segments(2), segments(3)],
    "two tables": [table(1, 1), table(1, 1)],
    "markdown in all": [{"type": "markdown", "text": "x" * 7_000}] * 2,
    "bad date": [actions(select("datepicker", initial_date="1.2.2026"))],
    "bad style": [actions(button(style="loud"))],
    "number input without decimals": [
        {"type": "input", "label": plain("n"), "element": select("number_input")},
    ],
    "empty card": [{"type": "card", "subtitle": plain("x")}],
    "pending task outside a plan": [task(1, "pending")],
    "same task twice": [{"type": "plan", "title": "x", "tasks": [task(1), task(1)]}],
    "too much in data_tables": [data_table(201, 20, "x" * 10)],
    "header of one row": [data_table(1)],
    "same action_id in a container": [
        {"type": "container", "title": plain("x"), "child_blocks": [actions(button(action_id="a"))]},
        actions(button(action_id="a")),
    ],
    "unknown context action": [{"type": "context_actions", "elements": [button()]}],
    "51 blocks": [{"type": "divider"}] * 51,
}


@pytest.mark.parametrize("name", WRONG)
def test_what_slack_refuses_in_a_message_is_refused(name: str) -> None:
    assert message_faults(WRONG[name])


def test_everything_the_bot_uses_is_taken_in_a_message() -> None:
    confirm = {"title": plain("t"), "text": mrkdwn("x"), "confirm": plain("y"), "deny": plain("n")}
    blocks = [
        {
            "type": "section",
            "text": mrkdwn("x"),
            "accessory": button(action_id="b", style="danger", confirm=confirm),
        },
        {
            "type": "rich_text",
            "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "x"}]}],
        },
        actions(
            select("multi_users_select", max_selected_items=3),
            {"type": "conversations_select", "action_id": "c", "filter": {"include": ["public"]}},
            {"type": "datepicker", "action_id": "d", "initial_date": "2026-02-01"},
        ),
        {"type": "context", "elements": [mrkdwn("x"), {"type": "image", "image_url": "u", "alt_text": "a"}]},
        series(2),
    ]
    assert message_faults(blocks) == []


VIEWS: dict[str, Json] = {
    "no title": {"type": "modal", "blocks": [{"type": "divider"}]},
    "long title": modal("x" * 25),
    "input without submit": modal() | {"submit": None},
    "no blocks": modal(blocks=[]),
    "101 blocks": modal(blocks=[{"type": "divider"}] * 101),
    "chart in a modal": modal(blocks=[segments(2)]),
    "table in a modal": modal(blocks=[table(1, 1)]),
    "markdown in a modal": modal(blocks=[{"type": "markdown", "text": "x"}]),
    "long metadata": modal(private_metadata="x" * 3_001),
    "home with a title": {"type": "home", "title": plain("x"), "blocks": [{"type": "divider"}]},
    "unknown type": {"type": "workflow", "blocks": []},
}


@pytest.mark.parametrize("name", VIEWS)
def test_what_slack_refuses_in_a_view_is_refused(name: str) -> None:
    assert view_faults(VIEWS[name])


def test_a_good_view_is_taken() -> None:
    assert view_faults(modal()) == []
    assert view_faults({"type": "home", "blocks": [segments(3), table(2, 2)]}) == []


def test_metadata_has_a_shape() -> None:
    assert metadata_fault({"event_type": "a", "event_payload": {}}) is None
    assert metadata_fault({"event_type": "a"}) == "invalid_metadata_format"
    assert metadata_fault({"event_type": "a", "event_payload": "x"}) == "invalid_metadata_schema"
    assert metadata_fault({"event_type": "a", "event_payload": {"x": "y" * 17_000}}) == "metadata_too_large"
