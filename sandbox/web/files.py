"""files.*: the three-step upload and files.info."""

import secrets

from sandbox.contract import MAX_ALT_TXT, MAX_UPLOAD_CHANNELS
from sandbox.jsontypes import Json
from sandbox.state import Channel, StoredFile, Team, file_json, new_id
from sandbox.web.call import Call, MethodFunction, SlackError


def get_upload_url(call: Call) -> Json:
    """files.getUploadURLExternal"""
    length = call.number("length", 0)
    if length <= 0:
        raise SlackError("invalid_arguments")
    alt_txt = call.text("alt_txt") or None
    if alt_txt and len(alt_txt) > MAX_ALT_TXT:
        raise SlackError("alt_txt_too_large")
    file = StoredFile(
        id=new_id("F"),
        team_id=call.team.id,
        user=call.app.bot_user_id,
        name=call.text("filename"),
        upload_key=secrets.token_urlsafe(24),
        length=length,
        alt_txt=alt_txt,
        created=int(call.world.clock.now()),
    )
    call.team.files[file.id] = file
    return {"upload_url": f"{call.world.base_url}/upload/v1/{file.upload_key}", "file_id": file.id}


def receive(teams: list[Team], key: str, content: bytes) -> bool:
    """The bytes of an upload; False when the address is unknown or used."""
    for team in teams:
        for file in team.files.values():
            if file.upload_key == key and not file.uploaded:
                file.content, file.uploaded = content, True
                return True
    return False


def complete_upload(call: Call) -> Json:
    """files.completeUploadExternal: shares the files, or leaves them private to the bot."""
    listed = call.structure("files", "invalid_arguments")
    if not isinstance(listed, list) or not listed:
        raise SlackError("invalid_arguments")
    files = [_uploaded(call, entry) for entry in listed]
    channels = _targets(call)
    thread_ts = call.text("thread_ts") or None
    for file, entry in zip(files, listed, strict=True):
        file.title = str(entry.get("title") or file.name)
        file.complete = True
    for channel in channels:
        comment = call.text("initial_comment")
        for file in files:
            call.services.posting.share_file(call.team, channel, file, comment, thread_ts)
            comment = ""
    # Sharing is asynchronous at Slack: the answer knows neither shares nor ts.
    return {"files": [{"id": file.id, "title": file.title} for file in files]}


def info(call: Call) -> Json:
    """files.info"""
    file = call.team.files.get(call.text("file"))
    if file is None or not file.uploaded:
        raise SlackError("file_not_found")
    return {"file": file_json(file, call.world.base_url), "comments": []}


def _uploaded(call: Call, entry: object) -> StoredFile:
    file = call.team.files.get(str(entry.get("id"))) if isinstance(entry, dict) else None
    if file is None or not file.uploaded:
        raise SlackError("file_not_found")
    return file


def _targets(call: Call) -> list[Channel]:
    names = [call.text("channel_id"), *call.text("channels").split(",")]
    wanted = list(dict.fromkeys(name.strip() for name in names if name.strip()))
    if len(wanted) > MAX_UPLOAD_CHANNELS:
        raise SlackError("channels_limit_exceeded")
    channels = []
    for name in wanted:
        channel = call.team.channels.get(name)
        if channel is None or not call.world.readable(call.team, channel):
            raise SlackError("channel_not_found")
        if not call.is_member(channel):
            raise SlackError("not_in_channel")
        channels.append(channel)
    return channels


METHODS: dict[str, MethodFunction] = {
    "files.completeUploadExternal": complete_upload,
    "files.getUploadURLExternal": get_upload_url,
    "files.info": info,
}
