"""Numbers the way people type them: `1.200,50`, `12 %`, `5k`, `€ 250 000`. Text in, a number out.

What could be read in two ways is asked back, never guessed. Knows no forms.
"""

import re
from decimal import Decimal
from typing import Final

# "Not known yet" is an answer, however somebody puts it.
_NOT_KNOWN: Final = frozenset(
    {"", "-", "–", "—", "?", "??", "n/a", "na", "none yet", "tbd", "unknown", "not known", "not known yet"}
    | {"don't know", "dont know", "no idea", "not yet"}
)
_SCALE: Final = {
    "": 1,
    "k": 1_000,
    "thousand": 1_000,
    "m": 1_000_000,
    "mio": 1_000_000,
    "million": 1_000_000,
    "bn": 1_000_000_000,
    "billion": 1_000_000_000,
}
_AMOUNT: Final = re.compile(
    r"(?P<sign>[-−+]?)(?P<number>\d(?:[\d.,]*\d)?)(?P<scale>[a-z]*)\.?", re.ASCII | re.IGNORECASE
)
_DIGITS_AT_MOST: Final = 15


class UnclearAmount(ValueError):
    """A text that is no number, or more than one; the message says what to type instead."""


def is_not_known(text: str) -> bool:
    """Whether somebody says that they don't know it yet."""
    return " ".join(text.replace("’", "'").split()).casefold().rstrip(".!") in _NOT_KNOWN


def amount(text: str, *, money: bool = False) -> Decimal | None:
    """The number somebody typed; None where it is not known yet.

    With `money`, three digits after a mark are thousands (`250.000`), since no currency has three decimals
    in a budget; otherwise they may be either, and are asked back. Raises UnclearAmount.
    """
    if is_not_known(text):
        return None
    found = _AMOUNT.fullmatch(_bare(text))
    scale = found and _SCALE.get(found["scale"].lower())
    if found is None or scale is None:
        raise UnclearAmount(
            "I can't read this as one number. Type digits, such as 1200 or 3.5, or leave it empty."
        )
    number = _plain(found["number"], money=money) * scale
    if len(f"{number:f}".partition(".")[0]) > _DIGITS_AT_MOST:
        raise UnclearAmount("This number is too large to be meant. Check it for a zero too many.")
    return -number if found["sign"] in {"-", "−"} else number


def percentage(text: str) -> Decimal | None:
    """A share in per cent, 0 to 100; None where it is not known yet. Raises UnclearAmount."""
    share = amount(text)
    if share is not None and not 0 <= share <= 100:
        raise UnclearAmount("A share lies between 0 and 100 per cent.")
    return share


def shown(number: Decimal) -> str:
    """A number for people: no trailing zeros, thousands set apart by a thin space."""
    text = f"{number:,f}".replace(",", "\u202f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def typed(number: Decimal | None) -> str:
    """A number the way it can be typed again; empty where there is none."""
    if number is None:
        return ""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _bare(text: str) -> str:
    """Without currency signs and codes, per cent, a leading "about", and spaces between digits."""
    text = re.sub(
        r"^(about|around|ca\.?|circa|approx\.?|roughly|~|≈)\s*", "", text.strip(), flags=re.IGNORECASE
    )
    text = re.sub(r"^[A-Za-z]{3}\b|\b[A-Z]{3}$|[€$£¥%]|per ?cent$", "", text.strip())
    return re.sub(r"[\s'’\u202f\u00a0_]+", "", text)


def _plain(number: str, *, money: bool) -> Decimal:
    marks = [mark for mark in number if mark in ".,"]
    if not marks:
        return Decimal(number)
    last = marks[-1]
    whole, _, rest = number.rpartition(last)
    if len(set(marks)) == 2:
        thousands = "," if last == "." else "."
        if last in whole or not _grouped(whole, thousands):
            raise UnclearAmount("I can't tell the thousands from the decimals here. Type it like 1200.50.")
        return Decimal(whole.replace(thousands, "") + "." + rest)
    if len(marks) > 1:
        if not _grouped(number, last):
            raise UnclearAmount("I can't tell the thousands from the decimals here. Type it like 1200.50.")
        return Decimal(number.replace(last, ""))
    return _one_mark(whole, rest, last, money=money)


def _one_mark(whole: str, rest: str, mark: str, *, money: bool) -> Decimal:
    """One mark: decimals, unless exactly three digits follow, which may be thousands as well."""
    if len(rest) == 3 and len(whole) <= 3 and whole.lstrip("0"):
        if money:
            return Decimal(whole + rest)
        raise UnclearAmount(
            f"{whole}{mark}{rest} can be read in two ways. "
            f"Type {whole}{rest} or {whole}.{rest.rstrip('0') or '0'}."
        )
    return Decimal(f"{whole}.{rest}")


def _grouped(number: str, mark: str) -> bool:
    first, *others = number.split(mark)
    return 1 <= len(first) <= 3 and all(len(part) == 3 for part in others)
