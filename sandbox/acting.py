"""What people do that is no interaction with the app: type, edit, delete, join, leave, archive, open Home."""

import secrets

from sandbox.config import PersonConfig
from sandbox.events import Events
from sandbox.finding import CannotDo
from sandbox.jsontypes import Json
from sandbox.modals import shown
from sandbox.posting import Draft, Posting
from sandbox.sockets import Ack
from sandbox.state import Channel, Message, Person, StoredFile, Team, new_id
from sandbox.typed import encode_typed, links_in, rich_text_of
from sandbox.world import World


class Acting:
    """Does it in somebody's name."""

    def __init__(self, world: World, events: Events, posting: Posting) -> None:
        self._world = world
        self._events = events
        self._posting = posting

    def say(
        self,
        team: Team,
        person: Person,
        channel: Channel,
        text: str,
        thread_ts: str | None,
        *,
        raw: bool = False,
    ) -> Message:
        """Type a message. `raw` takes the text as it is, without Slack's encoding."""
        self._may_write(person, channel)
        if thread_ts and thread_ts not in channel.messages:
            raise CannotDo("that thread is not there any more")
        encoded = text if raw else encode_typed(text, team)
        message = self._posting.post(team, channel, person.id, self._typed(person, encoded, thread_ts))
        if self._world.knobs.unfurl_links and links_in(encoded):
            self._unfurl(team, channel, message)
        return message

    def attach(
        self,
        team: Team,
        person: Person,
        channel: Channel,
        name: str,
        content: bytes,
        text: str,
        thread: str | None,
    ) -> Message:
        """Upload a file into a conversation."""
        self._may_write(person, channel)
        file = StoredFile(
            id=new_id("F"),
            team_id=team.id,
            user=person.id,
            name=name,
            upload_key=secrets.token_urlsafe(16),
            length=len(content),
            alt_txt=None,
            created=int(self._world.clock.now()),
            content=content,
            uploaded=True,
            complete=True,
        )
        team.files[file.id] = file
        return self._posting.share_file(team, channel, file, encode_typed(text, team), thread)

    def edit(self, team: Team, person: Person, channel: Channel, ts: str, text: str) -> None:
        """Edit one's own message."""
        message = self._own(person, channel, ts)
        encoded = encode_typed(text, team)
        changes: Json = {"text": encoded, "blocks": rich_text_of(encoded), "attachments": []}
        self._posting.change(team, channel, message, changes, by=person.id)

    def delete(self, team: Team, person: Person, channel: Channel, ts: str) -> None:
        """Delete one's own message."""
        self._posting.remove(team, channel, self._own(person, channel, ts))

    def invite(self, team: Team, person: Person, channel: Channel, user: str) -> None:
        """Bring somebody (or the app) into a channel."""
        if channel.archived:
            raise CannotDo("the channel is archived")
        if user in channel.members:
            raise CannotDo("already a member")
        channel.members[user] = None
        self._world.changes.touch(f"channel:{channel.id}", f"person:{user}")
        self._events.membership(team, channel, user, person.id, joined=True)

    def remove_member(self, team: Team, channel: Channel, user: str) -> None:
        """Leave, or take somebody out of, a channel. The app hears of its own removal as well."""
        if user not in channel.members:
            raise CannotDo("not a member")
        bot = team.app.bot_user_id if team.app else ""
        self._events.membership(team, channel, user, None, joined=False)
        if user == bot:
            what = "channel_left" if channel.kind == "channel" else "group_left"
            self._events.send(
                team, what, {"type": what, "channel": channel.id, "event_ts": self._world.clock.next_ts()}
            )
        del channel.members[user]
        self._world.changes.touch(f"channel:{channel.id}", f"person:{user}")

    def archive(self, team: Team, person: Person, channel: Channel, *, undo: bool = False) -> None:
        """Archive a channel, or bring it back."""
        channel.archived = not undo
        self._events.channel_changed(team, channel, "unarchive" if undo else "archive", person.id)

    def rename(self, team: Team, person: Person, channel: Channel, name: str) -> None:
        """Give a channel another name."""
        channel.name = name
        self._events.channel_changed(team, channel, "rename", person.id)

    async def open_home(self, team: Team, person: Person, tab: str) -> Ack:
        """Open the app's Home (or its Messages tab); waits until the app has taken the event."""
        home = team.homes.get(person.id)
        view = shown(self._world, team, home) if home else None
        task = self._events.home_opened(team, person.id, self.dm(team, person), tab, view)
        return await task if task is not None else Ack(False, error="not_subscribed")

    def dm(self, team: Team, person: Person) -> Channel:
        """The person's DM with the app; made if there is none."""
        if team.app is None:
            raise CannotDo("the app is not installed here")
        bot = team.app.bot_user_id
        found = team.dm_with(bot, person.id)
        return found or self._world.new_conversation(team, "im", "", [bot, person.id])

    def change_person(self, team: Team, person: Person, changes: Json) -> None:
        """Deactivate, promote, move to another zone: anything of a person's configuration."""
        allowed = set(PersonConfig.model_fields) - {"id", "name", "is_bot"}
        unknown = set(changes) - allowed
        if unknown:
            raise CannotDo(f"a person has no {', '.join(sorted(unknown))}")
        for name, value in changes.items():
            setattr(person, name, value)
        person.updated = self._world.clock.now()
        self._events.person_changed(team, person)

    def _typed(self, person: Person, text: str, thread_ts: str | None) -> Draft:
        extra: Json = {}
        if person.is_stranger:
            extra = {"team": person.team_id, "user_team": person.team_id, "source_team": person.team_id}
        return Draft(
            text,
            rich_text_of(text),
            thread_ts,
            client_msg_id=f"{new_id('c')}-{secrets.token_hex(6)}",
            extra=extra,
        )

    def _unfurl(self, team: Team, channel: Channel, message: Message) -> None:
        cards = [
            {"from_url": link, "fallback": link, "title": link, "id": 1} for link in links_in(message.text)
        ]
        self._posting.change(team, channel, message, {"attachments": cards}, by=None)

    def _may_write(self, person: Person, channel: Channel) -> None:
        if person.deleted:
            raise CannotDo(f"{person.name} is deactivated")
        if channel.archived:
            raise CannotDo("the channel is archived")
        if person.id not in channel.members:
            raise CannotDo(f"{person.name} is not in this conversation")

    def _own(self, person: Person, channel: Channel, ts: str) -> Message:
        message = channel.messages.get(ts)
        if message is None or message.deleted or message.user != person.id:
            raise CannotDo("only one's own message, while it is there")
        return message
