"""YAML text to plain data, strictly: a doubled key, a merged one, a bottomless nesting are faults.

Lists become tuples, so that what was read stays as it was written. An alias stands for the same object, so
that many of them cost nothing; merging would copy, and multiply. Knows nothing of what the data means.
"""

from collections.abc import Hashable
from pathlib import Path

import yaml

from bot.playbook.faults import Fault, FaultyTextError, shown

try:
    from yaml import CSafeLoader as _Loader
except ImportError:  # PyYAML built without libyaml reads the same, only slower
    from yaml import SafeLoader as _Loader  # type: ignore[assignment]

MAX_BYTES = 8_000_000
"""A playbook has about 130 kB, a case with 1,000 respondents about 300 kB."""

MAX_DEPTH = 60
"""Deeper than any file of ours by far, shallow enough for a recursive reader."""


def read_text(path: Path) -> str:
    """The UTF-8 text in `path`; what can't be read or is no text is a `FaultyTextError` that says why."""
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise FaultyTextError([Fault("", "a file that can be read", reason)]) from None
    except ValueError:
        raise FaultyTextError([Fault("", "the name of a file")]) from None
    if len(content) > MAX_BYTES:
        raise FaultyTextError([Fault("", f"at most {MAX_BYTES // 1_000_000} MB of text")])
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise FaultyTextError([Fault(f"line {line}", "UTF-8 text")]) from None


def read_yaml(text: str) -> object:
    """The one document in `text` as mappings, tuples and scalars; raises `FaultyTextError` with the line."""
    try:
        _refuse_depth(text)
        return yaml.load(text, Loader=_StrictLoader)  # noqa: S506 - a SafeLoader, made stricter
    except FaultyTextError:
        raise
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        path = f"line {mark.line + 1}" if mark is not None else ""
        found = (error.problem or "something else").removeprefix("found ")
        raise FaultyTextError([Fault(path, "readable YAML", found)]) from None
    except yaml.YAMLError as error:
        first_line = str(error).splitlines()[0]
        raise FaultyTextError([Fault("", "readable YAML", first_line)]) from None
    except ValueError as error:  # a number of thousands of digits, the 30th of February
        raise FaultyTextError([Fault("", "readable YAML", str(error))]) from None


def _refuse_depth(text: str) -> None:
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > MAX_DEPTH:
                line = f"line {event.start_mark.line + 1}" if event.start_mark is not None else ""
                raise FaultyTextError([Fault(line, f"at most {MAX_DEPTH} levels of nesting")])
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1


class _StrictLoader(_Loader):
    """A safe loader that keeps sequences immutable and takes no key twice."""


def _sequence(loader: _StrictLoader, node: yaml.SequenceNode) -> tuple[object, ...]:
    return tuple(loader.construct_sequence(node, deep=True))


def _mapping(loader: _StrictLoader, node: yaml.MappingNode) -> dict[Hashable, object]:
    made: dict[Hashable, object] = {}
    for key_node, value_node in node.value:
        line = f"line {key_node.start_mark.line + 1}"
        if key_node.tag == "tag:yaml.org,2002:merge":
            raise FaultyTextError([Fault(line, "every key written out", "the merge key <<")])
        key = loader.construct_object(key_node, deep=True)
        if not isinstance(key, Hashable) or isinstance(key, tuple):
            raise FaultyTextError([Fault(line, "a plain key", shown(key))])
        if key in made:
            raise FaultyTextError([Fault(line, "every key once", f"{shown(key)} again")])
        made[key] = loader.construct_object(value_node, deep=True)
    return made


_StrictLoader.add_constructor("tag:yaml.org,2002:seq", _sequence)
_StrictLoader.add_constructor("tag:yaml.org,2002:map", _mapping)
