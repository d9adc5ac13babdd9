"""Who said what, for the facilitator alone: names where they may be seen, a group's level where not."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from slack_sdk.models.blocks import Block

from bot.views import actions as act
from bot.views import kit
from bot.views.actions import RoundPage, encode
from bot.views.limits import fit
from bot.views.render import Modal, modal, page

PER_PAGE: Final = 8


@dataclass(frozen=True, slots=True)
class Saying:
    """What one person, or one group without names, says. `who` is a mention, a typed name or a group."""

    who: str
    says: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Sayings:
    """One criterion and everything said about it."""

    title: str
    needed: int | None
    sayings: Sequence[Saying]


def names_modal(round_id: str, initiative: str, rows: Sequence[Sayings], number: int, why: str) -> Modal:
    """One page. `why` says whose names are left out and for what reason; empty where all are shown."""
    shown = page(rows, number, PER_PAGE)
    blocks: list[Block] = [
        kit.context(
            f"Only you can see this. Page {shown.number + 1} of {shown.pages} · {kit.said(initiative)}"
        ),
        *([kit.context(why)] if why else []),
        *(kit.section(_row(row)) for row in shown.items),
    ]
    turns = [
        kit.button(label, act.TURN_PAGE, encode(RoundPage(round_id, to)), says=f"{label}: page {to + 1}")
        for label, to in (("Earlier", shown.earlier), ("More", shown.later))
        if to is not None
    ]
    return modal(act.SHOW_NAMES, "Who said what", [*blocks, *([kit.actions(*turns)] if turns else [])])


def _row(row: Sayings) -> str:
    needed = f" – {row.needed} needed" if row.needed is not None else ""
    lines = "\n".join(_line(one) for one in row.sayings) or "_Nobody has answered._"
    return fit(f"*{kit.said(row.title)}*{needed}\n{lines}", 2_800)


def _line(saying: Saying) -> str:
    note = f" – “{kit.said(saying.note)}”" if saying.note else ""
    return f"• {saying.who}: {kit.said(saying.says)}{note}"
