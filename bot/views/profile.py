"""The profile as leads see it: to confirm in one click, or to dispute line by line.

Knows no use case.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bot.views import actions as act
from bot.views import kit
from bot.views.actions import AGAIN, InitiativeRef, ProfileRef, encode
from bot.views.intake import FactorLine, factor_input
from bot.views.render import Message, Modal, message, modal

BECAUSE: Final = "because"


def dispute(initiative: int, name: str, factors: Sequence[FactorLine], chosen: dict[str, str]) -> Modal:
    """The profile line by line: what is changed here is a different view, which the facilitator settles."""
    return modal(
        act.PROFILE_DISPUTE_SUBMIT,
        "How it will be",
        [
            kit.section(
                f"*{kit.said(name)}*, in production. Change the lines you see differently and leave the "
                f"rest. "
                "Nothing is overruled: the facilitator hears your view and settles it."
            ),
            *(factor_input(factor, chosen.get(factor.id, "")) for factor in factors),
            kit.field(
                "What makes you see it differently?",
                kit.text_input(multiline=True, at_most=1000),
                BECAUSE,
                optional=True,
            ),
        ],
        submit="Send",
        metadata=encode(InitiativeRef(initiative)),
    )


@dataclass(frozen=True, slots=True)
class ProfileLine:
    """One factor: the question, what stands now, and the other value (earlier, or somebody's view)."""

    question: str
    now: str
    other: str


def disputed(initiative: int, name: str, who: str, lines: Sequence[ProfileLine], because: str) -> Message:
    """To the facilitator: a lead sees the profile differently."""
    told = "\n".join(
        f"• {kit.said(line.question)} Now: {kit.said(line.now)}. They say: *{kit.said(line.other)}*"
        for line in lines
    )
    return message(
        [
            kit.section(
                f"*{kit.said(name)}*: {kit.person(who)} sees {kit.plural(len(lines), 'line')} of the profile "
                f"differently.\n{told}"
            ),
            *([kit.section(kit.quoted(because))] if because else []),
            kit.actions(kit.button("Settle it", AGAIN, f"settings #{initiative}", style="primary")),
            kit.context("Save the profile's pages as they should be, changed or not: that settles it."),
        ]
    )


def changed(initiative: ProfileRef, name: str, by: str, lines: Sequence[ProfileLine]) -> Message:
    """To the leads: what changed, to confirm anew."""
    told = "\n".join(
        f"• {kit.said(line.question)} Was: {kit.said(line.other)}. Now: *{kit.said(line.now)}*"
        for line in lines
    )
    what = f"changed what *{kit.said(name)}* will be in production.\n{told}"
    return _to_confirm(initiative, f"{kit.person(by)} {what}", "This may change what is needed. Is it right?")


def settled(initiative: ProfileRef, name: str, by: str, lines: Sequence[ProfileLine]) -> Message:
    """To a lead whose different view was heard and not taken over."""
    told = "\n".join(f"• {kit.said(line.question)} *{kit.said(line.now)}*" for line in lines)
    heard = f"{kit.person(by)} has read your view of *{kit.said(name)}* and left it as it was.\n{told}"
    return _to_confirm(initiative, heard, "Talk to them where you still see it differently.")


def _to_confirm(ref: ProfileRef, words: str, then: str) -> Message:
    return message(
        [
            kit.section(words),
            kit.actions(
                kit.button("Yes, that's right", act.PROFILE_CONFIRM, encode(ref), style="primary"),
                kit.button(
                    "I see it differently", act.PROFILE_DISPUTE, encode(InitiativeRef(ref.initiative))
                ),
            ),
            kit.context(then),
        ]
    )


def confirmed(name: str) -> Message:
    """What the card turns into."""
    return message([kit.section(f"*{kit.said(name)}*: you confirmed the profile. Thank you!")])
