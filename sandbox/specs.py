"""The small language the Block Kit tables are written in, and the walk that checks JSON against it.

A spec says what a value must look like; `faults` yields each fault with a JSON pointer, in Slack's wording.
Knows no block by name: those are in `sandbox.blockspec`.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Str:
    """A string of `min` to `max` characters, out of `choices` or of a pattern where given."""

    max: int = 3_000
    min: int = 1
    choices: tuple[str, ...] = ()
    pattern: str | None = None


@dataclass(frozen=True)
class Text:
    """A text object; `plain` allows plain_text alone."""

    max: int
    plain: bool = False


@dataclass(frozen=True)
class Bool:
    """True or false."""


@dataclass(frozen=True)
class Number:
    """A number, between `low` and `high` where given."""

    low: float | None = None
    high: float | None = None
    integer: bool = False


@dataclass(frozen=True)
class Items:
    """A list of `min` to `max` things."""

    of: "Spec"
    max: int
    min: int = 1


@dataclass(frozen=True)
class Obj:
    """An object with these fields and no others. `exactly`, `at_least`: groups of which one is needed."""

    fields: Mapping[str, "Spec"]
    required: tuple[str, ...] = ()
    exactly: tuple[tuple[str, ...], ...] = ()
    at_least: tuple[tuple[str, ...], ...] = ()
    only_on: frozenset[str] = field(default_factory=frozenset)


@dataclass(frozen=True)
class Typed:
    """An object whose `type` picks its spec from a table."""

    table: Mapping[str, Obj]
    allowed: tuple[str, ...] = ()


@dataclass(frozen=True)
class Anything:
    """Any JSON: where Slack's own rules are not known."""


Spec = Str | Text | Bool | Number | Items | Obj | Typed | Anything


@dataclass(frozen=True)
class Fault:
    """What is wrong, and where."""

    pointer: str
    message: str

    def __str__(self) -> str:
        return f"{self.message} [json-pointer:{self.pointer}]"


def faults(spec: Spec, value: object, at: str) -> Iterator[Fault]:
    """Everything in `value` that `spec` does not allow."""
    match spec:
        case Str():
            yield from _string(spec, value, at)
        case Text():
            yield from _text(spec, value, at)
        case Bool():
            if not isinstance(value, bool):
                yield Fault(at, "must provide a boolean")
        case Number():
            yield from _number(spec, value, at)
        case Items():
            yield from _items(spec, value, at)
        case Obj():
            yield from _object(spec, value, at)
        case Typed():
            yield from _typed(spec, value, at)
        case Anything():
            return


def length_faults(value: str, low: int, high: int, at: str) -> Iterator[Fault]:
    """Slack's wording for strings too short or too long."""
    if len(value) < low:
        yield Fault(at, f"must be more than {low - 1} characters")
    if len(value) > high:
        yield Fault(at, f"must be less than {high + 1} characters")


def _string(spec: Str, value: object, at: str) -> Iterator[Fault]:
    if not isinstance(value, str):
        yield Fault(at, "must provide a string")
        return
    yield from length_faults(value, spec.min, spec.max, at)
    if spec.choices and value not in spec.choices:
        yield Fault(at, f"must be a valid enum value: {', '.join(spec.choices)}")
    if spec.pattern and not re.fullmatch(spec.pattern, value):
        yield Fault(at, f"failed to match pattern {spec.pattern}")


def _text(spec: Text, value: object, at: str) -> Iterator[Fault]:
    if not isinstance(value, dict):
        yield Fault(at, "must provide an object")
        return
    kind = value.get("type")
    if kind not in ("plain_text", "mrkdwn"):
        yield Fault(f"{at}/type", f"unsupported type: {kind}")
        return
    if spec.plain and kind != "plain_text":
        yield Fault(f"{at}/type", "must be plain_text")
    extra = "emoji" if kind == "plain_text" else "verbatim"
    yield from _object(Obj({"type": Str(), "text": Str(spec.max), extra: Bool()}, ("text",)), value, at)


def _number(spec: Number, value: object, at: str) -> Iterator[Fault]:
    if isinstance(value, bool) or not isinstance(value, int | float):
        yield Fault(at, "must provide a number")
        return
    if spec.integer and not isinstance(value, int):
        yield Fault(at, "must provide an integer")
    if spec.low is not None and value < spec.low:
        yield Fault(at, f"must be at least {spec.low:g}")
    if spec.high is not None and value > spec.high:
        yield Fault(at, f"must be at most {spec.high:g}")


def _items(spec: Items, value: object, at: str) -> Iterator[Fault]:
    if not isinstance(value, list):
        yield Fault(at, "must provide an array")
        return
    if len(value) < spec.min:
        yield Fault(at, f"no less than {spec.min} items allowed")
    if len(value) > spec.max:
        yield Fault(at, f"no more than {spec.max} items allowed")
    for place, item in enumerate(value):
        yield from faults(spec.of, item, f"{at}/{place}")


def _object(spec: Obj, value: object, at: str) -> Iterator[Fault]:
    if not isinstance(value, dict):
        yield Fault(at, "must provide an object")
        return
    present = {name for name, content in value.items() if content is not None}
    yield from (Fault(at, f"missing required field: {name}") for name in spec.required if name not in present)
    for group in spec.exactly:
        if len(present.intersection(group)) != 1:
            yield Fault(at, f"must provide exactly one of: {', '.join(group)}")
    for group in spec.at_least:
        if not present.intersection(group):
            yield Fault(at, f"must provide at least one of: {', '.join(group)}")
    for name in value:
        if name not in spec.fields:
            yield Fault(at, f"invalid additional property: {name}")
    for name in spec.fields:
        if name in present:
            yield from faults(spec.fields[name], value[name], f"{at}/{name}")


def _typed(spec: Typed, value: object, at: str) -> Iterator[Fault]:
    if not isinstance(value, dict):
        yield Fault(at, "must provide an object")
        return
    kind = value.get("type")
    known = spec.table.get(kind) if isinstance(kind, str) else None
    if known is None or (spec.allowed and kind not in spec.allowed):
        yield Fault(at, f"unsupported type: {kind}")
        return
    yield from _object(known, value, at)
