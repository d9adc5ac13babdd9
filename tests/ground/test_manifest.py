"""The app manifest: what Slack accepts, what goes together, and both forms of `slipway manifest`."""

import json
import re
from typing import Any

import pytest
import yaml
from click.testing import CliRunner, Result
from jsonschema import Draft7Validator

from bot.commands.group import slipway
from bot.commands.manifest import app_manifest
from bot.resources import resource
from tests.ground.conftest import CHECKOUT

URL = "https://slipway.example.org"


def faults(manifest: dict[str, Any]) -> list[str]:
    schema = json.loads((CHECKOUT / "tests/ground/manifest.schema.json").read_text(encoding="utf-8"))
    return [f"{error.json_path}: {error.message}" for error in Draft7Validator(schema).iter_errors(manifest)]


def run(*arguments: str) -> Result:
    return CliRunner().invoke(slipway, ["manifest", *arguments], prog_name="slipway")


class TestBothForms:
    @pytest.mark.parametrize("url", [None, URL])
    def test_slack_s_rules_are_kept(self, url: str | None) -> None:
        assert faults(app_manifest(url=url)) == []

    @pytest.mark.parametrize("url", [None, URL])
    def test_commands_and_shortcuts_come_with_their_scope(self, url: str | None) -> None:
        manifest = app_manifest(url=url)
        assert manifest["features"]["slash_commands"]
        assert "commands" in manifest["oauth_config"]["scopes"]["bot"]

    @pytest.mark.parametrize("url", [None, URL])
    def test_people_can_write_to_the_bot(self, url: str | None) -> None:
        home = app_manifest(url=url)["features"]["app_home"]
        assert home == {
            "home_tab_enabled": True,
            "messages_tab_enabled": True,
            "messages_tab_read_only_enabled": False,
        }

    def test_clicks_are_delivered(self) -> None:
        assert app_manifest()["settings"]["interactivity"]["is_enabled"] is True

    def test_every_scope_has_its_reason_in_the_line_above(self) -> None:
        lines = resource("manifest.yml").read_text(encoding="utf-8").splitlines()
        scopes = app_manifest()["oauth_config"]["scopes"]
        for scope in [*scopes["bot"], *scopes["bot_optional"]]:
            place = lines.index(f"      - {scope}")
            assert re.match(r"\s+# \w", lines[place - 1]), scope


class TestSocketModeForm:
    def test_it_names_no_address(self) -> None:
        assert app_manifest()["settings"]["socket_mode_enabled"] is True
        assert "url" not in run().output

    def test_it_is_what_the_file_says_without_the_comments(self) -> None:
        printed = run().output
        assert yaml.safe_load(printed) == yaml.safe_load(
            (CHECKOUT / "manifest.yml").read_text(encoding="utf-8")
        )
        assert not [line for line in printed.splitlines() if line.strip().startswith("#")]


class TestHttpForm:
    @pytest.mark.parametrize("given", [URL, f"{URL}/"])
    def test_it_sends_everything_to_one_address(self, given: str) -> None:
        manifest = yaml.safe_load(run("--url", given).output)
        events = f"{URL}/slack/events"
        assert manifest["settings"]["event_subscriptions"]["request_url"] == events
        assert manifest["settings"]["interactivity"]["request_url"] == events
        assert {command["url"] for command in manifest["features"]["slash_commands"]} == {events}
        assert manifest["oauth_config"]["redirect_urls"] == [f"{URL}/slack/oauth_redirect"]
        assert manifest["settings"]["socket_mode_enabled"] is False

    def test_a_bot_behind_a_path_keeps_it(self) -> None:
        events = app_manifest(url=f"{URL}/bots/slipway")["settings"]["event_subscriptions"]["request_url"]
        assert events == f"{URL}/bots/slipway/slack/events"

    @pytest.mark.parametrize("wrong", ["slipway.example.org", "http://slipway.example.org", f"{URL}?x=1", ""])
    def test_an_address_slack_could_not_call_is_refused(self, wrong: str) -> None:
        result = run("--url", wrong)
        assert result.exit_code == 2
        assert "for example https://slipway.example.org" in result.output

    def test_an_address_on_this_machine_will_do_for_a_rehearsal(self) -> None:
        assert run("--url", "http://127.0.0.1:8080").exit_code == 0


class TestOtherCommandName:
    def test_it_is_used_wherever_the_command_is_named(self) -> None:
        printed = run("--command", "/pilots").output
        assert "/slipway" not in printed
        assert yaml.safe_load(printed)["features"]["slash_commands"][0]["command"] == "/pilots"

    @pytest.mark.parametrize("wrong", ["pilots", "/", "/two words", "/Pilots", "/" + "x" * 32])
    def test_a_name_slack_would_refuse_is_refused(self, wrong: str) -> None:
        result = run("--command", wrong)
        assert result.exit_code == 2
        assert "for example /pilots" in result.output
