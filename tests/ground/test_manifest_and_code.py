"""The manifest against the code, both ways: what is asked for is used, and what is used is asked for."""

import ast
import inspect
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final, get_args

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.commands.manifest import app_manifest
from bot.language.verbs import Verb
from bot.slack_methods import METHODS, OPTIONAL_SCOPES
from handlers.routing import Routes
from handlers.tables import ROUTES
from tests.ground.conftest import CHECKOUT

SCOPES_OF_EVENTS: Final[Mapping[str, set[str]]] = {
    "app_home_opened": set(),
    "app_uninstalled": set(),
    "channel_archive": {"channels:read"},
    "channel_left": {"channels:read"},
    "channel_rename": {"channels:read"},
    "channel_unarchive": {"channels:read"},
    "group_archive": {"groups:read"},
    "group_left": {"groups:read"},
    "group_rename": {"groups:read"},
    "group_unarchive": {"groups:read"},
    "member_joined_channel": {"channels:read", "groups:read"},
    "message.channels": {"channels:history"},
    "message.groups": {"groups:history"},
    "message.im": {"im:history"},
    "message.mpim": {"mpim:history"},
    "tokens_revoked": set(),
    "user_change": {"users:read"},
}
"""Slack's events that Slipway could want, with the scopes each needs."""

CALLED_BY_THE_SDK: Final = {"apps.connections.open", "oauth.v2.access"}
"""Socket Mode and OAuth installation make these calls themselves."""

OUTBOX_NAMES: Final = {"files.upload"}
"""What the outbox calls the three steps of an upload; Slack's own method of this name is gone."""


@pytest.fixture(scope="module")
def manifest() -> dict[str, Any]:
    return app_manifest()


@pytest.fixture(scope="module")
def tables() -> list[Routes]:
    """The routing tables the bot is composed of."""
    return list(ROUTES)


def names(tables: list[Routes], kind: str) -> set[str]:
    return {name for table in tables for name in getattr(table, kind)}


class TestEvents:
    def test_each_one_asked_for_is_routed_and_each_one_routed_is_asked_for(
        self, manifest: dict[str, Any], tables: list[Routes]
    ) -> None:
        asked = set(manifest["settings"]["event_subscriptions"]["bot_events"])
        messages = {event for event in asked if event.startswith("message.")}
        assert asked - messages == names(tables, "events")
        assert bool(messages) == any(table.typed for table in tables)

    def test_each_has_its_scopes(self, manifest: dict[str, Any]) -> None:
        scopes = set(manifest["oauth_config"]["scopes"]["bot"])
        for event in manifest["settings"]["event_subscriptions"]["bot_events"]:
            assert scopes >= SCOPES_OF_EVENTS[event], event


class TestCommandAndShortcuts:
    def test_the_usage_hint_lists_exactly_the_verbs(self, manifest: dict[str, Any]) -> None:
        [command] = manifest["features"]["slash_commands"]
        assert set(command["usage_hint"].split(" | ")) == set(get_args(Verb))

    def test_every_verb_is_routed(self, tables: list[Routes]) -> None:
        assert names(tables, "commands") >= set(get_args(Verb))

    def test_shortcuts_are_exactly_those_routed(self, manifest: dict[str, Any], tables: list[Routes]) -> None:
        offered = {shortcut["callback_id"] for shortcut in manifest["features"]["shortcuts"]}
        assert offered == names(tables, "shortcuts")


class TestScopes:
    def test_they_are_exactly_those_of_the_methods_called_and_the_events(
        self, manifest: dict[str, Any]
    ) -> None:
        asked = manifest["oauth_config"]["scopes"]
        events = manifest["settings"]["event_subscriptions"]["bot_events"]
        of_methods = {scope for scopes in METHODS.values() for scope in scopes}
        of_events = {scope for event in events for scope in SCOPES_OF_EVENTS[event]}
        assert {*asked["bot"], *asked["bot_optional"]} == of_methods | of_events | {"commands"}

    def test_those_that_may_be_refused_are_asked_for_as_optional(self, manifest: dict[str, Any]) -> None:
        asked = manifest["oauth_config"]["scopes"]
        assert set(asked["bot_optional"]) == OPTIONAL_SCOPES
        assert not OPTIONAL_SCOPES & set(asked["bot"])


def api_names() -> dict[str, str]:
    """The SDK's method names, as `client.NAME(...)`, to the Web API's."""
    found = {}
    for name, function in inspect.getmembers(AsyncWebClient, inspect.isfunction):
        called = re.search(r'self\.api_call\(\s*"([\w.]+)"', inspect.getsource(function))
        if called and name != "api_call":
            found[name] = called[1]
    return found


def methods_in_code() -> Iterator[tuple[str, str]]:
    """Each Web API method the source names, as a call on a client or as text, with the file."""
    by_attribute = api_names()
    all_methods = set(by_attribute.values()) - OUTBOX_NAMES
    for path in sorted([*CHECKOUT.glob("bot/**/*.py"), *CHECKOUT.glob("handlers/**/*.py")]):
        if path.name == "slack_methods.py":
            continue  # the list itself is no call
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and node.attr in by_attribute:
                yield by_attribute[node.attr], path.name
            if isinstance(node, ast.Constant) and node.value in all_methods:
                yield str(node.value), path.name


class TestMethods:
    def test_every_method_called_is_listed_with_its_scopes(self) -> None:
        assert [(method, file) for method, file in methods_in_code() if method not in METHODS] == []

    def test_every_method_listed_is_called(self) -> None:
        assert METHODS.keys() - CALLED_BY_THE_SDK - {method for method, _ in methods_in_code()} == set()

    def test_the_sdk_knows_every_method_listed(self) -> None:
        assert METHODS.keys() <= set(api_names().values())
