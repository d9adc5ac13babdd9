"""Every setting of Slipway: its name, type, default, an example and the rules it keeps.

Read once, in `bot/app.py` and the commands of `bot/cli.py`; everything below is handed plain values.
Imports nothing of ours, so that a wrong value can be reported before anything else is loaded.
"""

import ipaddress
import math
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Final, Literal, Self
from urllib.parse import SplitResult, unquote, urlsplit

from cryptography.fernet import Fernet
from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

MASK: Final = "********"
SLACK_API: Final = "https://slack.com/api/"

_DRIVERS: Final = {
    "sqlite": "sqlite+aiosqlite",
    "sqlite+aiosqlite": "sqlite+aiosqlite",
    "postgres": "postgresql+psycopg",
    "postgresql": "postgresql+psycopg",
    "postgresql+psycopg": "postgresql+psycopg",
}

# As SQLAlchemy reads an address: a password may hold anything but an @.
_PASSWORD: Final = re.compile(r"(^[\w+]+://[^:/@]*:|[?&]password=)((?<=password=)[^&]*|[^@]*(?=@))")


class SettingsFault(Exception):
    """A setting is missing or wrong. Its text is one line: which one, why, and an example."""


@dataclass(frozen=True)
class SettingNote:
    """What a person needs to know about one setting, as `slipway settings` and the README show it."""

    name: str
    description: str
    default: str
    example: str
    secret: bool


def _about(description: str, example: str, **rules: Any) -> Any:
    """A field's documentation and its rules."""
    return Field(description=description, examples=[example], **rules)


