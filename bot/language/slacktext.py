"""What Slack made of a person's message, turned back into what the person typed.

Links arrive as `<https://…|label>`, `&`, `<` and `>` escaped, digits as emoji, quotes curled by the phone.
Text in, text and link out; knows nothing of questions.
"""

import re
import unicodedata
from dataclasses import dataclass
from html import unescape
from typing import Final

_MARKED: Final = re.compile(r"<([^<>|]*)(?:\|([^<>]*))?>")
_BARE_LINK: Final = re.compile(r"https?://[^\s<>]+", re.IGNORECASE)
_LEADING_MENTIONS: Final = re.compile(r"^(?:\s*<@[^<>]*>[\s,:]*)+")
_EMOJI_DIGIT: Final = re.compile(r":(zero|one|two|three|four|five|six|seven|eight|nine|keycap_ten):")
_DIGITS: Final = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_KEYCAP: Final = re.compile("\ufe0f?\u20e3")
_STRAIGHT: Final = str.maketrans("‘’‛´`ʼ“”„«»\u00a0\u2007\u202f", "''''''\"\"\"\"\"   ")
_DASHES: Final = re.compile(r"[‐‑‒–—―−]")
_PLACE_OF_LINK: Final = "\ufffc"


@dataclass(frozen=True, slots=True)
class Typed:
    """One message as typed: `words` without the first web link, which is in `link`."""

    words: str
    link: str | None


def typed(text: str) -> Typed:
    """What the person typed. Links after the first stay in the words, as do labels that say more."""
    found: list[str] = []

    def plain(match: re.Match[str]) -> str:
        return _plain(match.group(1), match.group(2), found)

    without_mentions = _LEADING_MENTIONS.sub("", text)
    words = unescape(_MARKED.sub(plain, without_mentions))
    if not found:
        words = _take_bare_link(words, found)
    words = re.sub(rf"\s*{_PLACE_OF_LINK}", "", words)
    return Typed(words=words.strip(), link=found[0] if found else None)


def _plain(target: str, label: str | None, found: list[str]) -> str:
    if target.startswith(("@", "#")):
        return f"{target[0]}{label or target[1:]}"
    if target.startswith("!"):
        return f"@{label or target[1:].partition('^')[0]}"
    if not target.lower().startswith(("http://", "https://")):
        return label or target
    address = unescape(target)
    if found:
        return address if label is None or label in target else f"{label} ({address})"
    found.append(address)
    return _PLACE_OF_LINK if label is None or label in target else label


def _take_bare_link(words: str, found: list[str]) -> str:
    match = _BARE_LINK.search(words)
    if match is None:
        return words
    address = match.group().rstrip(".,;:!?)\"'")
    found.append(address)
    return words.replace(address, _PLACE_OF_LINK, 1)


def for_matching(words: str) -> str:
    """Lower case, straight quotes, plain hyphens: what patterns are compared with, place for place."""
    return "".join(_lower(character) for character in _DASHES.sub("-", words.translate(_STRAIGHT)))


def _lower(character: str) -> str:
    low = character.lower()
    return low if len(low) == 1 else character


def simple(words: str) -> str:
    """Emoji digits, keycaps and digits of other scripts as 0 to 9; nothing else changes."""
    words = _KEYCAP.sub("", words)
    words = _EMOJI_DIGIT.sub(lambda match: _emoji_digit(match.group(1)), words)
    return "".join(_digit(character) for character in words)


def _emoji_digit(name: str) -> str:
    return str(_DIGITS.index(name)) if name in _DIGITS else "10"


def _digit(character: str) -> str:
    value = unicodedata.digit(character, None) if not character.isascii() else None
    return character if value is None else str(value)
