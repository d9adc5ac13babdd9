"""Every element a bot may use can be clicked or filled, and arrives in Slack's shape."""

from collections.abc import AsyncIterator

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from sandbox import Sandbox
from sandbox.client import Message, Person, Refused, Workspace
from sandbox.jsontypes import Json
from tests.sandbox.echo_bot import card, modal
from tests.sandbox.listener import Listener, listening
from tests.sandbox.test_limits_and_faults import trigger, use
from tests.sandbox.test_validator import options, plain


@pytest.fixture
async def listener(sandbox: Sandbox) -> AsyncIterator[Listener]:
    async with listening(sandbox) as heard:
        yield heard


async def post(slack: AsyncWebClient, workspace: Workspace, blocks: list[Json]) -> Message:
    channel = await workspace.channel_id("pilot")
    posted = await slack.chat_postMessage(channel=channel, text="x", blocks=blocks)
    return next(one for one in await workspace.messages("pilot") if one.ts == posted["ts"])


OPTION = options(3)[1]
CHOICES: dict[str, tuple[Json, object, Json]] = {
    "button": ({"text": plain("Go"), "value": "v"}, None, {"value": "v", "text": plain("Go")}),
    "overflow": ({"options": options(3)}, "o1", {"selected_option": OPTION}),
    "radio_buttons": ({"options": options(3)}, "1", {"selected_option": OPTION}),
    "checkboxes": ({"options": options(3)}, ["o1"], {"selected_options": [OPTION]}),
    "static_select": ({"options": options(3)}, "o1", {"selected_option": OPTION}),
    "multi_static_select": ({"options": options(3)}, ["o1"], {"selected_options": [OPTION]}),
    "users_select": ({}, "jonas", {"selected_user": "U0JONAS"}),
    "multi_users_select": ({}, ["jonas"], {"selected_users": ["U0JONAS"]}),
    "conversations_select": ({}, "pilot", {"selected_conversation": "C0PILOT"}),
    "multi_conversations_select": ({}, ["#pilot"], {"selected_conversations": ["C0PILOT"]}),
    "datepicker": ({}, "2026-02-01", {"selected_date": "2026-02-01"}),
}


@pytest.mark.parametrize("kind", CHOICES)
async def test_a_choice_in_a_message_arrives_in_slacks_shape(
    slack: AsyncWebClient, workspace: Workspace, listener: Listener, mara: Person, kind: str
) -> None:
    fields, pick, expected = CHOICES[kind]
    element = {"type": kind, "action_id": "it", **fields}
    message = await post(slack, workspace, [{"type": "actions", "block_id": "b", "elements": [element]}])
    assert (await mara.click(message, "it", pick)).acked
    payload = listener.interactions[-1]
    ids = await workspace.ids()
    wanted = _with_ids(expected, {"U0JONAS": ids["jonas"], "C0PILOT": await workspace.channel_id("pilot")})
    action = payload["actions"][0]
    assert (action["type"], action["block_id"], action["action_id"]) == (kind, "b", "it")
    assert wanted.items() <= action.items()
    assert payload["container"] == {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": message.channel,
        "is_ephemeral": False,
    }
    assert payload["user"]["id"] == ids["mara"]
    if kind not in ("button", "overflow"):
        assert wanted.items() <= payload["state"]["values"]["b"]["it"].items()


def _with_ids(value: Json, ids: dict[str, str]) -> Json:
    def real(one: object) -> object:
        if isinstance(one, list):
            return [real(item) for item in one]
        return ids.get(one, one) if isinstance(one, str) else one

    return {name: real(content) for name, content in value.items()}


async def test_a_modal_with_every_input_arrives_whole(
    slack: AsyncWebClient, workspace: Workspace, listener: Listener, mara: Person
) -> None:
    elements: dict[str, Json] = {
        "Name": {"type": "plain_text_input"},
        "Budget": {"type": "number_input", "is_decimal_allowed": False, "min_value": "1"},
        "Where": {"type": "conversations_select", "default_to_current_conversation": True},
        "Stage": {"type": "static_select", "options": options(3)},
        "Who": {"type": "multi_users_select", "max_selected_items": 2},
        "Flags": {"type": "checkboxes", "options": options(3)},
        "When": {"type": "datepicker"},
        "Link": {"type": "url_text_input"},
    }
    blocks: list[Json] = [
        {
            "type": "input",
            "block_id": label.lower(),
            "label": plain(label),
            "element": element | {"action_id": "v"},
        }
        for label, element in elements.items()
    ]
    for number, block in enumerate(blocks):
        block["element"]["action_id"] = f"v{number}"
    await mara.command("/slipway", "new", channel="pilot")
    await slack.views_open(trigger_id=listener.interactions[-1]["trigger_id"], view=modal(blocks=blocks))
    values = {"Name": "Pilot", "Budget": "0", "Stage": "o2", "Who": ["jonas", "sam", "aiko"], "Flags": ["o1"]}
    refused = await mara.submit(values | {"When": "2026-02-01", "Link": "not a link"})
    assert set(refused.errors) == {"budget", "who", "link"}
    saved = await mara.submit({"Budget": "12", "Who": ["jonas"], "Link": "https://example.com"})
    assert saved.closed
    state = listener.interactions[-1]["view"]["state"]["values"]
    assert state["name"]["v0"] == {"type": "plain_text_input", "value": "Pilot"}
    assert state["budget"]["v1"]["value"] == "12"
    assert state["where"]["v2"]["selected_conversation"] == await workspace.channel_id("pilot")
    assert state["stage"]["v3"]["selected_option"]["value"] == "2"
    assert state["who"]["v4"]["selected_users"] == [(await workspace.ids())["jonas"]]
    assert [one["value"] for one in state["flags"]["v5"]["selected_options"]] == ["1"]
    assert state["when"]["v6"]["selected_date"] == "2026-02-01"
    assert state["link"]["v7"]["value"] == "https://example.com"


