"""`slipway manifest`: the app manifest to paste into Slack, for Socket Mode or for HTTP mode."""

import re
from typing import Any, Final
from urllib.parse import urlsplit

import click
import yaml

from bot.resources import resource

Manifest = dict[str, Any]

_LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "localhost"})


def _base_url(_ctx: click.Context, _param: click.Parameter, value: str | None) -> str | None:
    if value is None:
        return None
    parts = urlsplit(value)
    local = parts.scheme == "http" and parts.hostname in _LOOPBACK
    if not parts.hostname or not (parts.scheme == "https" or local) or parts.query or parts.fragment:
        raise click.BadParameter(
            "give the address at which Slack reaches the bot, for example https://slipway.example.org"
        )
    return value.rstrip("/")


def _command_name(_ctx: click.Context, _param: click.Parameter, value: str | None) -> str | None:
    if value is not None and not re.fullmatch(r"/[a-z0-9_-]{1,31}", value):
        raise click.BadParameter("give a slash and up to 31 small letters, for example /pilots")
    return value


@click.command
@click.option("--url", callback=_base_url, help="Print the HTTP form, for a bot that Slack reaches at URL.")
@click.option("--command", "name", callback=_command_name, help="Another name for /slipway.")
def command(url: str | None, name: str | None) -> None:
    """Print the app manifest: the Socket Mode form, or with --url the HTTP form."""
    manifest = app_manifest(url=url, command_name=name)
    click.echo(yaml.safe_dump(manifest, sort_keys=False, allow_unicode=True, width=100), nl=False)


def app_manifest(*, url: str | None = None, command_name: str | None = None) -> Manifest:
    """The manifest as data; with `url` (no slash at its end) in the HTTP form."""
    manifest: Manifest = yaml.safe_load(resource("manifest.yml").read_text(encoding="utf-8"))
    if command_name is not None:
        _rename_command(manifest, command_name)
    if url is not None:
        _reach_by_http(manifest, url)
    return manifest


def _rename_command(manifest: Manifest, name: str) -> None:
    about = manifest["display_information"]
    for command_entry in manifest["features"]["slash_commands"]:
        about["long_description"] = about["long_description"].replace(command_entry["command"], name)
        command_entry["command"] = name


def _reach_by_http(manifest: Manifest, url: str) -> None:
    events = f"{url}/slack/events"
    for command_entry in manifest["features"]["slash_commands"]:
        command_entry["url"] = events
    manifest["oauth_config"]["redirect_urls"] = [f"{url}/slack/oauth_redirect"]
    settings = manifest["settings"]
    settings["event_subscriptions"]["request_url"] = events
    settings["interactivity"]["request_url"] = events
    settings["socket_mode_enabled"] = False
