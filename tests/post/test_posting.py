"""What is committed arrives in Slack: once, in order, where it belongs."""

from sqlalchemy import select

from bot.store.engine import Database
from bot.store.models import Person
from sandbox.client import Workspace
from tests.post.office import Office, card, text


async def test_a_post_carries_its_key_in_metadata_and_in_a_block_nobody_clicks(office: Office) -> None:
    channel = await office.workspace.channel_id("pilot")
    key = await office.queue(channel, card("Ready?"))
    await office.deliver()
    [message] = await office.workspace.messages("pilot")
    row = await office.row(key)
    assert (row.state, row.channel, row.ts) == ("sent", channel, message.ts)
    assert message.metadata == {"event_type": "slipway", "event_payload": {"key": row.public_key}}
    assert [block["block_id"] for block in message.blocks] == [f"slipway-{row.public_key}", "card:1"]


async def test_rows_of_one_lane_arrive_in_order_also_after_trouble(office: Office) -> None:
    channel = await office.workspace.channel_id("pilot")
    for number in range(6):
        await office.queue(channel, text(f"{number}"))
    await office.workspace.faults(
        {"method": "chat.postMessage", "kind": "status", "times": 1},
        {"method": "chat.postMessage", "kind": "error", "error": "internal_error", "times": 1},
    )
    await office.deliver()
    assert [message.text for message in await office.workspace.messages("pilot")] == list("012345")


async def test_a_person_is_written_to_in_a_dm_opened_once(
    office: Office, workspace: Workspace, database: Database
) -> None:
    jonas = workspace.person("jonas")
    for words in ("first", "second"):
        await office.queue(await jonas.id(), text(words))
    await office.deliver()
    messages = await jonas.dm()
    assert [message.text for message in messages] == ["first", "second"]
    assert len(await workspace.calls("conversations.open")) == 1
    async with database.begin() as session:
        remembered = (await session.scalars(select(Person.dm_channel))).all()
    assert remembered == [messages[0].channel]


async def test_a_reply_waits_for_the_message_it_hangs_below(office: Office, workspace: Workspace) -> None:
    jonas = await workspace.person("jonas").id()
    root = await office.queue(jonas, text("root"), not_before=None)
    reply = await office.queue(jonas, text("reply"), thread_of=root, lane="another lane")
    await office.workspace.faults({"method": "chat.postMessage", "kind": "rate_limited", "retry_after": 1})
    await office.deliver()
    first, second = await workspace.person("jonas").dm()
    assert (first.text, second.text) == ("root", "reply")
    assert second.thread_ts == first.ts
    assert await office.states(root, reply) == ["sent", "sent"]


async def test_a_reply_to_a_message_that_slack_refused_is_not_sent(office: Office) -> None:
    root = await office.queue("C0NOWHERE1", text("root"))
    reply = await office.queue("C0NOWHERE1", text("reply"), thread_of=root)
    await office.deliver()
    assert await office.states(root, reply) == ["failed", "failed"]
    assert "was not sent" in str((await office.row(reply)).error)
    assert len(await office.told()) == 1


async def test_two_pumps_on_one_database_send_nothing_twice(office: Office, database_url: str) -> None:
    channel = await office.workspace.channel_id("pilot")
    for number in range(40):
        await office.queue(channel, text(f"{number}"), lane=f"lane-{number % 12}")
    second = Database(database_url)
    pumps = [office.pump(), office.pump(database=second)]
    await office.emptied()
    for pump in pumps:
        await pump.stop()
    await second.close()
    texts = [message.text for message in await office.workspace.messages("pilot")]
    assert sorted(texts, key=int) == [f"{number}" for number in range(40)]
    for lane in range(12):
        mine = [int(words) for words in texts if int(words) % 12 == lane]
        assert mine == sorted(mine)


async def test_an_ephemeral_message_is_seen_by_one_person(office: Office, workspace: Workspace) -> None:
    jonas = workspace.person("jonas")
    channel = await workspace.channel_id("pilot")
    key = await office.queue(
        channel, text("only you") | {"user": await jonas.id()}, method="chat.postEphemeral"
    )
    await office.deliver()
    assert [message.text for message in await jonas.ephemerals()] == ["only you"]
    assert await office.states(key) == ["sent"]


async def test_home_shows_the_newest_of_many(office: Office, workspace: Workspace) -> None:
    jonas = workspace.person("jonas")
    user = await jonas.id()
    keys = []
    for number in range(30):
        view = {"type": "home", "blocks": text(f"state {number}")["blocks"]}
        args = {"user_id": user, "view": view}
        keys.append(await office.queue(user, args, method="views.publish", lane=f"home:{user}"))
    await office.deliver()
    home = (await jonas.screen()).home
    assert home is not None
    assert "state 29" in home.all_text
    assert len(await workspace.calls("views.publish")) == 1
    assert await office.states(keys[0], keys[-1]) == ["superseded", "sent"]


async def test_a_modal_that_was_closed_meanwhile_is_no_failure(office: Office) -> None:
    view = {"type": "modal", "title": {"type": "plain_text", "text": "T"}, "blocks": text("x")["blocks"]}
    key = await office.queue("V0GONE", {"view_id": "V0GONE", "view": view}, method="views.update")
    await office.deliver()
    row = await office.row(key)
    assert (row.state, row.error) == ("sent", "not_found")
    assert await office.told() == []


async def test_stopping_waits_for_what_is_being_sent(office: Office) -> None:
    channel = await office.workspace.channel_id("pilot")
    key = await office.queue(channel, text("slowly"))
    await office.workspace.faults({"method": "chat.postMessage", "kind": "slow", "delay": 0.5})
    pump = office.pump()
    await office.asked("chat.postMessage")
    await pump.stop()
    assert await office.states(key) == ["sent"]