class Settings(BaseSettings):
    """Typed settings from the environment and `.env`; the environment wins. Build with `load` or `given`."""

    model_config = SettingsConfigDict(
        env_file=None, env_ignore_empty=True, extra="ignore", frozen=True, hide_input_in_errors=True
    )

    slack_bot_token: Annotated[
        SecretStr | None,
        _about(
            "Bot token (Install App). Not needed where workspaces install by OAuth.", "xoxb-1234-5678-abc"
        ),
    ] = None
    slack_app_token: Annotated[
        SecretStr | None,
        _about("App-level token with `connections:write`; selects Socket Mode.", "xapp-1-A012-345-abc"),
    ] = None
    slack_signing_secret: Annotated[
        SecretStr | None,
        _about(
            "Signing secret (Basic Information); selects HTTP mode when there is no app token.",
            "8f742231b10e8888abcd99edcba785a5",
        ),
    ] = None
    slack_client_id: Annotated[
        str | None,
        _about("Client ID, for workspaces that install by OAuth in HTTP mode.", "1234567890.1234567890"),
    ] = None
    slack_client_secret: Annotated[
        SecretStr | None,
        _about("Client secret that belongs to it.", "33fea0113f5b1234abcd5678ef901234"),
    ] = None
    slack_api_base_url: Annotated[
        str,
        _about(
            "Slack's Web API or a compatible server. Ends in `/api/`; plain http only to this machine.",
            "http://127.0.0.1:8090/api/",
        ),
    ] = SLACK_API
    clock_url: Annotated[
        str | None,
        _about(
            "Where a sandbox tells the time. Refused unless `SLACK_API_BASE_URL` is this machine.",
            "http://127.0.0.1:8090/clock",
        ),
    ] = None
    database_url: Annotated[
        str,
        _about(
            "SQLite file (by default `slipway.db` in the working directory) or PostgreSQL database.",
            "postgresql://slipway:secret@127.0.0.1:5432/slipway",
            repr=False,
        ),
    ] = "sqlite:///slipway.db"
    auto_migrate: Annotated[
        bool,
        _about("Bring the database to the newest schema at start; `false` refuses an old one.", "false"),
    ] = True
    http_host: Annotated[
        str,
        _about("Address the bot's own HTTP server listens on: health, metrics, HTTP mode.", "192.0.2.7"),
    ] = "127.0.0.1"
    http_port: Annotated[
        int, _about("Port of that server; 0 takes any free one.", "8080", ge=0, le=65535)
    ] = 8080
    playbook: Annotated[
        Path | None,
        _about(
            "Your organisation's own playbook file; without it the built-in one.",
            "/etc/slipway/playbook.yaml",
        ),
    ] = None
    log_level: Annotated[
        Literal["DEBUG", "INFO", "WARNING", "ERROR"], _about("Least important log line to write.", "DEBUG")
    ] = "INFO"
    log_format: Annotated[
        Literal["auto", "console", "json"],
        _about("`auto` is `console` on a terminal and `json` otherwise.", "json"),
    ] = "auto"
    new_allowed_for: Annotated[
        str,
        _about(
            "Who may start an initiative: `anyone` (full members), `admins`, or the id of a user group.",
            "S0614TZR7",
        ),
    ] = "anyone"
    token_key: Annotated[
        SecretStr | None,
        _about(
            "Encrypts the tokens of installed workspaces; required for OAuth. A Fernet key: 32 random bytes "
            "in URL-safe base64 (`openssl rand -base64 32 | tr +/ -_`). Several by comma, newest first.",
            "c2xpcHdheS1leGFtcGxlLWtleS0zMi1ieXRlcyEhISE=",
        ),
    ] = None
    post_per_channel_per_second: Annotated[
        float,
        _about("Messages a second to one channel, at most.", "1.0", gt=0, le=10_000, allow_inf_nan=False),
    ] = 1.0
    post_per_minute: Annotated[
        int, _about("Messages a minute to one workspace, at most.", "300", ge=1, le=1_000_000)
    ] = 300
    payload_keep_days: Annotated[
        int, _about("Days the text of a sent message is kept; key and time stay.", "7", ge=1, le=3650)
    ] = 7
    inbox_keep_days: Annotated[
        int, _about("Days the keys are kept that catch payloads arriving twice.", "7", ge=1, le=3650)
    ] = 7

    @classmethod
    def load(cls, env_file: Path | str | None = ".env") -> Self:
        """Settings from the environment and, below it, `env_file` (None: no file). Raises SettingsFault."""
        try:
            return cls(_env_file=env_file)
        except ValidationError as error:
            raise SettingsFault(_sentence(error)) from None
        except (OSError, UnicodeDecodeError) as error:
            raise SettingsFault(
                f"{env_file} can't be read: {_cause(error)}. Expected: NAME=value lines."
            ) from None

    @classmethod
    def given(cls, **values: object) -> "Settings":
        """Settings from `values` and defaults alone: no environment, no file. Raises SettingsFault."""
        try:
            return _GivenSettings.model_validate(values)
        except ValidationError as error:
            raise SettingsFault(_sentence(error)) from None

    @classmethod
    def notes(cls) -> tuple[SettingNote, ...]:
        """Every setting in the order people meet them."""
        return tuple(_note(name, cls.model_fields[name]) for name in cls.model_fields)

    @property
    def mode(self) -> Literal["socket", "http"]:
        """How Slack reaches the bot; the app token wins. Raises SettingsFault when neither is set."""
        if self.slack_app_token is not None:
            return "socket"
        if self.slack_signing_secret is not None:
            return "http"
        raise SettingsFault(
            "SLACK_APP_TOKEN is missing: set it for Socket Mode, or SLACK_SIGNING_SECRET for HTTP mode. "
            f"Example: {_example('slack_app_token')}"
        )

    @property
    def installs_by_oauth(self) -> bool:
        """Whether workspaces install the app themselves (client id, client secret and key are set)."""
        return self.slack_client_id is not None

    @property
    def token_keys(self) -> tuple[str, ...]:
        """Fernet keys, newest first; empty without TOKEN_KEY."""
        return _split_keys(self.token_key.get_secret_value()) if self.token_key else ()

    def check_can_run(self) -> None:
        """Raise SettingsFault unless there is a way to reach Slack and a token to speak with."""
        mode = self.mode
        if self.slack_bot_token is not None or (mode == "http" and self.installs_by_oauth):
            return
        alternative = ", or SLACK_CLIENT_ID and SLACK_CLIENT_SECRET for OAuth" if mode == "http" else ""
        raise SettingsFault(
            f"SLACK_BOT_TOKEN is missing: set it to the token from Install App{alternative}. "
            f"Example: {_example('slack_bot_token')}"
        )

    def secrets(self) -> tuple[str, ...]:
        """Every secret value that is set, for the log's redaction."""
        fields = (getattr(self, name) for name in type(self).model_fields)
        own = [field.get_secret_value() for field in fields if isinstance(field, SecretStr)]
        passwords = [found[2] for found in _PASSWORD.finditer(self.database_url) if found[2]]
        return (*own, *self.token_keys, *passwords, *map(unquote, passwords))

    def shown(self) -> Mapping[str, str]:
        """Environment name to value as a person may see it: secrets masked, unset ones as 'not set'."""
        return {name.upper(): self._shown_one(name) for name in type(self).model_fields}

    def _shown_one(self, name: str) -> str:
        value = getattr(self, name)
        if value is None:
            return "not set"
        if isinstance(value, SecretStr):
            return MASK
        return _PASSWORD.sub(rf"\1{MASK}", value) if name == "database_url" else _plain(value)

    @field_validator("*", mode="before")
    @classmethod
    def _without_surrounding_blanks(cls, value: object) -> object:
        return value.strip() if isinstance(value, str) else value

    @field_validator("slack_bot_token", "slack_app_token", "slack_signing_secret", "slack_client_secret")
    @classmethod
    def _one_word(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and re.search(r"\s", value.get_secret_value()):
            raise ValueError("must not contain blanks")
        return value

    @field_validator("slack_api_base_url")
    @classmethod
    def _an_api_address(cls, value: str) -> str:
        parts = _split_url(value)
        if not parts.path.endswith("/api/") or parts.query or parts.fragment:
            raise ValueError("must end in /api/")
        if parts.scheme == "http" and not _is_loopback(parts.hostname):
            raise ValueError("must begin with https:// unless it is this machine (127.0.0.1)")
        return value

    @field_validator("clock_url")
    @classmethod
    def _a_clock_on_this_machine(cls, value: str | None) -> str | None:
        if value is not None and not _is_loopback(_split_url(value).hostname):
            raise ValueError("must be on this machine (127.0.0.1)")
        return value

    @field_validator("database_url")
    @classmethod
    def _a_database_address(cls, value: str) -> str:
        scheme, colon, rest = value.partition("://")
        driver = _DRIVERS.get(scheme.lower())
        if not colon or driver is None:
            raise ValueError("must begin with sqlite:/// or postgresql://")
        if driver == _DRIVERS["sqlite"] and (not rest.startswith("/") or rest[1:] in ("", ":memory:")):
            raise ValueError("must name a file after sqlite:/// (a database in memory forgets everything)")
        return f"{driver}://{rest}"

    @field_validator("http_host")
    @classmethod
    def _a_listening_address(cls, value: str) -> str:
        if not re.fullmatch(r"[A-Za-z0-9.:-]+", value) or "//" in value:
            raise ValueError("must be an address or host name without port")
        return value

    @field_validator("playbook")
    @classmethod
    def _a_file(cls, value: Path | None) -> Path | None:
        if value is None:
            return None
        # Not Path's own methods: those raise on an unknown ~name and on a name that is too long.
        path = os.path.expanduser(value)
        if not os.path.isfile(path) or not os.access(path, os.R_OK):
            raise ValueError(f"must be a file that can be read; there is none at {str(value)!r}")
        return Path(path)

    @field_validator("log_level", mode="before")
    @classmethod
    def _upper(cls, value: object) -> object:
        return value.upper() if isinstance(value, str) else value

    @field_validator("log_format", mode="before")
    @classmethod
    def _lower(cls, value: object) -> object:
        return value.lower() if isinstance(value, str) else value

    @field_validator("new_allowed_for")
    @classmethod
    def _anyone_admins_or_a_group(cls, value: str) -> str:
        if value.lower() in ("anyone", "admins"):
            return value.lower()
        if not re.fullmatch(r"S[A-Z0-9]{2,30}", value):
            raise ValueError("must be anyone, admins, or the id of a user group (S and capitals)")
        return value

    @field_validator("token_key")
    @classmethod
    def _fernet_keys(cls, value: SecretStr | None) -> SecretStr | None:
        for key in _split_keys(value.get_secret_value()) if value else ():
            try:
                Fernet(key)
            except ValueError:
                raise ValueError("must be 32 bytes in URL-safe base64 (44 characters), each key") from None
        return value

    @model_validator(mode="after")
    def _rules_across(self) -> Self:
        loopback = _is_loopback(urlsplit(self.slack_api_base_url).hostname)
        if self.clock_url is not None and not loopback:
            raise _WrongTogether("clock_url", "is refused unless SLACK_API_BASE_URL is this machine")
        self._check_tokens(strict=self.slack_api_base_url == SLACK_API)
        self._check_oauth()
        return self

    def _check_tokens(self, *, strict: bool) -> None:
        """Slack's own tokens begin in a known way; other servers' may not, but swapped ones are refused."""
        bot, app = self._secret("slack_bot_token"), self._secret("slack_app_token")
        if bot.startswith(("xapp-", "xoxp-")) or (
            strict and bot and not bot.startswith(("xoxb-", "xoxe.xoxb-"))
        ):
            raise _WrongTogether("slack_bot_token", "must be a bot token, which begins with xoxb-")
        if app.startswith("xox") or (strict and app and not app.startswith("xapp-")):
            raise _WrongTogether("slack_app_token", "must be an app-level token, which begins with xapp-")
        if self._secret("slack_signing_secret").startswith(("xox", "xapp-")):
            raise _WrongTogether("slack_signing_secret", "must be the signing secret, not a token")

    def _check_oauth(self) -> None:
        """OAuth needs all three of client id, client secret and key, or none of the first two."""
        if self.slack_client_id is None and self.slack_client_secret is None:
            return
        for name in ("slack_client_id", "slack_client_secret", "token_key"):
            if getattr(self, name) is None:
                raise _WrongTogether(name, "is missing: installing by OAuth needs it")

    def _secret(self, name: str) -> str:
        value: SecretStr | None = getattr(self, name)
        return value.get_secret_value() if value else ""


class _GivenSettings(Settings):
    """Settings that look at nothing but the values they are given."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Only what the caller passed."""
        return (init_settings,)


class _WrongTogether(ValueError):
    """A setting that is wrong only beside another one."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(reason)
        self.name = name


def _sentence(error: ValidationError) -> str:
    """The first fault as one line, and the names of others, so that nobody learns of them one by one."""
    faults = [_fault(detail) for detail in error.errors()]
    name, reason = faults[0]
    others = sorted({other.upper() for other, _ in faults[1:]} - {name.upper()})
    too = f" ({', '.join(others)} wrong too)" if others else ""
    return f"{name.upper()} {reason}{too}. Example: {_example(name)}"


def _fault(detail: Mapping[str, Any]) -> tuple[str, str]:
    cause = detail.get("ctx", {}).get("error")
    if isinstance(cause, _WrongTogether):
        return cause.name, str(cause)
    reason = str(cause) if cause is not None else detail["msg"].replace("Input should be", "must be")
    return str(detail["loc"][0]).lower(), reason


def _example(name: str) -> str:
    return f"{name.upper()}={_note(name, Settings.model_fields[name]).example}"


def _note(name: str, field: Any) -> SettingNote:
    default = "" if field.default is None else _plain(field.default)
    return SettingNote(
        name=name.upper(),
        description=field.description,
        default=default,
        example=field.examples[0],
        secret=field.annotation == SecretStr | None,
    )


def _plain(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _cause(error: OSError | UnicodeDecodeError) -> str:
    if isinstance(error, UnicodeDecodeError):
        return "it is not UTF-8 text"
    return os.strerror(error.errno) if error.errno else "it can't be opened"


def _split_keys(text: str) -> tuple[str, ...]:
    return tuple(key for part in text.split(",") if (key := part.strip()))


def _split_url(value: str) -> SplitResult:
    try:
        parts = urlsplit(value)
        known = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != math.inf
    except ValueError:
        known = False
    if not known:
        raise ValueError("must be an address that begins with https:// (or http://)")
    if parts.username or parts.password:
        raise ValueError("must not contain a user name or password")
    return parts


def _is_loopback(host: str | None) -> bool:
    if host is None:
        return False
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
