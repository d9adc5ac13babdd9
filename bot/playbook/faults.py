"""What is wrong in a file a person wrote: where, what was expected, what stood there.

Knows YAML paths and pydantic's error types. Knows nothing of playbooks, cases or where a file came from.
"""

import reprlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pydantic import ValidationError
from pydantic_core import ErrorDetails

_type_words = {
    "string_type": "text",
    "int_type": "a whole number",
    "float_type": "a number",
    "bool_type": "true or false",
    "tuple_type": "a list",
    "dict_type": "a mapping",
    "mapping_type": "a mapping",
    "model_type": "a mapping",
    "model_attributes_type": "a mapping",
    "finite_number": "a finite number",
    "invalid_key": "a key of text",
    "missing": "this key, which is missing",
    "extra_forbidden": "no such key here",
    "union_tag_not_found": "a mapping with a 'type'",
}
"""pydantic's error types in words that complete "expected …"."""

_limit_words = {
    "string_too_short": "at least {min_length} character(s)",
    "string_too_long": "at most {max_length} characters",
    "too_short": "at least {min_length} item(s)",
    "too_long": "at most {max_length} item(s)",
    "greater_than_equal": "{ge} or more",
    "greater_than": "more than {gt}",
    "less_than_equal": "{le} or less",
    "less_than": "less than {lt}",
    "literal_error": "{expected}",
    "union_tag_invalid": "a 'type' out of {expected_tags}",
    "string_pattern_mismatch": "an id of letters, digits, '.', '_' and '-' (at most 60)",
}

_NOTHING = object()


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault: `path` such as `criteria[3].anchors.2`, what was `expected` there, and what was `found`."""

    path: str
    expected: str
    found: str = ""

    def __str__(self) -> str:
        found = f", found {self.found}" if self.found else ""
        return printable(f"{self.path or 'the file'}: expected {self.expected}{found}")


class FaultyTextError(ValueError):
    """A text that people wrote does not say what it must; carries every fault that was found."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(map(str, self.faults)))


def printable(text: str) -> str:
    """`text` on one line and without anything that steers a terminal: a file's keys may hold all of that."""
    return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text)


def shown(value: object) -> str:
    """`value` as it may be quoted in a message: short, and on one line, whatever it is."""
    words = {None: "nothing", True: "true", False: "false"}
    if value is None or isinstance(value, bool):
        return words[value]
    if isinstance(value, Mapping):
        return "a mapping"
    if isinstance(value, Sequence) and not isinstance(value, str | bytes):
        return "a list"
    return reprlib.repr(value)


def path_of(*parts: object) -> str:
    """`("criteria", 3, "anchors", "2")` as `criteria[3].anchors.2`; numbers in lists stand in brackets."""
    path = ""
    for part in parts:
        path += f"[{part}]" if isinstance(part, int) else f"{'.' if path else ''}{part}"
    return path


def faults_of(error: ValidationError, data: object) -> list[Fault]:
    """pydantic's errors on `data` as faults, one per place, in the order of the file's keys."""
    expected: dict[str, list[str]] = {}
    found: dict[str, str] = {}
    for detail in error.errors(include_url=False, include_context=True):
        path, value = _place(detail, data)
        words = expected.setdefault(path, [])
        if (word := _expected(detail)) not in words:
            words.append(word)
        found[path] = "" if detail["type"] in ("missing", "extra_forbidden") else shown(value)
    return [Fault(path, " or ".join(words), found[path]) for path, words in expected.items()]


def _expected(detail: ErrorDetails) -> str:
    kind = detail["type"]
    if kind == "value_error":
        return str(detail["ctx"]["error"])
    if kind in _limit_words:
        return _limit_words[kind].format(**detail["ctx"])
    return _type_words.get(kind, detail["msg"])


def _place(detail: ErrorDetails, data: object) -> tuple[str, object]:
    """The path of an error in the file, without the union tags that pydantic puts between."""
    path = ""
    value = data
    parts = detail["loc"]
    tagged: object = None
    for index, part in enumerate(parts):
        if isinstance(value, Mapping) and value.get("type") == part and value is not tagged:
            tagged = value  # a union's tag, even where a key has the same name
            continue
        inside = _inside(value, part)
        last = index == len(parts) - 1
        if inside is _NOTHING and not (last and detail["type"] == "missing"):
            continue
        bracket = isinstance(value, Sequence) and not isinstance(value, str)
        path += f"[{part}]" if bracket else f"{'.' if path else ''}{part}"
        value = inside
    return path, value


def _inside(value: object, part: int | str) -> object:
    if isinstance(value, Mapping):
        return value.get(part, _NOTHING)
    if isinstance(value, Sequence) and isinstance(part, int) and part < len(value):
        return value[part]
    return _NOTHING
