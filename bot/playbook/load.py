"""From text to a checked playbook. Reads the built-in file or one of an organisation; knows no settings."""

import hashlib
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

from pydantic import ValidationError

from bot.playbook.faults import FaultyTextError, faults_of
from bot.playbook.model import Playbook
from bot.playbook.rules import faults_in
from bot.playbook.yamltext import read_text, read_yaml

BUILT_IN = "pilot-to-production.yaml"


class PlaybookError(FaultyTextError):
    """The text is no valid playbook; `faults` say where and what was expected."""


def load_playbook(path: Path | str | None = None) -> Playbook:
    """The playbook in `path`, or the built-in one; raises `PlaybookError` with every fault found."""
    if path is None:
        return _built_in()
    try:
        text = read_text(Path(path))
    except FaultyTextError as error:
        raise PlaybookError(error.faults) from None
    return parse_playbook(text)


def parse_playbook(text: str) -> Playbook:
    """The playbook that `text` holds, checked; raises `PlaybookError` with every fault found.

    The last few are kept, because a stored text is read again with every round that was made by it.
    """
    return _parsed(text)


@lru_cache(maxsize=1)
def _built_in() -> Playbook:
    return parse_playbook((files("bot.playbook") / BUILT_IN).read_bytes().decode("utf-8"))


@lru_cache(maxsize=8)
def _parsed(text: str) -> Playbook:
    try:
        data = read_yaml(text)
    except FaultyTextError as error:
        raise PlaybookError(error.faults) from None
    try:
        playbook = Playbook.model_validate(data)
    except ValidationError as error:
        raise PlaybookError(faults_of(error, data)) from None
    if faults := faults_in(playbook):
        raise PlaybookError(faults)
    playbook._text = text
    playbook._sha256 = hashlib.sha256(text.encode("utf-8")).hexdigest()
    return playbook
