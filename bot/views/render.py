"""From blocks to what is sent: unique ids, complete fallback text, every limit kept.

`message`, `modal` and `home` are the only ways out of the views. What can be mended is mended (ids, texts
cut where they are put in, see `kit`); what can't raises `UnrenderableError`. Knows the limits, no views.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final, Generic, TypeVar

from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.blocks import Block

from bot.views import limits
from bot.views.check import Json, check_home, check_message, check_view, elements_of
from bot.views.kit import said
from bot.views.limits import fit, is_blank, one_line, size

T = TypeVar("T")


class UnrenderableError(ValueError):
    """A view that Slack would refuse and that no shortening can mend: a fault in our code, not a person's."""


@dataclass(frozen=True, slots=True)
class Message:
    """A message ready to send: `text` is complete by itself, for screen readers and notifications."""

    text: str
    blocks: tuple[Json, ...]

    def to_dict(self) -> Json:
        """The arguments that `chat.postMessage`, `chat.update`, an ack and a `response_url` share."""
        return {"text": self.text, "blocks": list(self.blocks)}

    def keyed(self, key: str) -> "Message":
        """The same message with `key` as its first block's id, by which it is found again after a crash."""
        first = {**self.blocks[0], "block_id": key}
        return replace(self, blocks=(first, *self.blocks[1:]))


@dataclass(frozen=True, slots=True)
class Modal:
    """A modal ready to open, update or push. Its `callback_id` is the route key of its submission."""

    callback_id: str
    title: str
    blocks: tuple[Json, ...]
    submit: str | None = None
    close: str = "Close"
    private_metadata: str = ""
    notify_on_close: bool = False
    external_id: str | None = field(default=None, kw_only=True)

    def to_dict(self) -> Json:
        """The `view` argument of `views.open`, `views.update`, `views.push` and of a submission's ack."""
        view: Json = {
            "type": "modal",
            "callback_id": self.callback_id,
            "title": _plain(self.title),
            "close": _plain(self.close),
            "private_metadata": self.private_metadata,
            "notify_on_close": self.notify_on_close,
            "blocks": list(self.blocks),
        }
        if self.submit is not None:
            view["submit"] = _plain(self.submit)
        if self.external_id is not None:
            view["external_id"] = self.external_id
        return view


@dataclass(frozen=True, slots=True)
class Home:
    """A person's App Home, ready to publish."""

    blocks: tuple[Json, ...]

    def to_dict(self) -> Json:
        """The `view` argument of `views.publish`."""
        return {"type": "home", "blocks": list(self.blocks)}


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """One page of a list that may be long; `number` counts from 0 and always exists."""

    items: tuple[T, ...]
    number: int
    pages: int
    first: int
    """The position of the page's first item in the whole list, from 0."""

    @property
    def earlier(self) -> int | None:
        """The page before this one, if there is one."""
        return self.number - 1 if self.number > 0 else None

    @property
    def later(self) -> int | None:
        """The page after this one, if there is one."""
        return self.number + 1 if self.number + 1 < self.pages else None


