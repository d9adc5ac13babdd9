"""Logs: readable or JSON, and never a secret or, at INFO and above, a person's words."""

import io
import json
import logging
import warnings
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.request.async_request import AsyncBoltRequest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import SQLAlchemyError

from bot.logs import LIBRARIES, REDACTED, LogFormat, Redactor, configure_logging, keep_trace

WORDS = "the invoices are rekeyed by hand"
BOT_TOKEN = "xoxb-123456-abcdef"


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def logging_as_it_was() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:], root.level = handlers, level
    logging.captureWarnings(capture=False)
    structlog.reset_defaults()


def logged(log_format: LogFormat = "json", level: str = "INFO", secrets: tuple[str, ...] = ()) -> io.StringIO:
    stream = io.StringIO()
    configure_logging(level, log_format, secrets, stream)
    return stream


def fail(why: str) -> None:
    raise ConnectionError(why)


def events(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


class TestForm:
    def test_away_from_a_terminal_every_line_is_json_with_time_level_and_origin(self) -> None:
        stream = logged("auto")
        structlog.get_logger("bot.desk").info("round opened", round=1)
        [event] = events(stream)
        assert (
            event.items()
            >= {"event": "round opened", "round": 1, "level": "info", "logger": "bot.desk"}.items()
        )
        assert event["timestamp"].endswith("Z")

    def test_on_a_terminal_lines_are_readable(self) -> None:
        stream = Terminal()
        configure_logging("INFO", "auto", stream=stream)
        structlog.get_logger("bot.desk").info("round opened", round=1)
        assert "round opened" in stream.getvalue()
        assert not stream.getvalue().startswith("{")

    def test_what_is_less_important_than_the_level_is_left_out(self) -> None:
        stream = logged(level="WARNING")
        structlog.get_logger("bot").info("hello")
        assert stream.getvalue() == ""

    def test_context_is_carried_into_every_line(self) -> None:
        stream = logged()
        with structlog.contextvars.bound_contextvars(workspace="T1"):
            structlog.get_logger("bot").info("hello")
        assert events(stream)[0]["workspace"] == "T1"

    def test_records_of_libraries_look_like_ours(self) -> None:
        stream = logged()
        logging.getLogger("uvicorn.error").warning("port %s is taken", 8080)
        assert events(stream)[0]["event"] == "port 8080 is taken"

    def test_warnings_of_python_are_logged(self) -> None:
        stream = logged()
        with warnings.catch_warnings():
            warnings.simplefilter("always")
            logging.captureWarnings(capture=True)
            warnings.warn("old thing", DeprecationWarning, stacklevel=1)
        assert "old thing" in events(stream)[0]["event"]

    def test_a_tick_that_a_longer_one_made_needless_is_not_worth_a_line(self) -> None:
        stream = logged()
        logger = logging.getLogger("apscheduler.scheduler")
        logger.warning("maximum number of running instances reached")
        logger.error("trouble")
        assert [event["event"] for event in events(stream)] == ["trouble"]

    @pytest.mark.parametrize("library", sorted(set(LIBRARIES) - {"apscheduler"}))
    def test_libraries_are_heard_from_warning_whatever_the_level(self, library: str) -> None:
        stream = logged(level="DEBUG")
        logger = logging.getLogger(f"{library}.somewhere")
        logger.setLevel(logging.DEBUG)
        logger.info("chatter")
        logger.warning("trouble")
        assert [event["event"] for event in events(stream)] == ["trouble"]

    def test_a_library_s_own_handler_is_taken_away(self) -> None:
        theirs = io.StringIO()
        logger = logging.getLogger("uvicorn")
        logger.addHandler(logging.StreamHandler(theirs))
        stream = logged()
        logger.warning("hello")
        assert theirs.getvalue() == ""
        assert len(events(stream)) == 1


class TestSecrets:
    @pytest.mark.parametrize(
        ("line", "secret"),
        [
            ("token xoxb-1-a", "xoxb-1-a"),
            ("token xoxp-1-a", "xoxp-1-a"),
            ("token xoxe.xoxb-1-a-b", "xoxe.xoxb-1-a-b"),
            ("token xoxe-1-a", "xoxe-1-a"),
            ("token xapp-1-A-2-b", "xapp-1-A-2-b"),
            ("broken\nxoxb-1-a", "xoxb-1-a"),
            ("Authorization: Bearer s3cr3t", "s3cr3t"),
            ("wss://127.0.0.1/link/?ticket=11-22-33&app_id=4", "11-22-33"),
            ("POST client_secret=33fea0 done", "33fea0"),
            ("GET /slack/oauth_redirect?code=12.34.56&state=1", "12.34.56"),
            ("https://127.0.0.1/actions/T1/222/333", "T1/222/333"),
            ("https://127.0.0.1/commands/T1/222/333", "T1/222/333"),
        ],
    )
    @pytest.mark.parametrize("log_format", ["json", "console"])
    def test_known_shapes_never_reach_a_line(self, log_format: LogFormat, line: str, secret: str) -> None:
        stream = logged(log_format)
        structlog.get_logger("bot").warning(line, nested={"deep": [line]})
        logging.getLogger("somewhere").error("%s", line)
        assert secret not in stream.getvalue()
        assert REDACTED in stream.getvalue()

    @given(secret=st.text(min_size=8), log_format=st.sampled_from(["json", "console"]))
    def test_the_process_s_own_secrets_never_reach_a_line(self, secret: str, log_format: LogFormat) -> None:
        stream = logged(log_format, secrets=(secret,))
        structlog.get_logger("bot").warning("x", value=secret, nested=[{"key": secret}])
        assert secret not in stream.getvalue()
        if log_format == "json":
            assert secret not in str(events(stream))

    def test_nor_do_they_by_an_exception(self) -> None:
        stream = logged(secrets=("hunter22",))
        try:
            fail(f"login failed for hunter22 with {BOT_TOKEN}")
        except ConnectionError as error:
            structlog.get_logger("bot").exception("failed", error=error)
        assert "hunter22" not in stream.getvalue()
        assert BOT_TOKEN not in stream.getvalue()
        assert "login failed for" in events(stream)[0]["exception"]

    def test_redaction_leaves_json_readable(self) -> None:
        stream = logged()
        structlog.get_logger("bot").warning("Authorization: Bearer abc", then="kept")
        assert events(stream)[0]["then"] == "kept"

    @given(st.text())
    def test_text_without_secrets_is_left_alone(self, line: str) -> None:
        assert Redactor(())(line) == line or "xox" in line.lower() or "xapp" in line.lower()


class TestWordsOfPeople:
    @pytest.mark.parametrize("key", ["text", "note", "body", "payload", "blocks", "view", "values", "quote"])
    def test_at_info_and_above_they_are_left_out(self, key: str) -> None:
        stream = logged()
        structlog.get_logger("bot").info("answer saved", **{key: WORDS}, criterion="data.owner")
        structlog.get_logger("bot").error("answer not saved", **{key: WORDS})
        assert WORDS not in stream.getvalue()
        assert events(stream)[0]["criterion"] == "data.owner"

    def test_at_debug_they_may_be_read(self) -> None:
        stream = logged(level="DEBUG")
        structlog.get_logger("bot").debug("answer", text=WORDS)
        assert events(stream)[0]["text"] == WORDS

    @pytest.mark.parametrize("log_format", ["json", "console"])
    def test_a_database_error_does_not_quote_them(self, log_format: LogFormat) -> None:
        stream = logged(log_format)
        engine = create_engine("sqlite://")
        with engine.connect() as connection:
            try:
                connection.execute(
                    text("insert into nowhere values (:note)"), {"note": f"{WORDS}]\nagain {WORDS}"}
                )
            except SQLAlchemyError as error:
                structlog.get_logger("bot").exception("not saved", error=error)
        engine.dispose()
        assert WORDS not in stream.getvalue()
        assert "no such table: nowhere" in stream.getvalue()

    def test_a_validation_error_does_not_quote_them(self) -> None:
        class Form(BaseModel):
            level: int

        stream = logged()
        try:
            Form.model_validate({"level": WORDS})
        except ValidationError:
            structlog.get_logger("bot").exception("form refused")
        assert WORDS not in stream.getvalue()

    @pytest.mark.parametrize("log_format", ["json", "console"])
    def test_local_variables_of_a_trace_are_not_printed(self, log_format: LogFormat) -> None:
        stream = logged(log_format)

        def save(note: str) -> None:
            raise OSError("disk full")

        try:
            save(WORDS)
        except OSError:
            structlog.get_logger("bot").exception("not saved")
        assert "disk full" in stream.getvalue()
        assert WORDS not in stream.getvalue()


async def authorize() -> AuthorizeResult:
    return AuthorizeResult(
        enterprise_id=None, team_id="T1", bot_user_id="U1", bot_id="B1", bot_token=BOT_TOKEN
    )


class TestBolt:
    """Bolt writes whole payloads at INFO and DEBUG, and gives its loggers the root's level."""

    @pytest.mark.parametrize("level", ["DEBUG", "INFO"])
    async def test_a_bad_signature_does_not_put_the_body_into_the_log(self, level: str) -> None:
        stream = logged(level=level)
        app = AsyncApp(signing_secret="s" * 32, authorize=authorize, process_before_response=True)
        body = f"command=/slipway&text={WORDS}"
        headers: dict[str, str | Sequence[str]] = {
            "x-slack-signature": "v0=wrong",
            "x-slack-request-timestamp": "1",
        }
        response = await app.async_dispatch(AsyncBoltRequest(body=body, headers=headers))
        assert response.status == 401
        assert WORDS not in stream.getvalue()

    @pytest.mark.parametrize("level", ["DEBUG", "INFO", "WARNING"])
    @pytest.mark.parametrize(
        "body",
        [
            {"type": "event_callback", "event": {"type": "message", "text": WORDS}},
            {"type": "block_suggestion", "action_id": "a", "block_id": "b", "value": WORDS},
            {"command": "/slipway", "text": WORDS},
            {"type": "dialog_submission", "callback_id": "a", "submission": {"x": WORDS}, "state": WORDS},
        ],
    )
    async def test_a_request_nobody_handles_does_not_either(self, level: str, body: dict[str, Any]) -> None:
        stream = logged(level=level)
        app = AsyncApp(
            signing_secret="s" * 32,
            authorize=authorize,
            process_before_response=True,
            request_verification_enabled=False,
        )
        response = await app.async_dispatch(AsyncBoltRequest(body=body, mode="socket_mode"))
        assert response.status == 404
        assert "Unhandled request" in stream.getvalue()
        assert WORDS not in stream.getvalue()


class TestKeptTrace:
    def test_it_is_private_and_without_secrets(self) -> None:
        logged(secrets=("hunter22",))
        try:
            fail(f"hunter22 {BOT_TOKEN}")
        except ConnectionError as error:
            place = keep_trace(error)
        text_kept = place.read_text(encoding="utf-8")
        mode = place.stat().st_mode & 0o777
        place.unlink()
        assert mode == 0o600
        assert "ConnectionError" in text_kept
        assert "hunter22" not in text_kept
        assert BOT_TOKEN not in text_kept
