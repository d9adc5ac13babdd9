"""Structured logs: readable on a terminal, JSON otherwise, and free of secrets and of what people wrote.

Everything goes through one handler, libraries' records included, and the finished line is redacted: there
is no way around it by an odd key, a nested value or an exception's text. Must not know the settings; it is
handed plain values.
"""

import json
import logging
import re
import sys
import tempfile
import traceback
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final, Literal, TextIO
from urllib.parse import quote

import structlog
from structlog.types import EventDict, Processor, WrappedLogger

LogFormat = Literal["auto", "console", "json"]

REDACTED: Final = "[redacted]"

LIBRARIES: Final = (
    "slack_bolt",
    "slack_sdk",
    "aiohttp",
    "aiosqlite",
    "alembic",
    "apscheduler",
    "asyncio",
    "httpx",
    "httpcore",
    "matplotlib",
    "multipart",
    "psycopg",
    "sqlalchemy",
    "uvicorn",
)
"""Loggers heard from WARNING only, whatever the level is: below it Bolt and the SDK write whole payloads."""

WRITTEN_BY_PEOPLE: Final = frozenset(
    {
        "actions",
        "answer_text",
        "args",
        "arguments",
        "blocks",
        "body",
        "message",
        "note",
        "payload",
        "quote",
        "reason_text",
        "state",
        "submission",
        "text",
        "values",
        "view",
    }
)
"""Keys whose values may be a person's words: left out of every line at INFO or above."""

_SECRET_SHAPES: Final = re.compile(
    r"""
    (?:xoxe\.)?xox[a-z]-[\w-]+            # bot, user, refresh and rotated tokens
    | xapp-[\w-]+                         # app-level tokens
    | (?<=Bearer\ )[^\s"',;\\]+                   # authorization headers
    | (?<=ticket=)[\w-]+                    # Socket Mode addresses
    | (?<=client_secret=)[^\s&"',\\]+
    | (?<=[?&]code=)[^\s&"',\\]+
    | (?<=/actions/)\w+/\w+/\w+             # a click's response_url lets whoever has it post
    | (?<=/commands/)\w+/\w+/\w+
    """,
    re.VERBOSE | re.IGNORECASE,
)

_WORDS_IN_ERRORS: Final = re.compile(
    r"""
    (?<=\[parameters:\ ).*          # SQLAlchemy's statement parameters
    | (?<=DETAIL:\ ).*              # PostgreSQL quotes the row
    | (?<=input_value=).*           # pydantic quotes the input
    """,
    re.VERBOSE,
)
"""What errors quote of the data they failed on: the rest of the line goes."""

_BOLT_PAYLOAD: Final = re.compile(r"\(?\{.*", re.DOTALL)


def configure_logging(
    level: str = "INFO",
    log_format: LogFormat = "auto",
    secrets: Iterable[str] = (),
    stream: TextIO | None = None,
) -> None:
    """Send every log line, ours and the libraries', to `stream` (default: standard error), redacted.

    `secrets` are the values of this process's own secrets. uvicorn must be started with `log_config=None`,
    or it puts its own handlers beside this one.
    """
    stream = stream or sys.stderr
    handler = logging.StreamHandler(stream)
    handler.setFormatter(_RedactingFormatter(_renderers(log_format, stream), secrets))
    # On the handler rather than as levels on loggers: Bolt gives each of its loggers the root's level when
    # an app is built.
    handler.addFilter(lambda record: not _is_chatter(record))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    _forget_own_handlers()
    logging.captureWarnings(capture=True)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_COMMON,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )


class Redactor:
    """Takes secrets out of finished text: known shapes, and this process's own values in any spelling."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        spellings = {form for secret in secrets if len(secret) > 3 for form in _spellings(secret)}
        longest_first = sorted(spellings, key=len, reverse=True)
        self._own = re.compile("|".join(map(re.escape, longest_first))) if longest_first else None

    def __call__(self, text: str) -> str:
        """`text` with every secret replaced."""
        if self._own is not None:
            text = self._own.sub(REDACTED, text)
        return _SECRET_SHAPES.sub(REDACTED, text)


def without_words_of_people(_: WrappedLogger, method: str, event: EventDict) -> EventDict:
    """Drop what people wrote from lines at INFO or above; a DEBUG line may carry it."""
    if event.get("level", method) == "debug":
        return event
    return {key: value for key, value in event.items() if key not in WRITTEN_BY_PEOPLE}


def _without_words_in_errors(_: WrappedLogger, method: str, event: EventDict) -> EventDict:
    if event.get("level", method) == "debug":
        return event
    return {key: _scrubbed(value) for key, value in event.items()}


def _scrubbed(value: object) -> object:
    if isinstance(value, BaseException):
        value = f"{type(value).__name__}: {value}"
    return _WORDS_IN_ERRORS.sub(REDACTED, value) if isinstance(value, str) else value


_JSON: Final = structlog.processors.JSONRenderer(default=str)

_COMMON: Final[Sequence[Processor]] = (
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.stdlib.PositionalArgumentsFormatter(),
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.StackInfoRenderer(),
    without_words_of_people,
)


class _RedactingFormatter(structlog.stdlib.ProcessorFormatter):
    """Renders a record, then redacts the line."""

    def __init__(self, renderers: Sequence[Processor], secrets: Iterable[str]) -> None:
        super().__init__(
            foreign_pre_chain=_COMMON,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *renderers],
        )
        self.redact = Redactor(secrets)

    def format(self, record: logging.LogRecord) -> str:
        """The finished line."""
        return self.redact(super().format(_without_bolt_payload(record)))


def _renderers(log_format: LogFormat, stream: TextIO) -> Sequence[Processor]:
    terminal = stream.isatty()
    # Plain tracebacks: the default ones print local variables, which hold people's words.
    if log_format == "json" or (log_format == "auto" and not terminal):
        return (structlog.processors.format_exc_info, _without_words_in_errors, _JSON)
    console = structlog.dev.ConsoleRenderer(
        colors=terminal, exception_formatter=structlog.dev.plain_traceback
    )
    return (structlog.processors.format_exc_info, _without_words_in_errors, console)


def _without_bolt_payload(record: logging.LogRecord) -> logging.LogRecord:
    """Bolt's warnings about requests nobody handles quote what was typed."""
    if _library(record) != "slack_bolt" or record.levelno >= logging.ERROR:
        return record
    copy = logging.makeLogRecord(record.__dict__)
    copy.msg, copy.args = _BOLT_PAYLOAD.sub("(payload left out)", record.getMessage()), ()
    return copy


def _is_chatter(record: logging.LogRecord) -> bool:
    library = _library(record)
    # APScheduler warns of each tick that a longer one before it made needless: nothing is lost by that.
    least = logging.ERROR if library == "apscheduler" else logging.WARNING
    return library in LIBRARIES and record.levelno < least


def _library(record: logging.LogRecord) -> str:
    return record.name.partition(".")[0]


def _forget_own_handlers() -> None:
    """Libraries that brought a handler of their own would write past the redaction."""
    for name in list(logging.root.manager.loggerDict):
        if name.partition(".")[0] in LIBRARIES:
            logger = logging.getLogger(name)
            logger.handlers.clear()
            logger.propagate = True


def _spellings(secret: str) -> set[str]:
    """The secret as it may stand in a line: raw, inside JSON, inside a Python string, in an address."""
    return {secret, json.dumps(secret)[1:-1], repr(secret)[1:-1], quote(secret, safe="")}


def keep_trace(error: BaseException) -> Path:
    """Write `error`'s trace, redacted, to a new file that only this user can read, and say where it is."""
    text = "".join(traceback.format_exception(error))
    with tempfile.NamedTemporaryFile(
        "w", prefix="slipway-", suffix=".log", delete=False, encoding="utf-8"
    ) as file:
        file.write(_WORDS_IN_ERRORS.sub(REDACTED, _redactor()(text)))
    return Path(file.name)


def _redactor() -> Redactor:
    """The one in use, with this process's own secrets, once logging is configured."""
    formatters = (handler.formatter for handler in logging.getLogger().handlers)
    return next((f.redact for f in formatters if isinstance(f, _RedactingFormatter)), Redactor())