async def test_inputs_tell_the_bot_only_when_asked_to(
    slack: AsyncWebClient, listener: Listener, mara: Person
) -> None:
    quiet = modal()
    loud = modal()
    loud["blocks"][1]["dispatch_action"] = True
    opened = await slack.views_open(trigger_id=await trigger(mara, listener), view=quiet)
    view = await mara.modal()
    assert view is not None
    before = len(listener.interactions)
    await mara.click(view, "Who", pick="jonas")
    assert len(listener.interactions) == before
    await slack.views_update(view_id=opened["view"]["id"], view=loud)
    await mara.click(view, "Who", pick="sam")
    assert listener.interactions[-1]["type"] == "block_actions"
    assert listener.interactions[-1]["view"]["state"]["values"]["who"]["user"]["selected_user"]


async def test_an_ephemeral_is_clicked_replaced_and_removed(
    slack: AsyncWebClient, workspace: Workspace, listener: Listener, mara: Person
) -> None:
    channel = await workspace.channel_id("pilot")
    await slack.chat_postEphemeral(channel=channel, user=await mara.id(), text="psst", blocks=card(1))
    shown = (await mara.ephemerals())[0]
    await mara.click(shown, "Don't know")
    payload = listener.interactions[-1]
    assert payload["container"]["is_ephemeral"]
    assert "message" not in payload
    assert (await use(payload["response_url"], replace_original=True, text="changed"))[0] == 200
    assert [one.text for one in await mara.ephemerals()] == ["changed"]
    assert (await use(payload["response_url"], delete_original=True))[0] == 200
    assert await mara.ephemerals() == []
    with pytest.raises(Refused, match="gone"):
        await mara.click(shown, "Don't know")


async def test_options_are_asked_for_while_typing(
    slack: AsyncWebClient, workspace: Workspace, listener: Listener, mara: Person
) -> None:
    element = {"type": "external_select", "action_id": "ext", "min_query_length": 1}
    message = await post(slack, workspace, [{"type": "actions", "block_id": "b", "elements": [element]}])
    assert (await mara.suggest(message, "ext", "dat")).acked
    assert listener.interactions[-1]["type"] == "block_suggestion"
    assert listener.interactions[-1]["value"] == "dat"


async def test_nobody_clicks_what_they_do_not_see(
    slack: AsyncWebClient, workspace: Workspace, listener: Listener, mara: Person
) -> None:
    outsider = await workspace.add_person("outsider")
    message = await post(slack, workspace, card(1))
    with pytest.raises(Refused, match="does not see"):
        await outsider.click(message, "dk")
    with pytest.raises(Refused, match="Don't know"):
        await mara.click(message, "Maybe")
    await slack.chat_delete(channel=message.channel, ts=message.ts)
    with pytest.raises(Refused, match="gone"):
        await mara.click(message, "dk")
    assert listener.interactions == []


async def test_a_broken_answer_to_a_submission_is_the_persons_trouble(
    sandbox: Sandbox, slack: AsyncWebClient, listener: Listener, mara: Person
) -> None:
    await slack.views_open(trigger_id=await trigger(mara, listener), view=modal())
    listener.answer = {"response_action": "errors", "errors": {"no-such-block": "x"}}
    outcome = await mara.submit({"word": "x"})
    assert outcome.trouble == "bad_response"
    assert not outcome.closed
    listener.answer = {"response_action": "update", "view": modal("x" * 30)}
    assert (await mara.submit({"word": "x"})).trouble == "bad_response"
    listener.answer = {"response_action": "clear"}
    assert (await mara.submit({"word": "x"})).closed


async def test_uninstalling_tells_the_bot_and_nothing_follows(
    workspace: Workspace, listener: Listener, mara: Person
) -> None:
    await workspace.uninstall()
    await mara.say("anybody?", "pilot")
    await workspace.settled()
    kinds = sorted(body["event"]["type"] for body in listener.bodies)
    assert kinds == ["app_uninstalled", "tokens_revoked"]
