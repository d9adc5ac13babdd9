"""The plain words that steer a conversation, and the near misses a phone's keyboard makes of them."""

from collections.abc import Mapping
from typing import Final, Literal

from rapidfuzz.distance import OSA

Kind = Literal[
    "not_mine", "back", "skip", "pause", "continue", "restart", "status", "help", "answers", "done"
]
Near = Kind | Literal["dont_know", "not_applicable"]

PHRASES: Final[Mapping[Kind, tuple[str, ...]]] = {
    "not_mine": ("not my part", "not mine", "not my area", "not my job", "not my question"),
    "back": ("back", "go back", "previous", "previous question", "undo"),
    "skip": (
        "skip",
        "skip it",
        "skip this",
        "skip this one",
        "skip this question",
        "next",
        "next question",
        "pass",
    ),
    "pause": ("pause", "stop", "break", "later", "not now", "enough for now", "take a break"),
    "continue": ("continue", "go on", "resume", "start", "carry on", "go"),
    "restart": ("restart", "start over", "start again", "begin again"),
    "status": ("status", "progress", "how far am i", "how many left", "how many questions left"),
    "help": ("help", "help me", "commands", "what can i type", "?", "??", "hilfe"),
    "answers": (
        "my answers",
        "answers",
        "show my answers",
        "list my answers",
        "mine",
        "show answers",
        "list",
    ),
    "done": ("done", "finished", "that's all", "thats all", "i'm done", "im done", "finish"),
}
_EXTRA: Final[Mapping[str, Near]] = {
    "don't know": "dont_know",
    "i don't know": "dont_know",
    "does not apply": "not_applicable",
    "doesn't apply": "not_applicable",
    "not applicable": "not_applicable",
}
_SHORT: Final = ("back", "skip", "help")
"""The four-letter words whose misses are taken for them: the others have neighbours that mean something else
(`none` and `done`, `nine` and `mine`)."""
_KIND_OF: Final[Mapping[str, Kind]] = {phrase: kind for kind, all_ in PHRASES.items() for phrase in all_}
_TARGETS: Final[Mapping[str, Near]] = {
    **{phrase: kind for phrase, kind in _KIND_OF.items() if len(phrase) >= 5 or phrase in _SHORT},
    **_EXTRA,
}
_POLITE: Final = ("please", "thanks", "thank you", "pls")
_LONGEST: Final = max(len(phrase) for phrase in _TARGETS) + 2


def word_of(low: str) -> Kind | None:
    """The word that a whole message is, politeness and end punctuation aside. `low` is in lower case."""
    return _KIND_OF.get(_core(low))


def nearest_word(low: str) -> Near | None:
    """The word a whole message misses by a slip of the finger, if there is exactly one.

    One slip in four to seven letters, two from eight on; digits are never a slip.
    """
    core = _core(low)
    if not 4 <= len(core) <= _LONGEST or any(character.isdigit() for character in core):
        return None
    slips = 1 if len(core) < 8 else 2
    scored = sorted(
        (OSA.distance(core, phrase, score_cutoff=slips), near) for phrase, near in _TARGETS.items()
    )
    best = scored[0][0]
    kinds = {near for distance, near in scored if distance == best}
    return kinds.pop() if best <= slips and len(kinds) == 1 else None


def _core(low: str) -> str:
    core = " ".join(low.split())
    for polite in _POLITE:
        core = core.removeprefix(polite).removesuffix(polite).strip(" ,.!")
    stripped = core.strip(" .!,;:\"'*_~()[]/")
    return stripped or core
