"""Settings: typed, from environment and file, and one line for a person when one is wrong."""

import string
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from hypothesis import given
from hypothesis import strategies as st

from bot.settings import MASK, Settings, SettingsFault

LOOPBACK_API = "http://127.0.0.1:8090/api/"
OAUTH = {
    "slack_client_id": "12.34",
    "slack_client_secret": "client-secret-value",
    "token_key": Fernet.generate_key().decode(),
}


def fault_of(**values: object) -> str:
    with pytest.raises(SettingsFault) as raised:
        Settings.given(**values)
    return str(raised.value)


def possible_fault(name: str, value: str) -> str | None:
    try:
        Settings.given(**{name: value})
    except SettingsFault as fault:
        return str(fault)
    return None


@pytest.mark.usefixtures("bare_environment")
class TestWhereValuesComeFrom:
    def test_without_anything_the_defaults_hold(self) -> None:
        settings = Settings.load()
        assert settings.slack_api_base_url == "https://slack.com/api/"
        assert settings.database_url == "sqlite+aiosqlite:///slipway.db"
        assert (settings.http_host, settings.http_port) == ("127.0.0.1", 8080)
        assert settings.auto_migrate is True
        assert settings.new_allowed_for == "anyone"
        assert (settings.post_per_channel_per_second, settings.post_per_minute) == (1.0, 300)
        assert (settings.payload_keep_days, settings.inbox_keep_days) == (7, 7)

    def test_a_file_named_dot_env_in_the_working_directory_is_read(self) -> None:
        Path(".env").write_text("HTTP_PORT=9001\nSOMEBODY_ELSES=1\n", encoding="utf-8")
        assert Settings.load().http_port == 9001

    def test_the_environment_wins_over_the_file(self, monkeypatch: pytest.MonkeyPatch) -> None:
        Path(".env").write_text("HTTP_PORT=9001\n", encoding="utf-8")
        monkeypatch.setenv("HTTP_PORT", "9002")
        assert Settings.load().http_port == 9002

    def test_an_empty_value_counts_as_not_set(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("SLACK_BOT_TOKEN", "")
        monkeypatch.setenv("HTTP_PORT", "")
        settings = Settings.load()
        assert settings.slack_bot_token is None
        assert settings.http_port == 8080

    def test_blanks_around_a_value_are_no_part_of_it(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("SLACK_BOT_TOKEN", " xoxb-1-2 \n")
        token = Settings.load().slack_bot_token
        assert token is not None
        assert token.get_secret_value() == "xoxb-1-2"

    def test_given_values_ignore_environment_and_file(self, monkeypatch: pytest.MonkeyPatch) -> None:
        Path(".env").write_text("HTTP_PORT=9001\n", encoding="utf-8")
        monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-of-somebody")
        settings = Settings.given(log_level="ERROR")
        assert settings.http_port == 8080
        assert settings.slack_bot_token is None
        assert settings.log_level == "ERROR"

    def test_a_file_that_is_no_text_is_named(self) -> None:
        Path(".env").write_bytes(b"HTTP_PORT=\xff\xfe\n")
        with pytest.raises(SettingsFault, match=r"^\.env can't be read: it is not UTF-8 text"):
            Settings.load()

    def test_a_wrong_value_in_the_environment_gives_one_line(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("HTTP_PORT", "80a")
        with pytest.raises(SettingsFault) as raised:
            Settings.load()
        line = str(raised.value)
        assert line.startswith("HTTP_PORT must be a valid integer")
        assert line.endswith("Example: HTTP_PORT=8080")
        assert "\n" not in line


class TestWhatIsRefused:
    @pytest.mark.parametrize(
        ("name", "value", "why"),
        [
            ("slack_bot_token", "hello", "begins with xoxb-"),
            ("slack_bot_token", "xapp-1-A-2", "begins with xoxb-"),
            ("slack_bot_token", "xoxb-1 xoxb-2", "must not contain blanks"),
            ("slack_app_token", "xoxb-1-2", "begins with xapp-"),
            ("slack_app_token", "hello", "begins with xapp-"),
            ("slack_signing_secret", "xoxb-1-2", "not a token"),
            ("slack_api_base_url", "https://slack.com/", "must end in /api/"),
            ("slack_api_base_url", "https://slack.com/api", "must end in /api/"),
            ("slack_api_base_url", "http://example.org/api/", "unless it is this machine"),
            ("slack_api_base_url", "ftp://127.0.0.1/api/", "begins with https://"),
            ("slack_api_base_url", "https://user:word@example.org/api/", "user name or password"),
            ("slack_api_base_url", "https://[nonsense/api/", "begins with https://"),
            ("database_url", "mysql://127.0.0.1/x", "must begin with sqlite:/// or postgresql://"),
            ("database_url", "slipway.db", "must begin with sqlite:/// or postgresql://"),
            ("database_url", "sqlite://", "must name a file"),
            ("database_url", "sqlite:///:memory:", "must name a file"),
            ("auto_migrate", "perhaps", "must be a valid boolean"),
            ("http_host", "http://127.0.0.1", "host name without port"),
            ("http_port", "65536", "must be less than or equal to 65535"),
            ("playbook", "/no/such/file.yaml", "there is none at '/no/such/file.yaml'"),
            ("playbook", "~nobody-of-this-name/file.yaml", "there is none at"),
            ("playbook", "x" * 5000, "there is none at"),
            ("log_level", "loud", "must be 'DEBUG', 'INFO', 'WARNING' or 'ERROR'"),
            ("log_format", "xml", "must be 'auto', 'console' or 'json'"),
            ("new_allowed_for", "everybody", "must be anyone, admins, or the id of a user group"),
            ("token_key", "short", "32 bytes in URL-safe base64"),
            ("post_per_channel_per_second", "0", "must be greater than 0"),
            ("post_per_channel_per_second", "nan", "must be a finite number"),
            ("post_per_minute", "-1", "must be greater than or equal to 1"),
            ("payload_keep_days", "0", "must be greater than or equal to 1"),
            ("inbox_keep_days", "1.5", "must be a valid integer"),
        ],
    )
    def test_a_wrong_value_says_which_why_and_an_example(self, name: str, value: str, why: str) -> None:
        line = fault_of(**{name: value})
        assert line.startswith(name.upper())
        assert why in line
        assert f"Example: {name.upper()}=" in line
        assert "\n" not in line

    @pytest.mark.parametrize("name", ["slack_bot_token", "slack_app_token", "token_key"])
    def test_a_wrong_secret_is_not_repeated(self, name: str) -> None:
        assert "do-not-repeat-me" not in fault_of(**{name: "do-not-repeat-me"})

    def test_several_wrong_values_are_all_named_at_once(self) -> None:
        line = fault_of(http_port="x", auto_migrate="perhaps", log_level="z")
        assert line.startswith("AUTO_MIGRATE must be")
        assert "(HTTP_PORT, LOG_LEVEL wrong too)" in line
        assert line.endswith("Example: AUTO_MIGRATE=false")

    def test_a_clock_is_refused_beside_slack_itself(self) -> None:
        assert fault_of(clock_url="http://127.0.0.1:1/clock").startswith(
            "CLOCK_URL is refused unless SLACK_API_BASE_URL is this machine."
        )

    def test_a_clock_elsewhere_is_refused(self) -> None:
        line = fault_of(slack_api_base_url=LOOPBACK_API, clock_url="https://example.org/clock")
        assert line.startswith("CLOCK_URL must be on this machine")

    def test_a_clock_is_followed_beside_a_server_on_this_machine(self) -> None:
        clock = "http://127.0.0.1:8090/clock"
        assert Settings.given(slack_api_base_url=LOOPBACK_API, clock_url=clock).clock_url == clock

    @pytest.mark.parametrize("missing", sorted(OAUTH))
    def test_oauth_needs_id_secret_and_key_together(self, missing: str) -> None:
        line = fault_of(**{name: value for name, value in OAUTH.items() if name != missing})
        assert line.startswith(f"{missing.upper()} is missing: installing by OAuth needs it")

    def test_a_key_alone_is_no_mistake(self) -> None:
        assert not Settings.given(token_key=OAUTH["token_key"]).installs_by_oauth

    def test_another_server_may_have_tokens_of_another_shape(self) -> None:
        settings = Settings.given(slack_api_base_url=LOOPBACK_API, slack_bot_token="anything")
        assert settings.slack_bot_token is not None

    @pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "localhost", "[::1]"])
    def test_plain_http_is_fine_on_this_machine(self, host: str) -> None:
        url = f"http://{host}:1/api/"
        assert Settings.given(slack_api_base_url=url).slack_api_base_url == url

    @given(text=st.text(alphabet=string.printable, min_size=1))
    def test_whatever_is_typed_a_fault_is_one_line(self, text: str) -> None:
        names = (
            "slack_api_base_url",
            "clock_url",
            "database_url",
            "http_host",
            "playbook",
            "new_allowed_for",
        )
        faults = [fault for name in names if (fault := possible_fault(name, text))]
        assert all(len(fault.splitlines()) == 1 for fault in faults)


class TestDatabaseAddress:
    @pytest.mark.parametrize(
        ("written", "used"),
        [
            ("sqlite:///slipway.db", "sqlite+aiosqlite:///slipway.db"),
            ("sqlite:////var/lib/slipway.db", "sqlite+aiosqlite:////var/lib/slipway.db"),
            ("sqlite+aiosqlite:///a.db", "sqlite+aiosqlite:///a.db"),
            ("postgres://u:p@h/d", "postgresql+psycopg://u:p@h/d"),
            ("postgresql://u@h:5/d?sslmode=require", "postgresql+psycopg://u@h:5/d?sslmode=require"),
            ("postgresql+psycopg:///d?host=/tmp", "postgresql+psycopg:///d?host=/tmp"),
        ],
    )
    def test_the_usual_spellings_get_the_async_driver(self, written: str, used: str) -> None:
        assert Settings.given(database_url=written).database_url == used

    def test_its_password_is_masked_where_it_is_shown(self) -> None:
        settings = Settings.given(database_url="postgresql://u:p%40ss@h:5/d")
        assert settings.shown()["DATABASE_URL"] == f"postgresql+psycopg://u:{MASK}@h:5/d"
        assert "p%40ss" not in repr(settings)

    @pytest.mark.parametrize(
        ("written", "shown"),
        [
            ("postgresql://u:a#b/c?d@h/x", f"postgresql+psycopg://u:{MASK}@h/x"),
            (
                "postgresql://h/x?user=u&password=hidden&sslmode=require",
                f"postgresql+psycopg://h/x?user=u&password={MASK}&sslmode=require",
            ),
            ("sqlite:///[odd name:1@2", "sqlite+aiosqlite:///[odd name:1@2"),
        ],
    )
    def test_whatever_a_password_looks_like_it_is_masked(self, written: str, shown: str) -> None:
        assert Settings.given(database_url=written).shown()["DATABASE_URL"] == shown

    def test_its_password_is_a_secret_in_both_spellings(self) -> None:
        assert set(Settings.given(database_url="postgresql://u:p%40ss@h/d").secrets()) == {"p%40ss", "p@ss"}


class TestMode:
    def test_an_app_token_means_socket_mode_even_beside_a_signing_secret(self) -> None:
        both = Settings.given(slack_app_token="xapp-1", slack_signing_secret="s" * 32)
        assert both.mode == "socket"

    def test_a_signing_secret_alone_means_http_mode(self) -> None:
        assert Settings.given(slack_signing_secret="s" * 32).mode == "http"

    def test_neither_says_what_to_set(self) -> None:
        with pytest.raises(SettingsFault, match=r"^SLACK_APP_TOKEN is missing: .*SLACK_SIGNING_SECRET"):
            Settings.given().check_can_run()

    def test_a_way_in_without_a_voice_says_what_to_set(self) -> None:
        with pytest.raises(SettingsFault, match=r"^SLACK_BOT_TOKEN is missing"):
            Settings.given(slack_app_token="xapp-1").check_can_run()

    def test_oauth_stands_in_for_a_bot_token_in_http_mode_only(self) -> None:
        Settings.given(slack_signing_secret="s" * 32, **OAUTH).check_can_run()
        with pytest.raises(SettingsFault, match=r"^SLACK_BOT_TOKEN is missing"):
            Settings.given(slack_app_token="xapp-1", **OAUTH).check_can_run()


class TestSecrets:
    def test_every_secret_is_masked_where_settings_are_shown(self) -> None:
        settings = Settings.given(
            slack_bot_token="xoxb-1", slack_app_token="xapp-1", slack_signing_secret="s" * 32, **OAUTH
        )
        text = f"{settings.shown()} {settings!r}"
        assert not [secret for secret in settings.secrets() if secret in text]

    def test_what_is_not_set_says_so(self) -> None:
        assert Settings.given().shown()["SLACK_BOT_TOKEN"] == "not set"

    def test_several_keys_keep_their_order(self) -> None:
        first, second = Fernet.generate_key().decode(), Fernet.generate_key().decode()
        assert Settings.given(token_key=f"{first}, {second}").token_keys == (first, second)
