"""Around the pages of the intake: drafts to go on with, the summary, and "it is set up".

Knows no use case.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from slack_sdk.models.blocks import Block

from bot.views import actions as act
from bot.views import kit
from bot.views.actions import FinishRef, InitiativeRef, IntakeRef, encode
from bot.views.intake import TITLE, TITLES, Page, Then
from bot.views.render import Modal, modal


def begin(user_group: str) -> Modal:
    """The page before the first, sent off so that a user group can be looked up."""
    return modal(
        act.INTAKE_BEGIN,
        TITLE,
        [
            kit.section(
                "You describe a stalled pilot, or an idea, in eight short pages. Each page is saved when you "
                "send it; you can close this and go on later with `/slipway new`."
            )
        ],
        submit="Start",
        metadata=user_group,
    )


def drafts(unfinished: Sequence[tuple[IntakeRef, str]]) -> Modal:
    """One's unfinished descriptions: go on with one, throw it away, or start another."""
    blocks: list[Block] = [kit.section("You have a description that isn't finished. Go on with it?")]
    for ref, name in unfinished:
        sure = kit.confirm(
            "Throw it away?", f"{name}: what you typed so far is lost.", "Throw away", danger=True
        )
        blocks += [
            kit.section(f"*{kit.said(name)}*"),
            kit.actions(
                kit.button("Go on", act.INTAKE_PAGE, encode(ref), style="primary", says=f"Go on with {name}"),
                kit.button(
                    "Throw away",
                    act.INTAKE_DISCARD,
                    encode(InitiativeRef(ref.initiative)),
                    says=f"Throw away {name}",
                    ask=sure,
                ),
            ),
        ]
    blocks += [kit.divider(), kit.actions(kit.button("Start another", act.INTAKE_ANOTHER, "another"))]
    return modal("notice.told", TITLE, blocks)


@dataclass(frozen=True, slots=True)
class Part:
    """One page in the summary: what was said, a line each; `missing` where it is not filled in yet."""

    page: Page
    lines: Sequence[str]
    missing: bool = False


def summary(finish: FinishRef, parts: Sequence[Part], who: Sequence[str], note: str = "") -> Modal:
    """Everything at a glance, and what sending it off does. `who` are the people it asks, as mentions."""
    blocks: list[Block] = [kit.header("Is this right?")]
    if note:
        blocks.append(kit.section(note))
    for part in parts:
        ref = encode(IntakeRef(finish.initiative, part.page, Then.REVIEW))
        label = "Fill in" if part.missing else "Change"
        words = "_Still to fill in._" if part.missing else "\n".join(part.lines)
        blocks.append(
            kit.section(
                f"*{TITLES[part.page]}*\n{words}",
                accessory=kit.button(label, act.INTAKE_PAGE, ref, says=f"{label}: {TITLES[part.page]}"),
            )
        )
    ready = not any(part.missing for part in parts)
    closing = (
        f"Sending this asks {', '.join(who)} to take on their roles, one message each. Nobody else hears "
        "from me until the owner and the leads have accepted."
        if ready
        else "Some pages are still empty. All is saved; you can also close this and go on later."
    )
    blocks += [kit.divider(), kit.section(closing)]
    return modal(
        act.INTAKE_FINISH if ready else "notice.told",
        TITLE,
        blocks,
        submit="Ask them" if ready else None,
        metadata=encode(finish),
    )


def opened(name: str, who: Sequence[str], note: str) -> Modal:
    """The initiative is open."""
    return modal(
        "notice.told",
        TITLE,
        [
            kit.section(
                f"*{kit.said(name)}* is set up. I have asked {', '.join(who)}. You hear from me as soon "
                "as the owner and the leads have accepted; then you can start the questions."
            ),
            *([kit.section(note)] if note else []),
            kit.context(
                "`/slipway status` shows where it stands, `/slipway settings` changes anything here."
            ),
        ],
    )
