"""What anybody may read anywhere: a form on its way, a refusal, something not saved, several that fit.

Each says what happened and what to do next. Knows no use case.
"""

from collections.abc import Sequence
from typing import Final

from bot.views import kit, limits
from bot.views.actions import AGAIN
from bot.views.render import Message, Modal, message, modal

NOT_SAVED: Final = (
    "Not saved: the database did not answer in time. Nothing was changed. Please try again in a moment."
)
NOT_KNOWN: Final = (
    "Slack doesn't know your account here, so I can't tell who is asking. "
    "Slipway answers people of its own workspace only."
)
SORRY: Final = "That didn't work"

# A modal that only tells something submits nothing, so nobody routes it.
_TOLD: Final = "notice.told"


def skeleton(title: str) -> Modal:
    """What opens at once, before anything was looked up."""
    return modal(_TOLD, title, [kit.section("One moment …")])


def in_modal(title: str, text: str) -> Modal:
    """Something to read where a form was expected."""
    return modal(_TOLD, title, [kit.section(text)])


def told(text: str) -> Message:
    """Something to read."""
    return message([kit.section(text)])


def not_saved() -> Message:
    """The database did not take it."""
    return told(NOT_SAVED)


def opened_too_late(again: str | None) -> Message:
    """The form could not be opened in time; `again` is the command that opens it."""
    words = kit.section("That took too long, and Slack no longer let me open the form. Nothing was lost.")
    if again is None:
        return message([words, kit.context("Click the button once more, please.")])
    return message([words, kit.actions(kit.button("Open it again", AGAIN, again, style="primary"))])


def whisper_in_modal(words: Message) -> Modal:
    """The same words as a modal, for somebody who acted in one."""
    return Modal(callback_id=_TOLD, title="Slipway", blocks=words.blocks)


def which(verb: str, choices: Sequence[tuple[int, str]]) -> Message:
    """Several initiatives fit; choosing one runs the command again for it."""
    options = [
        kit.option(name, f"{verb} #{initiative}") for initiative, name in choices[: limits.SELECT_OPTIONS]
    ]
    return message(
        [
            kit.section(
                "Which initiative do you mean?",
                accessory=kit.select(options, action=AGAIN, placeholder="Choose an initiative"),
            ),
            kit.context(f"Or type its name: `/slipway {verb} name`"),
        ]
    )
