"""The menu of settings, and the forms behind it that are not pages of the intake.

Knows no use case.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from slack_sdk.models.blocks import Block

from bot.views import actions as act
from bot.views import kit
from bot.views.actions import InitiativeRef, IntakeRef, encode
from bot.views.intake import TITLES, Page, Then
from bot.views.render import Message, Modal, message, modal

TITLE: Final = "Settings"
PERSON: Final = "person"

_PAGES: Final = (
    Page.PILOT,
    Page.SHORTCUTS,
    Page.AIM,
    Page.OUTCOME,
    Page.CARRIERS,
    Page.PROFILE,
    Page.PEOPLE,
)
_LABELS: Final = {**TITLES, Page.PROFILE: "How it will be in production"}


@dataclass(frozen=True, slots=True)
class Menu:
    """What the menu shows: the initiative, and what was saved a moment ago."""

    initiative: int
    name: str
    facilitator: str
    is_closed: bool = False
    saved: str = ""
    disputes: Sequence[str] = ()
    """Different views of the profile that wait to be settled, a line each."""


def menu(shown: Menu) -> Modal:
    """Everything that can be changed, a button each."""
    ref = encode(InitiativeRef(shown.initiative))
    blocks: list[Block] = [kit.header(shown.name)]
    if shown.saved:
        blocks.append(kit.section(shown.saved))
    if shown.is_closed:
        return modal("notice.told", TITLE, [*blocks, *_closed(ref)])
    if shown.disputes:
        waiting = "\n".join(f"• {line}" for line in shown.disputes)
        blocks.append(
            kit.section(
                f"*To be settled*\n{waiting}\nSave “{_LABELS[Page.PROFILE]}” as it should be, changed or not."
            )
        )
    pages = [
        kit.button(
            _LABELS[page],
            act.INTAKE_PAGE,
            encode(IntakeRef(shown.initiative, page, Then.SETTINGS)),
            says=f"Change: {_LABELS[page]}",
        )
        for page in _PAGES
    ]
    blocks += [
        kit.section("What do you want to change?"),
        kit.actions(*pages),
        kit.divider(),
        *_rest(shown, ref),
    ]
    return modal("notice.told", TITLE, blocks)


def _rest(shown: Menu, ref: str) -> list[Block]:
    sure = kit.confirm(
        "Close it?",
        "Nobody is asked anything more, and open rounds take no answers. Nothing is deleted, and it can "
        "be reopened.",
        "Close it",
        danger=True,
    )
    return [
        kit.section(
            f"{kit.person(shown.facilitator)} runs this initiative.",
            accessory=kit.button("Change facilitator", act.SETTINGS_FACILITATOR, ref),
        ),
        kit.section(
            "Done, or not worth going on with?",
            accessory=kit.button("Close it", act.SETTINGS_CLOSE, ref, style="danger", ask=sure),
        ),
    ]


def _closed(ref: str) -> list[Block]:
    return [
        kit.section(
            "This initiative is closed. Everything in it was kept.",
            accessory=kit.button("Open it again", act.SETTINGS_REOPEN, ref, style="primary"),
        )
    ]


def facilitator(initiative: int, name: str, now: str) -> Modal:
    """Who shall run it from now on."""
    return modal(
        act.SETTINGS_FACILITATOR_SUBMIT,
        TITLE,
        [
            kit.section(f"*{kit.said(name)}* is run by {kit.person(now)}."),
            kit.field("Who shall run it from now on?", kit.users_select(), PERSON),
            kit.context(
                "A full member of this workspace. They see names with answers, as the facilitator does, "
                "and I tell them at once."
            ),
        ],
        submit="Hand it over",
        metadata=encode(InitiativeRef(initiative)),
    )


def closed(name: str, by: str) -> Message:
    """To facilitator and owner: it was closed."""
    return message(
        [
            kit.section(
                f"{kit.person(by)} has closed *{kit.said(name)}*. Nobody is asked anything more; "
                f"everything was "
                "kept. `/slipway settings` opens it again."
            )
        ]
    )
