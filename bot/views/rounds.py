"""What follows the questions: the optional follow-up after a condition, and round 2 where groups differ.

Values in, messages and modals out. Quotes come in already filtered to those that may be quoted.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from slack_sdk.models.blocks import Block

from bot.views import actions as act
from bot.views import kit
from bot.views.actions import ConversationRef, LevelRef, QuestionRef, encode
from bot.views.answers import REASON, quote_field
from bot.views.limits import fit
from bot.views.render import Message, Modal, message, modal


@dataclass(frozen=True, slots=True)
class FollowUp:
    """One thing worth asking after a condition: its probe, who would know, or a link for a strong claim."""

    kind: Literal["probe", "who_knows", "show_it"]
    criterion: str
    wording: str
    """The question as the person was asked it."""
    words: str = ""
    """What they answered, in the anchor's words."""
    probe: str = ""


@dataclass(frozen=True, slots=True)
class GroupView:
    """What one group says: a level in the anchor's words, or that it can't tell."""

    group: str
    level: int | None
    words: str
    """The anchor's words, `don't know`, `does not apply` or `has not answered`."""
    quotes: Sequence[str] = ()
    """Only notes whose authors agreed to be quoted."""
    yours: bool = False


@dataclass(frozen=True, slots=True)
class PerceptionGap:
    """One question that groups answered two or more levels apart, as shown to one person concerned."""

    conversation: str
    criterion: str
    initiative: str
    title: str
    """The criterion's title: after round 1 it may be shown."""
    wording: str
    views: Sequence[GroupView]
    anchors: Sequence[str]
    my_words: str
    """This person's own answer, in words."""
    closes: datetime


def follow_up(conversation: str, condition: str, asks: Sequence[FollowUp]) -> Message:
    """One optional message at the end of a condition; the desk sends a person three at most in all."""
    blocks: list[Block] = [
        kit.section(
            f"That was *{kit.said(condition)}*. Something to add? This is optional: going on is fine."
        )
    ]
    for ask in asks:
        blocks += _ask(conversation, ask)
    skip = encode(ConversationRef(conversation))
    return message([*blocks, kit.actions(kit.button("Nothing to add", act.SKIP_FOLLOW_UP, skip))])


def _ask(conversation: str, ask: FollowUp) -> list[Block]:
    ref = QuestionRef(conversation, ask.criterion)
    said = f"_{kit.said(ask.wording)}_"
    match ask.kind:
        case "probe":
            tell = kit.button("Tell me", act.PROBE_NOTE, encode(ref), says="Answer this in a few words")
            return [kit.section(f"{said}\n{kit.said(ask.probe)}", accessory=tell)]
        case "who_knows":
            who = kit.users_select(action=act.WHO_KNOWS, placeholder="Who would know?")
            text = f"{said}\nYou said you don't know. Who would?"
            return [kit.section(text, accessory=who, block_id=act.block_ref("who", ref))]
        case "show_it":
            show = kit.button("Add a link", act.SHOW_IT, encode(ref), says="Add a link that shows this")
            text = f"{said}\nYou said “{kit.said(ask.words)}”. Is there a link or a file that shows it?"
            return [kit.section(text, accessory=show)]


def perception_gap_card(gap: PerceptionGap) -> Message:
    """All groups' levels side by side, what may be quoted, and the chance to change one's own answer."""
    ref = QuestionRef(gap.conversation, gap.criterion)
    options = [
        kit.option(words, encode(LevelRef(gap.conversation, gap.criterion, level)))
        for level, words in enumerate(gap.anchors)
    ]
    views = [kit.section(fit(_view(view), 1_500)) for view in gap.views]
    return message(
        [
            kit.section(
                f"*{kit.said(gap.initiative)}: the groups see this differently.*\n"
                f"*{kit.said(gap.title)}* – {kit.said(gap.wording)}"
            ),
            *views,
            kit.section(
                f"You said: “{kit.said(gap.my_words)}”. Nobody has to agree: the difference itself is worth "
                "knowing. If what you read here changes your view, choose again and say why."
            ),
            kit.actions(
                kit.radio(options, action=act.ROUND_TWO_ANSWER), block_id=act.block_ref("again", ref)
            ),
            kit.actions(kit.button("My answer stands", act.ROUND_TWO_KEEP, encode(ref))),
            kit.context(f"Round 2 closes {kit.moment(gap.closes)}. Without an answer, yours stands."),
        ]
    )


def _view(view: GroupView) -> str:
    level = "" if view.level is None else f" (level {view.level} of 4)"
    whose = " – your group" if view.yours else ""
    quotes = "".join(f"\n{kit.quoted(quote, 300)}" for quote in view.quotes[:3])
    return f"*{kit.said(view.group)}*{whose}: {kit.said(view.words)}{level}{quotes}"


def round_two_reason_modal(conversation: str, criterion: str, level: int, was: str, becomes: str) -> Modal:
    """Asks why an answer changes in round 2; both answers are kept."""
    return modal(
        act.ROUND_TWO_REASON_SUBMIT,
        "Change my answer",
        [
            kit.section(
                f"From “{kit.said(was)}” to “{kit.said(becomes)}”. Your first answer is kept beside it."
            ),
            kit.field(
                "What changed your view?",
                kit.text_input(multiline=True, at_most=1_000),
                REASON,
                hint="One sentence is enough.",
            ),
            quote_field(),
        ],
        submit="Change it",
        close="Cancel",
        metadata=encode(LevelRef(conversation, criterion, level)),
    )


def round_two_kept(title: str, words: str) -> Message:
    """What the card turns into when the answer stands."""
    return message(
        [kit.section(f"*{kit.said(title)}*: your answer stands – “{kit.said(words)}”. Thank you.")]
    )


def round_two_changed(title: str, was: str, becomes: str) -> Message:
    """What the card turns into when the answer has changed."""
    return message(
        [
            kit.section(
                f"*{kit.said(title)}*: changed from “{kit.said(was)}” to “{kit.said(becomes)}”. Thank you. "
                "The assessment is updated when round 2 closes."
            )
        ]
    )
