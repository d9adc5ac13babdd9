"""What a typed reply in a diagnosis thread means: text in, one of five readings out, never an exception.

A wrong guess is worse than a question, so whatever could be read in two ways is asked back. Knows no
question, no database and no Slack beyond how it writes texts down.
"""

import re
from dataclasses import dataclass
from typing import Final

from bot.language.slacktext import for_matching, simple, typed
from bot.language.words import Kind, nearest_word, word_of

LEVELS: Final = ("zero", "one", "two", "three", "four")


@dataclass(frozen=True, slots=True)
class LevelReply:
    """A level from 0 to 4, with the reason and the first link that came with it."""

    level: int
    note: str = ""
    link: str | None = None


@dataclass(frozen=True, slots=True)
class DontKnow:
    """“I don't know”, with whatever else was said."""

    note: str = ""
    link: str | None = None


@dataclass(frozen=True, slots=True)
class DoesNotApply:
    """“Does not apply”; without a reason it has to be asked for."""

    reason: str = ""
    link: str | None = None


@dataclass(frozen=True, slots=True)
class Word:
    """One of the words that steer the conversation; `note` is what followed “not my part”."""

    kind: Kind
    note: str = ""


@dataclass(frozen=True, slots=True)
class NotUnderstood:
    """Could not be read, or in two ways. `hint` asks back in a sentence; `note` and `link` keep what came."""

    hint: str
    note: str = ""
    link: str | None = None


Reply = LevelReply | DontKnow | DoesNotApply | Word | NotUnderstood

_LEAD_IN: Final = (
    r"(?:(?:hm+|well|ok(?:ay)?|so|sorry|honestly|probably|maybe|perhaps)[,. ]+)*"
    r"(?:(?:i(?:'d| would)? (?:say|think|guess)|my answer is|answer(?: is)?:?)"
    r"(?: (?:it's|its|it is|that's|a))* +)?"
    r"(?:(?:it's|its|it is|that's)(?: a)? +)?"
)
_LEVEL: Final = re.compile(
    rf"^{_LEAD_IN}(?P<named>(?:level|lvl)\.? *:? *)?(?P<level>[0-4]|zero|one|two|three|four)(?![\w%])"
    r"(?:(?P<of_four> */ *4(?!\d))| (?:out )?of (?:4|four)\b)?"
)
_NUMBER_FIRST: Final = re.compile(rf"^{_LEAD_IN}(?:(?:level|lvl)\.? *:? *)?(?P<number>[+-]? ?\d[\d.,]*)")
_OTHER_NUMBER: Final = re.compile(
    r"^ *(?:(?:[-,/.;+&]|\b(?:or|to|and|until|between|x|maybe|perhaps|even|a)\b) *)+"
    r"(?:\d|(?:zero|one|two|three|four|five)\b)"
)
_WAVERING: Final = re.compile(r"^[\s,.;-]*(?:but|or|maybe|perhaps)\b")
_LEVEL_LATER: Final = re.compile(r"(?<![\w.,/-])[0-4](?![\w%.,/-]*\w)")
_CONNECTIVE: Final = re.compile(
    r"^[\s.,;:!)\-…*_~]*(?:(?:because|bc|cause|'cause|cos|since|reason|why)\b[\s:,\-]*)?"
)
_OPENERS: Final = (
    "because|bc|cause|'cause|cos|as|since|but|due|although|though|given|i|i'm|we|we're|it|it's|its|they|the|"
    "this|that|there|there's|no|not|nobody|nothing|none|only|still|just|our|my|while|when|if|for now|so far|"
    "everything|everyone|someone|somebody|yet|mostly|partly|see|look|here|with|without|currently|"
    "almost|nearly|too|very|e\\.g"
)
"""Words after a bare number that begin a reason. Other words may be what is counted: `2 invoices a day`."""
_REST_IS_A_NOTE: Final = re.compile(rf"^(?:\s*$|\s*[.,;:!)(\-…\"'*_~`\n]|\s+(?:{_OPENERS})\b)")
_WRAPPING: Final = "\"'“”‘’„«»*_~`• \t\r\n"
_WHO: Final = (
    r"(?:(?:sorry|honestly|well)[,. ]+)?(?:(?:i|we)(?:'m| am| are)? +(?:really +|just +|honestly +)?)?"
)
_DONT_KNOW: Final = re.compile(
    rf"^{_WHO}(?:(?:don'? ?t|do not) (?:really )?know|dunno|idk|(?:have |'ve )?no (?:idea|clue)|not sure|"
    r"can(?:no|')?t (?:say|tell|see (?:it|that|this))|can not (?:say|tell|see (?:it|that|this)))\b"
    r"(?: (?:this|that|it|about (?:this|that|it)))?"
)
_NOT_APPLICABLE: Final = re.compile(
    r"^(?:this |that |it )?(?:does ?n(?:o|')? ?t apply|does not apply|not applicable|n/a|n\.a\.)"
    r"(?![\w/])(?: (?:to|for|in) (?:us|this(?: pilot| case| one)?|here|our (?:pilot|case)|me)| here)?"
)
_BARE_NA: Final = re.compile(r"^na(?= *(?:[.!]* *$|[:\-]|because\b|since\b|as\b))")
_NOT_MINE: Final = re.compile(
    r"^(?:this is |that's |that is |it's )?"
    r"not (?:my (?:part|area|job|question|field|topic|department)|mine)\b"
)


