"""POST /control/people/PERSON/ACT: everything one person can do, as a table of acts.

Each act takes the request's JSON and gives JSON back. What a person cannot do is refused with a reason.
"""

import base64
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass

from sandbox.acting import Acting
from sandbox.finding import CannotDo
from sandbox.interacting import Interacting, Pointing
from sandbox.jsontypes import Json
from sandbox.outcomes import Outcome
from sandbox.state import Channel, Ephemeral, Message, Person, Team, View
from sandbox.submitting import Submitting
from sandbox.world import World


@dataclass
class Act:
    """One act: who, where, and the details as given."""

    world: World
    team: Team
    person: Person
    body: Json
    acting: Acting
    interacting: Interacting
    submitting: Submitting

    @property
    def channel(self) -> Channel:
        """The conversation meant: a channel, or "dm" for the DM with the app."""
        name = str(self.body.get("channel") or "dm")
        if name == "dm":
            return self.acting.dm(self.team, self.person)
        found = self.team.channel(name)
        if found is None:
            raise CannotDo(f"there is no channel {name!r}")
        return found

    @property
    def message(self) -> Message | Ephemeral:
        """The message meant, one of the person's ephemerals included."""
        ts = str(self.body.get("ts"))
        found: Message | Ephemeral | None = self.channel.messages.get(ts)
        if found is None:
            mine = (one for one in self.team.ephemerals if one.ts == ts and one.user == self.person.id)
            found = next(mine, None)
        if found is None:
            raise CannotDo("there is no such message")
        return found

    @property
    def stored(self) -> Message:
        """The message meant, not an ephemeral one."""
        found = self.message
        if isinstance(found, Ephemeral):
            raise CannotDo("not with a message only you can see")
        return found

    @property
    def view(self) -> View:
        """The open modal meant; the topmost one where none is named."""
        stack = self.team.modals.get(self.person.id, [])
        wanted = self.body.get("view_id")
        for view in reversed(stack):
            if wanted in (None, view.id):
                return view
        raise CannotDo("no such modal is open")

    @property
    def pointing(self) -> Pointing:
        """What is clicked."""
        names = ("what", "pick", "block_id", "stale", "revision")
        return Pointing(**{name: self.body[name] for name in names if name in self.body})

    def user(self) -> str:
        """The other person an act is about; "app" is the bot."""
        name = str(self.body.get("user", "app"))
        if name == "app" and self.team.app is not None:
            return self.team.app.bot_user_id
        found = self.team.person(name)
        if found is None:
            raise CannotDo(f"there is nobody called {name!r}")
        return found.id


async def _say(act: Act) -> Json:
    body = act.body
    raw = bool(body.get("raw"))
    message = act.acting.say(act.team, act.person, act.channel, body["text"], body.get("thread_ts"), raw=raw)
    return {"ts": message.ts, "channel": message.channel, "text": message.text}


async def _attach(act: Act) -> Json:
    content = base64.b64decode(act.body["content"])
    text, thread = str(act.body.get("text", "")), act.body.get("thread_ts")
    message = act.acting.attach(act.team, act.person, act.channel, act.body["name"], content, text, thread)
    return {"ts": message.ts, "channel": message.channel, "text": message.text}


async def _edit(act: Act) -> Json:
    act.acting.edit(act.team, act.person, act.channel, act.body["ts"], act.body["text"])
    return {}


async def _delete(act: Act) -> Json:
    act.acting.delete(act.team, act.person, act.channel, act.body["ts"])
    return {}


async def _invite(act: Act) -> Json:
    act.acting.invite(act.team, act.person, act.channel, act.user())
    return {}


async def _remove(act: Act) -> Json:
    act.acting.remove_member(act.team, act.channel, act.user())
    return {}


async def _leave(act: Act) -> Json:
    act.acting.remove_member(act.team, act.channel, act.person.id)
    return {}


async def _archive(act: Act) -> Json:
    act.acting.archive(act.team, act.person, act.channel, undo=bool(act.body.get("undo")))
    return {}


async def _rename(act: Act) -> Json:
    act.acting.rename(act.team, act.person, act.channel, act.body["name"])
    return {}


async def _change(act: Act) -> Json:
    act.acting.change_person(act.team, act.person, act.body)
    return {}


async def _open_home(act: Act) -> Json:
    ack = await act.acting.open_home(act.team, act.person, str(act.body.get("tab", "home")))
    return {"acked": ack.ok, "error": ack.error}


async def _command(act: Act) -> Json:
    text = str(act.body.get("text", ""))
    done = await act.interacting.command(act.team, act.person, act.channel, act.body["command"], text)
    return _shown(done)


async def _click(act: Act) -> Json:
    point = act.pointing
    if act.body.get("home"):
        home = act.team.homes.get(act.person.id)
        if home is None:
            raise CannotDo("Home is empty")
        return _shown(await act.interacting.click_view(act.team, act.person, home, point))
    if act.body.get("ts"):
        message = act.message
        channel = act.team.channels[message.channel]
        return _shown(await act.interacting.click_message(act.team, act.person, channel, message, point))
    return _shown(await act.interacting.click_view(act.team, act.person, act.view, point))


async def _suggest(act: Act) -> Json:
    if act.body.get("ts"):
        message = act.message
        place: Json = {
            "container": {"type": "message", "message_ts": message.ts, "channel_id": message.channel}
        }
        blocks = message.blocks
    else:
        place = {"container": {"type": "view", "view_id": act.view.id}}
        blocks = act.view.content["blocks"]
    typed = str(act.body.get("text", ""))
    return _shown(await act.interacting.suggest(act.team, act.person, place, blocks, act.body["what"], typed))


async def _submit(act: Act) -> Json:
    values = dict(act.body.get("values") or {})
    return _shown(await act.submitting.submit(act.team, act.person, act.view, values))


async def _close(act: Act) -> Json:
    everything = bool(act.body.get("everything"))
    return _shown(await act.submitting.close(act.team, act.person, act.view, everything=everything))


async def _global_shortcut(act: Act) -> Json:
    return _shown(await act.interacting.global_shortcut(act.team, act.person, act.body["callback_id"]))


async def _message_shortcut(act: Act) -> Json:
    callback_id = act.body["callback_id"]
    done = await act.interacting.message_shortcut(act.team, act.person, act.channel, act.stored, callback_id)
    return _shown(done)


def _shown(done: Outcome) -> Json:
    return asdict(done)


ACTS: dict[str, Callable[[Act], Awaitable[Json]]] = {
    "archive": _archive,
    "attach": _attach,
    "change": _change,
    "click": _click,
    "close": _close,
    "command": _command,
    "delete": _delete,
    "edit": _edit,
    "global_shortcut": _global_shortcut,
    "invite": _invite,
    "leave": _leave,
    "message_shortcut": _message_shortcut,
    "open_home": _open_home,
    "remove": _remove,
    "rename": _rename,
    "say": _say,
    "submit": _submit,
    "suggest": _suggest,
}
