"""A real slack-bolt bot talks to people in the sandbox, over Socket Mode and over signed HTTP alike."""

from collections.abc import AsyncIterator

import pytest

from sandbox import Sandbox, SandboxConfig
from sandbox.client import Person, Refused, Workspace
from tests.sandbox.echo_bot import Echo, http_bot, socket_bot


@pytest.fixture
def config(config: SandboxConfig) -> SandboxConfig:
    config.app.shortcuts = ["mine", "evidence"]
    return config


@pytest.fixture(params=["socket", "http"])
async def bot(request: pytest.FixtureRequest, sandbox: Sandbox) -> AsyncIterator[Echo]:
    async with (socket_bot if request.param == "socket" else http_bot)(sandbox) as echo:
        yield echo


async def test_a_typed_message_is_answered_in_its_thread(
    bot: Echo, mara: Person, workspace: Workspace
) -> None:
    said = await mara.say("echo hello")
    answer = await mara.next_message("echo hello")
    assert answer.thread_ts == said.ts
    assert answer.from_bot
    assert [one.ts for one in await workspace.thread(said.channel, said.ts)] == [said.ts, answer.ts]


async def test_a_commands_ack_text_is_shown_to_its_author_alone(
    bot: Echo, mara: Person, jonas: Person
) -> None:
    outcome = await mara.command("/slipway", "help", channel="pilot")
    assert outcome.acked
    assert outcome.text == "You said help"
    assert await jonas.ephemerals() == []


async def test_choosing_an_option_replaces_the_card_in_place(bot: Echo, mara: Person) -> None:
    await mara.command("/slipway", "card")
    card = await mara.next_message("Question 1")
    outcome = await mara.click(card, "Level 3")
    assert outcome.acked
    changed = await mara.changed(card)
    assert (changed.ts, changed.text) == (card.ts, "after 3")
    assert "Question 2" in changed.all_text


async def test_a_button_that_is_gone_can_only_be_clicked_stale(bot: Echo, mara: Person) -> None:
    await mara.command("/slipway", "card")
    card = await mara.next_message("Question 1")
    await mara.click(card, "level", pick="2")
    await mara.changed(card)
    with pytest.raises(Refused, match="changed meanwhile"):
        await mara.click(card, "dk")
    outcome = await mara.click(card, "dk", stale=True)
    assert outcome.text == "Noted"
    assert bot.seen[-1]["actions"][0]["block_id"] == "a1"
    assert bot.seen[-1]["message"]["text"] == "Question 1"


async def test_a_modal_is_opened_filled_refused_and_saved(bot: Echo, mara: Person) -> None:
    opened = (await mara.command("/slipway", "modal")).opened
    assert opened is not None
    assert opened.heading == "Echo"
    missing = await mara.submit({})
    assert missing.trouble == "refused_by_client"
    refused = await mara.submit({"A word": "wrong"})
    assert refused.errors == {"word": "Not that word"}
    saved = await mara.submit({"A word": "right", "Who": "jonas"})
    assert saved.acked
    assert saved.closed
    assert await mara.modal() is None


async def test_a_submission_can_push_and_update_views(bot: Echo, mara: Person) -> None:
    await mara.command("/slipway", "modal")
    pushed = await mara.submit({"word": "more"})
    assert pushed.opened is not None
    assert pushed.opened.heading == "Another"
    updated = await mara.submit({"word": "next"})
    assert updated.view is not None
    assert updated.view.heading == "Changed"
    assert len((await mara.screen()).modals) == 2


async def test_closing_a_modal_tells_the_bot(bot: Echo, mara: Person) -> None:
    await mara.command("/slipway", "modal")
    await mara.close(everything=True)
    assert bot.seen[-1]["type"] == "view_closed"
    assert bot.seen[-1]["is_cleared"] is True


async def test_opening_home_shows_what_the_bot_publishes(bot: Echo, mara: Person) -> None:
    home = await mara.open_home()
    assert home is not None
    assert "Question 0" in home.all_text
    outcome = await mara.click(home, "Level 1")
    assert outcome.acked
    assert bot.seen[-1]["container"]["type"] == "view"


async def test_shortcuts_open_modals(bot: Echo, mara: Person) -> None:
    outcome = await mara.global_shortcut("mine")
    assert outcome.opened is not None
    said = await mara.say("look at https://example.com/x", "pilot")
    outcome = await mara.message_shortcut(said, "evidence")
    assert outcome.opened is not None
    assert bot.seen[-1]["message"]["ts"] == said.ts


async def test_a_bot_that_does_not_ack_in_time_shows_the_person_a_timeout(
    bot: Echo, mara: Person, workspace: Workspace
) -> None:
    await workspace.knobs(ack_deadline=0.2)
    outcome = await mara.command("/slipway", "silent")
    assert not outcome.acked
    assert outcome.trouble == "operation_timeout"
    assert (await mara.screen()).troubles[-1]["what"] == "operation_timeout"


async def test_the_bot_hears_its_own_messages_and_edits(
    bot: Echo, mara: Person, workspace: Workspace
) -> None:
    said = await mara.say("echo one")
    await mara.next_message("echo one")
    await mara.edit(said, "echo two")
    await workspace.settled()
    subtypes = [event.get("subtype") for event in bot.events("message")]
    assert "message_changed" in subtypes


async def test_links_are_encoded_and_an_unfurl_changes_nothing_but_attachments(
    bot: Echo, mara: Person, workspace: Workspace
) -> None:
    await mara.say("2 because https://example.com/a?b=1&c=2 & so", "pilot")
    await workspace.settled()
    typed, unfurled = bot.events("message")
    assert typed["text"] == "2 because <https://example.com/a?b=1&amp;c=2> &amp; so"
    assert unfurled["subtype"] == "message_changed"
    assert unfurled["message"]["text"] == unfurled["previous_message"]["text"] == typed["text"]
    assert "edited" not in unfurled["message"]


async def test_every_delivery_can_come_three_times(bot: Echo, mara: Person, workspace: Workspace) -> None:
    await workspace.faults(duplicates={"copies": 3, "spread": 0.1})
    await mara.say("hello", "pilot")
    await mara.command("/slipway", "help")
    await workspace.settled()
    ids = [body["event_id"] for body in bot.seen if "event_id" in body]
    assert len(ids) == 3
    assert len(set(ids)) == 1
    assert sum(body.get("command") == "/slipway" for body in bot.seen) == 3


async def test_channel_life_reaches_the_bot(bot: Echo, mara: Person, workspace: Workspace) -> None:
    await mara.invite("general")
    await mara.rename("pilot", "pilot-2")
    await mara.archive("pilot-2")
    await mara.change(tz="Asia/Tokyo")
    await workspace.settled()
    assert bot.events("member_joined_channel")[0]["inviter"] == await mara.id()
    assert bot.events("channel_rename")[0]["channel"]["name"] == "pilot-2"
    assert bot.events("channel_archive")
    assert bot.events("user_change")[0]["user"]["tz"] == "Asia/Tokyo"
