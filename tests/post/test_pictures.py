"""Pictures: three steps at Slack, one picture for people."""

from sandbox.client import Message
from tests.post.office import Office, text

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256))
ABOUT = {"title": "The map", "alt_txt": "Data readiness blocks", "initial_comment": "Here it is"}


async def _pictures(office: Office, channel: str = "pilot") -> list[Message]:
    return [message for message in await office.workspace.messages(channel) if message.files]


async def test_a_picture_arrives_with_its_bytes_its_description_and_its_comment(office: Office) -> None:
    channel = await office.workspace.channel_id("pilot")
    key = await office.queue(channel, ABOUT, method="files.upload", picture=PNG)
    await office.deliver()
    [message] = await _pictures(office)
    [file] = message.files
    assert await office.workspace.file(file["id"]) == PNG
    assert (message.text, file["title"]) == ("Here it is", "The map")
    [asked] = await office.workspace.calls("files.getUploadURLExternal")
    assert asked.args["alt_txt"] == "Data readiness blocks"
    assert await office.states(key) == ["sent"]


async def test_a_picture_hangs_below_the_message_it_belongs_to(office: Office) -> None:
    jonas = office.workspace.person("jonas")
    root = await office.queue(await jonas.id(), text("root"))
    await office.queue(await jonas.id(), ABOUT, method="files.upload", picture=PNG, thread_of=root)
    await office.deliver()
    first, second = await jonas.dm()
    assert second.files
    assert second.thread_ts == first.ts


async def test_a_picture_whose_last_answer_was_lost_is_found_by_its_name(office: Office) -> None:
    channel = await office.workspace.channel_id("pilot")
    key = await office.queue(channel, ABOUT, method="files.upload", picture=PNG)
    await office.workspace.faults({"method": "files.completeUploadExternal", "kind": "drop_after_commit"})
    await office.deliver()
    [message] = await _pictures(office)
    row = await office.row(key)
    assert (row.state, row.ts) == ("sent", message.ts)


async def test_an_upload_that_broke_off_before_sharing_starts_again(office: Office) -> None:
    channel = await office.workspace.channel_id("pilot")
    key = await office.queue(channel, ABOUT, method="files.upload", picture=PNG)
    await office.workspace.faults({"method": "files.getUploadURLExternal", "kind": "drop_after_commit"})
    await office.deliver()
    assert len(await _pictures(office)) == 1
    assert await office.states(key) == ["sent"]
    assert await office.workspace.calls("conversations.history") == []


async def test_without_uploads_the_picture_is_left_out_and_the_rest_arrives(office: Office) -> None:
    channel = await office.workspace.channel_id("pilot")
    await office.workspace.faults(missing=["files.getUploadURLExternal"])
    picture = await office.queue(channel, ABOUT, method="files.upload", picture=PNG)
    after = await office.queue(channel, text("after"))
    await office.deliver()
    assert await office.states(picture, after) == ["failed", "sent"]
    assert await office.told() == []
