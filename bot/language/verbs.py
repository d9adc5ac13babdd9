"""What follows `/slipway`: a verb and, after it, perhaps an initiative's name. Text in, a request out."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, get_args

from rapidfuzz.distance import OSA

from bot.language.slacktext import for_matching, typed

Verb = Literal["new", "status", "people", "diagnose", "gaps", "mine", "settings", "help"]

USAGE: Final[Mapping[Verb, str]] = {
    "new": "take in a stalled pilot, or an idea before it becomes one",
    "status": "where an initiative stands, and what is waited for",
    "people": "who is in which group, and who has accepted",
    "diagnose": "open the questions to all groups (facilitator)",
    "gaps": "what blocks production; while questions are open, who has answered how much",
    "mine": "what waits for you",
    "settings": "change what was entered with `new`, close or reopen (facilitator)",
    "help": "this list",
}
"""Each verb in the order of `help`, with what it does."""

_OTHER_NAMES: Final[Mapping[str, Verb]] = {
    "gap": "gaps",
    "me": "mine",
    "my": "mine",
    "setting": "settings",
    "?": "help",
    "": "help",
}


@dataclass(frozen=True, slots=True)
class Command:
    """A verb that exists. `initiative` is the name typed after it, as typed; empty when none was."""

    verb: Verb
    initiative: str = ""


@dataclass(frozen=True, slots=True)
class UnknownVerb:
    """A verb that does not exist; `nearest` is the one probably meant. Nothing is done but to ask."""

    typed: str
    nearest: Verb | None
    initiative: str = ""


def read_command(text: str) -> Command | UnknownVerb:
    """What was typed after the slash command."""
    verb, _, rest = " ".join(typed(text).words.split()).partition(" ")
    low = for_matching(verb).strip("\"'.,!`*_")
    initiative = rest.strip().strip("\"'“”„‘’").strip()
    for known in get_args(Verb):
        if low == known:
            return Command(known, initiative)
    if low in _OTHER_NAMES:
        return Command(_OTHER_NAMES[low], initiative)
    return UnknownVerb(verb, _nearest(low), initiative)


def _nearest(low: str) -> Verb | None:
    verbs: tuple[Verb, ...] = get_args(Verb)
    begun = [verb for verb in verbs if len(low) >= 2 and verb.startswith(low)]
    if len(begun) == 1:
        return begun[0]
    distance, verb = min((OSA.distance(low, verb), verb) for verb in verbs)
    return verb if distance <= max(1, len(verb) // 3) else None