def read_reply(text: str) -> Reply:
    """The meaning of one typed message, as Slack delivers it."""
    message = typed(text)
    words = simple(message.words).lstrip(_WRAPPING)
    low = for_matching(words)
    if not low.strip(" .!,"):
        return _nothing_said(message.link)
    if kind := word_of(low):
        return Word(kind)
    reading = (
        _not_mine(words, low)
        or _dont_know(words, low, message.link)
        or _not_applicable(words, low, message.link)
        or _level(words, low, message.link)
    )
    return reading or _guess(words, low, message.link)


def _note(words: str, low: str, end: int) -> str:
    """What follows position `end`, without the “because” or the dash that leads to it."""
    lead = _CONNECTIVE.match(low[end:])
    note = words[end + (lead.end() if lead else 0) :].strip()
    return "" if not note.strip(_WRAPPING) else note


def _not_mine(words: str, low: str) -> Word | None:
    match = _NOT_MINE.match(low)
    return Word("not_mine", _note(words, low, match.end())) if match else None


def _dont_know(words: str, low: str, link: str | None) -> Reply | None:
    match = _DONT_KNOW.match(low)
    if match is None:
        return None
    note = _note(words, low, match.end())
    if level := _LEVEL_LATER.search(low, match.end()):
        hint = f"Is that “I don't know”, or {level.group()}? Please type `don't know`, or the number alone."
        return NotUnderstood(hint, words.strip(), link)
    return DontKnow(note, link)


def _not_applicable(words: str, low: str, link: str | None) -> DoesNotApply | None:
    match = _NOT_APPLICABLE.match(low) or _BARE_NA.match(low)
    return DoesNotApply(_note(words, low, match.end()), link) if match else None


def _level(words: str, low: str, link: str | None) -> Reply | None:
    match = _LEVEL.match(low)
    if match is None:
        return None
    level = _number(match.group("level"))
    rest = low[match.end() :]
    if question := _doubt(level, rest, sure=bool(match.group("named") or match.group("of_four"))):
        return NotUnderstood(question, words.strip(), link)
    return LevelReply(level, _note(words, low, match.end()), link)


def _doubt(level: int, rest: str, *, sure: bool) -> str | None:
    """The question to ask when the number may not be a level; `sure` when it was called one."""
    if _OTHER_NUMBER.match(rest) or (_WAVERING.match(rest) and _LEVEL_LATER.search(rest)):
        return "That reads like two numbers. Which one is it? Please type just that one."
    if rest.lstrip().startswith("?"):
        return f"Shall I take {level}? Then please type `{level}` alone."
    if not sure and not _REST_IS_A_NOTE.match(rest):
        return f"Did you mean {level} on the scale? Then please type `{level} because …` and the rest."
    return None


def _number(digit_or_word: str) -> int:
    return LEVELS.index(digit_or_word) if digit_or_word in LEVELS else int(digit_or_word)


def _guess(words: str, low: str, link: str | None) -> Reply:
    """Near misses of a single word; everything else is asked back."""
    match nearest_word(low):
        case "dont_know":
            return DontKnow(link=link)
        case "not_applicable":
            return DoesNotApply(link=link)
        case None:
            return NotUnderstood(_hint(low), words.strip(), link)
        case kind:
            return Word(kind)


def _hint(low: str) -> str:
    match = _NUMBER_FIRST.match(low)
    if match:
        number = match.group("number").strip(".,")
        return (
            f"I can't place {number}: the lines count from 0 (the first) to 4 (the last). Which one "
            "comes closest? If you meant something else, please put the line's number first: `2 because …`."
        )
    return (
        "I can't tell which line you mean. Please type its number, 0 for the first up to 4 for the last, "
        "and then the reason: `2 because …`. Or type `don't know`."
    )


def _nothing_said(link: str | None) -> NotUnderstood:
    if link is None:
        return NotUnderstood(
            "That came without words I can read. Please type a number from 0 to 4, or `help`."
        )
    return NotUnderstood(
        "Which answer does that link belong to? Please type the line's number before it: `2 https://…`.",
        link=link,
    )
