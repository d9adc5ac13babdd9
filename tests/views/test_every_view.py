"""What holds for every message and every modal of the diagnosis, whatever people have written into it."""

import json
import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.views import actions
from bot.views.check import check_message, check_view, elements_of
from tests.views.samples import MESSAGES, MODALS

HOSTILE = [
    "",
    " \u200b",
    "x" * 50_000,
    "&<>" * 5_000,
    "<!channel> <@U0EVIL> <https://evil.example|click>",
    "😀" * 5_000,
    "a\n" * 5_000,
    "\ud800 \x00 \x07",
    "> quoted `code` *bold* _i_ ~s~",
    "ﷺ" * 4_000,
]

_TEXTS = st.sampled_from(HOSTILE) | st.text(max_size=200) | st.text(min_size=3_000, max_size=3_200)


@pytest.mark.parametrize("name", MESSAGES)
@pytest.mark.parametrize("text", HOSTILE)
def test_slack_takes_every_message_whatever_was_written(name: str, text: str) -> None:
    message = MESSAGES[name](text).to_dict()
    assert check_message(message) == []
    json.dumps(message).encode("utf-8")


@pytest.mark.parametrize("name", MODALS)
@pytest.mark.parametrize("text", HOSTILE)
def test_slack_takes_every_modal_whatever_was_written(name: str, text: str) -> None:
    modal = MODALS[name](text).to_dict()
    assert check_view(modal) == []
    json.dumps(modal).encode("utf-8")


@given(st.sampled_from(sorted(MESSAGES)), _TEXTS)
@example("my answers", "&amp;<@U1" * 900)
@settings(deadline=None)
def test_any_text_makes_a_message_that_slack_takes(name: str, text: str) -> None:
    assert check_message(MESSAGES[name](text).to_dict()) == []


@given(st.sampled_from(sorted(MODALS)), _TEXTS)
@settings(deadline=None)
def test_any_text_makes_a_modal_that_slack_takes(name: str, text: str) -> None:
    assert check_view(MODALS[name](text).to_dict()) == []


@pytest.mark.parametrize("name", MESSAGES)
def test_nobody_is_mentioned_by_what_a_person_wrote(name: str) -> None:
    message = MESSAGES[name]("<!channel> <!here> <@U0EVIL> <https://evil.example|click>")
    texts = [message.text, *_markup(message.to_dict())]
    assert not [text for text in texts if re.search(r"<!channel|<!here|<@U0EVIL|<https://evil", text)]


@pytest.mark.parametrize("name", MESSAGES)
def test_the_fallback_says_all_that_the_blocks_say(name: str) -> None:
    message = MESSAGES[name]("Short words")
    said = [text for text in _markup(message.to_dict())]
    labels = [
        element["text"]["text"] for element in elements_of(message.blocks) if element["type"] == "button"
    ]
    if not message.text.endswith("…"):
        assert [text for text in said if text not in message.text] == []
        assert [label for label in labels if label not in message.text] == []


@pytest.mark.parametrize("name", MESSAGES)
def test_every_control_has_a_known_route_and_the_same_message_has_the_same_ids(name: str) -> None:
    message = MESSAGES[name]("Short words")
    routes = {value for value in vars(actions).values() if isinstance(value, str)}
    assert {actions.route_of(element["action_id"]) for element in elements_of(message.blocks)} <= routes
    assert MESSAGES[name]("Short words") == message


@pytest.mark.parametrize("name", MODALS)
def test_every_modal_that_can_be_submitted_has_a_route(name: str) -> None:
    modal = MODALS[name]("Short words")
    routes = {value for value in vars(actions).values() if isinstance(value, str)}
    assert modal.submit is None or modal.callback_id in routes


@pytest.mark.parametrize("name", MESSAGES)
def test_the_key_of_a_message_takes_no_controls_place(name: str) -> None:
    message = MESSAGES[name]("Short words")
    keyed = message.keyed("key-1")
    assert keyed.blocks[0]["block_id"] == "key-1"
    assert keyed.blocks[0]["type"] in {"section", "context", "header"}
    assert keyed.blocks[1:] == message.blocks[1:]


def _markup(value: object) -> list[str]:
    if isinstance(value, dict):
        own = [value["text"]] if value.get("type") == "mrkdwn" else []
        return own + [text for each in value.values() for text in _markup(each)]
    if isinstance(value, list | tuple):
        return [text for each in value for text in _markup(each)]
    return []
