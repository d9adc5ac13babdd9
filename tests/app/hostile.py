"""Payloads that Slack would never send, made from ones that it does: by seed, so that a failure repeats."""

import copy
import json
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from handlers import tables
from sandbox.jsontypes import Json

# A response_url that leads nowhere.
NOWHERE = "http://127.0.0.1:9/nowhere"

Tree = dict[str, object] | list[object]


@dataclass(frozen=True)
class Attack:
    """One request body and its content type."""

    body: bytes
    content_type: str


@dataclass(frozen=True)
class Target:
    """What payloads are made out to: a workspace, its people, and places where they talk with the bot.

    `values` are those that real buttons carry, `threads` the roots people may answer below.
    """

    team: str
    app: str
    people: Sequence[str]
    channels: Sequence[str]
    threads: Sequence[str] = ("1.000001",)
    values: Sequence[str] = ("1",)


def attacks(target: Target, seed: int, count: int) -> Iterator[Attack]:
    """`count` bodies; the same ones for the same seed and target."""
    chance = random.Random(seed)
    forge = Forge(target, chance)
    for number in range(count):
        yield forge.raw() if chance.random() < 0.1 else forge.payload(number)


class Forge:
    """Makes payloads of every kind and breaks them."""

    def __init__(self, target: Target, chance: random.Random) -> None:
        self._target = target
        self._chance = chance
        self._verbs = _named("commands")
        self._actions = _named("clicks")
        self._forms = _named("submissions")
        self._shortcuts = _named("shortcuts")
        self._events = [
            name for name in _named("events") if name not in ("app_uninstalled", "tokens_revoked")
        ]

    def payload(self, number: int) -> Attack:
        """One payload of a known kind with up to four things wrong in it."""
        kind = self._chance.choice(self._kinds())
        payload = copy.deepcopy(kind(number))
        for _ in range(self._chance.randrange(5)):
            self._break(payload)
        text = json.dumps(payload)
        if "command" in payload and self._chance.random() < 0.7:
            form = {
                name: value if isinstance(value, str) else json.dumps(value)
                for name, value in payload.items()
            }
            return _form(urlencode(form, errors="surrogatepass"))
        if payload.get("type") == "event_callback" or self._chance.random() < 0.2:
            return Attack(text.encode(), "application/json")
        return _form(urlencode({"payload": text}))

    def raw(self) -> Attack:
        """Bytes that are no payload at all."""
        chance = self._chance
        whole = json.dumps(self._click(0)).encode()
        bodies = [
            b"",
            b"{",
            b"[]",
            b"null",
            b"{}",
            b'"text"',
            b"payload=",
            b"payload=%7B",
            b"payload=[1]&payload={}",
            b"command=",
            b"ssl_check=1",
            b'{"type": NaN}',
            b'{"type": "event_callback"}',
            b'{"type": "event_callback", "event": ' + b"[" * 5000 + b"]" * 5000 + b"}",
            b'{"n": ' + b"9" * 5000 + b"}",
            b"&".join(b"a=1" for _ in range(500)),
            whole[: chance.randrange(len(whole))],
            bytes(chance.randrange(256) for _ in range(chance.randrange(200))),
            b"{" + bytes(chance.randrange(128) for _ in range(chance.randrange(200))),
        ]
        return Attack(chance.choice(bodies), chance.choice(["application/json", "text/plain", "", FORM]))

    def _kinds(self) -> Sequence[Callable[[int], Json]]:
        return (
            self._command,
            self._message,
            self._edit,
            self._event,
            self._click,
            self._click_in_view,
            self._submission,
            self._closing,
            self._shortcut,
            self._suggestion,
        )

    def _break(self, payload: Json) -> None:
        """Damage one place, chosen evenly over all depths."""
        tree, key = self._chance.choice(list(_places(payload)))
        if self._chance.random() < 0.15:
            del tree[key]  # type: ignore[arg-type]  # the key fits its tree
        else:
            tree[key] = self._poison(tree[key])  # type: ignore[index]  # the key fits its tree

    def _poison(self, before: object) -> object:
        deep: object = "x"
        for _ in range(self._chance.choice((3, 70, 200))):
            deep = [deep]
        return self._chance.choice(
            [
                None,
                True,
                0,
                -1,
                10**30,
                1.5e308,
                "",
                " ",
                "0",
                "null",
                "x" * 300,
                "y" * 40_000,
                "\x00",
                "half \ud83e of a pair",
                "\u202eevil\u2066 \U0001f9e8",
                "'; DROP TABLE workspace; --",
                "<!channel> <@U0> <https://evil.example|x> &lt;",
                "{0} %s %n ${x} {{y}}",
                "#999999999999999999999999",
                [],
                {},
                [None],
                {"id": {"id": {}}},
                [{"type": "users"}],
                deep,
                [before],
                {"value": before},
                str(before) + "0",
                before,
            ]
        )

    def _value(self) -> str:
        """What a button may carry: references to things that are not there, and rubbish."""
        rubbish = ["", "0", "-1", "1:2:3", "a:b", ":::", "99999999999999999999", "%00", "é" * 80]
        return self._chance.choice(rubbish if self._chance.random() < 0.4 else self._target.values)

    def _person(self) -> str:
        return self._chance.choice(self._target.people)

    def _channel(self) -> str:
        return self._chance.choice(self._target.channels)

    def _thread(self) -> str:
        return self._chance.choice(self._target.threads)

    def _common(self, kind: str) -> Json:
        target = self._target
        return {
            "type": kind,
            "token": "x",
            "api_app_id": target.app,
            "team": {"id": target.team, "domain": "fabrikam"},
            "user": {"id": self._person(), "name": "mara", "team_id": target.team},
            "trigger_id": f"{self._chance.random()}",
            "is_enterprise_install": False,
            "enterprise": None,
        }

    def _command(self, number: int) -> Json:
        target = self._target
        words = self._chance.choice(
            [*self._verbs, "", "payload", "hepl", "status #1", "\u2014 \u201cnew\u201d"]
        )
        return {
            "team_id": target.team,
            "user_id": self._person(),
            "channel_id": self._channel(),
            "command": "/slipway",
            "text": f"{words} {self._value()}",
            "trigger_id": f"t{number}",
            "response_url": NOWHERE,
        }

    def _event_body(self, number: int, event: Json) -> Json:
        target = self._target
        return {
            "type": "event_callback",
            "team_id": target.team,
            "api_app_id": target.app,
            "event_id": f"Ev{number}",
            "event_time": 1,
            "authorizations": [{"team_id": target.team, "user_id": "U0BOT", "is_bot": True}],
            "event": event,
        }

    def _message(self, number: int) -> Json:
        words = self._chance.choice(
            ["2 because", "don't know", "back", "help", "", "\x00", "9" * 400, "skip"]
        )
        event: Json = {
            "type": "message",
            "channel": self._channel(),
            "channel_type": self._chance.choice(["im", "mpim", "channel", "x"]),
            "user": self._person(),
            "text": words,
            "ts": f"1.{number:06}",
        }
        if self._chance.random() < 0.5:
            event["thread_ts"] = self._thread()
        return self._event_body(number, event)

    def _edit(self, number: int) -> Json:
        old = {"type": "message", "user": self._person(), "text": "2", "ts": "1.000002"}
        subtype = self._chance.choice(["message_changed", "message_deleted", "file_share", "bot_message"])
        event = {
            "type": "message",
            "subtype": subtype,
            "channel": self._channel(),
            "channel_type": "im",
            "ts": f"2.{number:06}",
            "event_ts": f"2.{number:06}",
            "message": {**old, "text": "3"},
            "previous_message": old,
        }
        return self._event_body(number, event)

    def _event(self, number: int) -> Json:
        kind = self._chance.choice([*self._events, "team_join", "link_shared", "function_executed"])
        event: Json = {
            "type": kind,
            "user": {"id": self._person(), "name": "mara", "profile": {"real_name": "M"}, "tz": "UTC"}
            if kind == "user_change"
            else self._person(),
            "channel": self._channel(),
            "tab": "home",
            "inviter": self._person(),
            "event_ts": f"3.{number:06}",
        }
        return self._event_body(number, event)

    def _action(self, number: int) -> Json:
        action: Json = {
            "type": "button",
            "action_id": self._chance.choice([*self._actions, "gone.for_good", "command.again"]),
            "block_id": self._value() or "b",
            "value": self._value(),
            "action_ts": f"{number}.1",
        }
        if self._chance.random() < 0.5:
            action["selected_option"] = {"text": {"type": "plain_text", "text": "x"}, "value": self._value()}
        if self._chance.random() < 0.2:
            action["selected_user"] = self._person()
        return action

    def _click(self, number: int) -> Json:
        where = {"type": "message", "message_ts": self._thread(), "channel_id": self._channel()}
        return {
            **self._common("block_actions"),
            "container": where,
            "channel": {"id": self._channel(), "name": "directmessage"},
            "message": {"ts": where["message_ts"], "text": "x", "user": "U0BOT"},
            "response_url": NOWHERE,
            "state": {"values": {}},
            "actions": [self._action(number)],
        }

    def _view(self, number: int) -> Json:
        typed = {"type": "plain_text_input", "value": self._value()}
        return {
            "id": f"V{number}",
            "type": "modal",
            "hash": "1.x",
            "callback_id": self._chance.choice([*self._forms, "gone.for_good"]),
            "private_metadata": self._value(),
            "state": {
                "values": {"name": {"value": typed}, self._value() or "b": {"pick": {"selected_users": []}}}
            },
            "blocks": [],
        }

    def _click_in_view(self, number: int) -> Json:
        return {
            **self._common("block_actions"),
            "container": {"type": "view", "view_id": f"V{number}"},
            "view": self._view(number),
            "actions": [self._action(number)],
        }

    def _submission(self, number: int) -> Json:
        return {**self._common("view_submission"), "view": self._view(number), "response_urls": []}

    def _closing(self, number: int) -> Json:
        return {**self._common("view_closed"), "view": self._view(number), "is_cleared": False}

    def _shortcut(self, number: int) -> Json:
        common = self._common(self._chance.choice(["shortcut", "message_action"]))
        callback = self._chance.choice([*self._shortcuts, "gone"])
        return {**common, "callback_id": callback, "action_ts": f"{number}.2", "message": {"ts": "1.1"}}

    def _suggestion(self, number: int) -> Json:
        return {**self._common("block_suggestion"), "action_id": "x", "block_id": "b", "value": f"{number}"}


FORM = "application/x-www-form-urlencoded"


def _form(body: str) -> Attack:
    return Attack(body.encode(), FORM)


def _named(table: str) -> list[str]:
    return sorted({name for routes in tables.ROUTES for name in getattr(routes, table)})


def _places(tree: object) -> Iterator[tuple[Tree, str | int]]:
    if isinstance(tree, dict):
        for key, part in tree.items():
            yield tree, key
            yield from _places(part)
    elif isinstance(tree, list):
        for index, part in enumerate(tree):
            yield tree, index
            yield from _places(part)