def page(items: Sequence[T], number: int, size_of_page: int) -> Page[T]:
    """Page `number` of `items`; a number past either end gives the nearest page there is."""
    pages = max(1, -(-len(items) // size_of_page))
    number = min(max(number, 0), pages - 1)
    first = number * size_of_page
    return Page(tuple(items[first : first + size_of_page]), number, pages, first)


def message(blocks: Sequence[Block], text: str | None = None) -> Message:
    """A message from blocks; without `text` the fallback says everything the blocks say, in order."""
    rendered = _finished(blocks)
    rendered_text = fit(fallback(rendered) if text is None else text, limits.MESSAGE_TEXT)
    made = Message(rendered_text, tuple(rendered))
    _refuse(check_message(made.to_dict()))
    return made


def modal(
    callback_id: str,
    title: str,
    blocks: Sequence[Block],
    *,
    submit: str | None = None,
    close: str = "Close",
    metadata: str = "",
    notify_on_close: bool = False,
    external_id: str | None = None,
) -> Modal:
    """A modal from blocks; title and button labels are shortened to the 24 characters Slack has for them."""
    made = Modal(
        callback_id=callback_id,
        title=one_line(title, limits.VIEW_TITLE),
        blocks=tuple(_finished(blocks)),
        submit=one_line(submit, limits.VIEW_BUTTON) if submit else None,
        close=one_line(close, limits.VIEW_BUTTON),
        private_metadata=metadata,
        notify_on_close=notify_on_close,
        external_id=external_id,
    )
    _refuse(check_view(made.to_dict()))
    return made


def home(blocks: Sequence[Block]) -> Home:
    """An App Home from blocks."""
    made = Home(tuple(_finished(blocks)))
    _refuse(check_home(made.to_dict()))
    return made


def fallback(blocks: Sequence[Json]) -> str:
    """Everything the blocks say, as one text in Slack's markup; controls are named by their labels."""
    lines = [line for block in blocks for line in _spoken(block)]
    return "\n".join(line for line in lines if not is_blank(line))


def _plain(text: str) -> Json:
    return {"type": "plain_text", "text": text, "emoji": True}


def _refuse(faults: Sequence[str]) -> None:
    if faults:
        raise UnrenderableError("; ".join(faults[:5]))


def _finished(blocks: Sequence[Block]) -> list[Json]:
    try:
        rendered: list[Json] = [dict(block.to_dict()) for block in blocks]
    except SlackObjectFormationError as fault:
        raise UnrenderableError(str(fault)) from fault
    for index, block in enumerate(rendered):
        block.setdefault("block_id", f"part-{index}")
    _tell_apart(rendered, "block_id")
    _tell_apart(list(elements_of(rendered)), "action_id")
    return rendered


def _tell_apart(holders: Sequence[Json], name: str) -> None:
    """Ids must be unique in a message; repeated ones get `~2`, `~3`, … which `actions.route_of` takes off."""
    seen: set[str] = set()
    for holder in holders:
        wanted = _short_enough(str(holder.get(name) or ""))
        given, copy = wanted, 1
        while given in seen:
            copy += 1
            given = f"{wanted}~{copy}"
        seen.add(given)
        holder[name] = given


def _short_enough(identifier: str) -> str:
    if size(identifier) > limits.IDENTIFIER - len("~100"):
        raise UnrenderableError(f"identifier of {size(identifier)} characters: {identifier[:60]}…")
    return identifier


def _spoken(block: Json) -> Iterator[str]:
    match block["type"]:
        case "header":
            yield f"*{said(block['text']['text'])}*"
        case "section":
            yield _words(block.get("text"))
            yield from (_words(each) for each in block.get("fields", []))
            yield from _labels([block["accessory"]] if "accessory" in block else [])
        case "context":
            yield " · ".join(_words(each) for each in block["elements"])
        case "actions":
            yield from _labels(block["elements"])
        case "image":
            yield f"Picture: {said(block['alt_text'])}"
        case "input":
            yield _words(block["label"])


def _words(text: dict[str, Any] | None) -> str:
    if text is None:
        return ""
    if text["type"] == "image":
        return said(text["alt_text"])
    return said(text["text"]) if text["type"] == "plain_text" else str(text["text"])


_CHOICES: Final = ("radio_buttons", "checkboxes", "static_select")


def _labels(elements: Sequence[Json]) -> Iterator[str]:
    for element in elements:
        if element["type"] in _CHOICES:
            yield from (f"• {_words(choice['text'])}" for choice in element["options"])
        elif "placeholder" in element:
            yield f"({_words(element['placeholder'])})"
    buttons = [_words(element["text"]) for element in elements if element["type"] == "button"]
    if buttons:
        yield " ".join(f"[{label}]" for label in buttons)
