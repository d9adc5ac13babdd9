"""What belongs to one answer: the person's own list, and the modals for a note, a reason or a colleague.

Every modal names its inputs by block id; a handler finds each value under that one name.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from slack_sdk.models.blocks import Block, ButtonElement

from bot.views import actions as act
from bot.views import kit, limits
from bot.views.actions import ConversationRef, PageRef, QuestionRef, ToldToRef, encode
from bot.views.limits import fit
from bot.views.render import Message, Modal, message, modal, page

ANSWERS_PER_PAGE: Final = 8
NOTE: Final = "note"
LINK: Final = "link"
MAY_BE_QUOTED: Final = "may_be_quoted"
REASON: Final = "reason"
PERSON: Final = "person"
ANSWER: Final = "answer"
YES: Final = "yes"
"""The value of the *May be quoted* tick."""
DONT_KNOW: Final = "dk"
NOT_APPLICABLE: Final = "na"
"""The values, beside `0` to `4`, of the told-to modal's answers."""


@dataclass(frozen=True, slots=True)
class MyAnswer:
    """One question of a conversation and what its person has answered, if anything."""

    criterion: str
    number: int
    wording: str
    words: str | None
    """The anchor's words, `I don't know`, `Does not apply`, or None while not answered."""
    note: str = ""
    link: str = ""
    may_be_quoted: bool = False
    handed_to: str | None = None
    """Slack id of the colleague who was asked instead."""


def my_answers(
    conversation: str, initiative: str, answers: Sequence[MyAnswer], number: int, *, open_: bool
) -> Message:
    """One page of a person's own answers. `open_`: the round still takes changes."""
    shown = page(answers, number, ANSWERS_PER_PAGE)
    blocks: list[Block] = [
        kit.section(
            f"*Your answers on {kit.said(initiative)}*"
            + (f", page {shown.number + 1} of {shown.pages}" if shown.pages > 1 else "")
        )
    ]
    for answer in shown.items:
        blocks += _one_answer(conversation, answer, open_=open_)
    if not answers:
        blocks.append(kit.section("There are no questions for you here."))
    if not open_:
        blocks.append(kit.context("The round has closed, so these can no longer be changed here."))
    turn = _turn(conversation, shown.earlier, shown.later, open_=open_)
    return message([*blocks, *([kit.actions(*turn)] if turn else [])])


def _one_answer(conversation: str, answer: MyAnswer, *, open_: bool) -> list[Block]:
    ref = encode(QuestionRef(conversation, answer.criterion))
    text = f"*{answer.number}.* {kit.said(answer.wording)}\n{fit(_given(answer), 700)}"
    if not open_:
        return [kit.section(text)]
    change = kit.button(
        "Change" if answer.words else "Answer", act.CHANGE, ref, says=f"Change answer {answer.number}"
    )
    note = kit.button("Note or link", act.NOTE, ref, says=f"Add a note or link to answer {answer.number}")
    return [kit.section(text), kit.actions(*([change, note] if answer.words else [change]))]


def _given(answer: MyAnswer) -> str:
    if answer.handed_to:
        return f"_Handed to {kit.person(answer.handed_to)}_"
    if answer.words is None:
        return "_Not answered yet_"
    parts = [f"→ {kit.said(answer.words)}"]
    if answer.note:
        quotable = "may be quoted" if answer.may_be_quoted else "not quoted"
        parts.append(f"{kit.quoted(answer.note, 400)}\n_{quotable}_")
    if answer.link:
        parts.append(kit.link(answer.link, answer.link))
    return "\n".join(parts)


def _turn(conversation: str, earlier: int | None, later: int | None, *, open_: bool) -> list[ButtonElement]:
    buttons = []
    if earlier is not None:
        buttons.append(kit.button("Earlier", act.MY_ANSWERS, encode(PageRef(conversation, earlier))))
    if later is not None:
        buttons.append(kit.button("More", act.MY_ANSWERS, encode(PageRef(conversation, later))))
    if open_:
        ref = encode(ConversationRef(conversation))
        buttons.append(
            kit.button("Go on", act.CONTINUE, ref, style="primary", says="Go on with the questions")
        )
    return buttons


def note_modal(conversation: str, answer: MyAnswer, *, prompt: str = "", wants_link: bool = False) -> Modal:
    """A note and a link for one answer. `prompt` replaces the question, as a follow-up's probe does."""
    ask = prompt or answer.wording
    said = f"\nYou said: “{kit.said(answer.words)}”" if answer.words else ""
    return modal(
        act.NOTE_SUBMIT,
        "Show it" if wants_link else "Add a note",
        [
            kit.section(f"*{kit.said(ask)}*{said}"),
            kit.field(
                "In your words",
                kit.text_input(multiline=True, initial=answer.note, at_most=limits.INPUT_LENGTH),
                NOTE,
                optional=True,
            ),
            kit.field(
                "Link",
                kit.url_input(initial=answer.link or None, placeholder="https://…"),
                LINK,
                optional=True,
                hint="A page, a ticket, a dashboard: something a colleague can open and check.",
            ),
            quote_field(chosen=answer.may_be_quoted),
        ],
        submit="Save",
        close="Cancel",
        metadata=encode(QuestionRef(conversation, answer.criterion)),
    )


def quote_field(block: str = MAY_BE_QUOTED, *, chosen: bool = False) -> Block:
    """*May be quoted*, not ticked unless it was before."""
    tick = kit.option("My words may be quoted", YES, "With my group's name, without mine")
    return kit.field(
        "May be quoted",
        kit.checkboxes([tick], chosen=[YES] if chosen else []),
        block,
        optional=True,
        hint="Leave it open and only you and the facilitator can read the note.",
    )


def not_applicable_modal(conversation: str, criterion: str, wording: str, reason: str = "") -> Modal:
    """Why a question does not apply: without the reason it would count as “don't know”."""
    return modal(
        act.NOT_APPLICABLE_SUBMIT,
        "Does not apply",
        [
            kit.section(f"*{kit.said(wording)}*"),
            kit.field(
                "Why does this not apply to this pilot?",
                kit.text_input(multiline=True, initial=reason, at_most=1_000),
                REASON,
                hint="One sentence is enough. If you just can't see it, choose “Don't know” instead.",
            ),
        ],
        submit="Save",
        close="Cancel",
        metadata=encode(QuestionRef(conversation, criterion)),
    )


def not_mine_modal(conversation: str, criterion: str, wording: str) -> Modal:
    """Hands this one question to a named colleague."""
    return modal(
        act.NOT_MINE_SUBMIT,
        "Not my part",
        [
            kit.section(
                f"*{kit.said(wording)}*\nYour colleague is asked this one question, in your group's name."
            ),
            *_colleague("Who should answer it?"),
        ],
        submit="Ask them",
        close="Cancel",
        metadata=encode(QuestionRef(conversation, criterion)),
    )


def hand_on_modal(conversation: str, initiative: str, group: str) -> Modal:
    """Passes the whole invitation on to somebody else."""
    return modal(
        act.HAND_ON_SUBMIT,
        "Pass on",
        [
            kit.section(
                f"Who should answer for *{kit.said(group)}* on *{kit.said(initiative)}* in your place? I "
                "write to them once, saying that you named them, and the facilitator can see it."
            ),
            *_colleague("Who instead?"),
        ],
        submit="Pass on",
        close="Cancel",
        metadata=encode(ConversationRef(conversation)),
    )


def _colleague(label: str) -> list[Block]:
    return [
        kit.field(label, kit.users_select(), PERSON),
        kit.field(
            "Anything they should know?",
            kit.text_input(multiline=True, at_most=500),
            REASON,
            optional=True,
            hint="They will read this.",
        ),
    ]


def told_to_modal(
    conversation: str,
    criterion: str,
    wording: str,
    anchors: Sequence[str],
    who: str,
    place: str,
) -> Modal:
    """A lead records what somebody without Slack said. `place` says how far: `6 of 20`.

    Every input is named for its question: Slack carries what was typed over to an input of the same name.
    """
    choices = [kit.option(words, str(level)) for level, words in enumerate(anchors)]
    choices.append(kit.option("They don't know, or can't see it from where they are", DONT_KNOW))
    choices.append(kit.option("Does not apply to this pilot (say why below)", NOT_APPLICABLE))
    ref = QuestionRef(conversation, criterion)
    return modal(
        act.TOLD_TO_SUBMIT,
        "What they said",
        [
            kit.context(
                f"{place} · told to you by {kit.said(who)}. It is recorded as told, under your name."
            ),
            kit.section(f"*{kit.said(wording)}*"),
            kit.field("Their answer", kit.radio(choices), act.block_ref(ANSWER, ref)),
            kit.field(
                "In their words", kit.text_input(multiline=True), act.block_ref(NOTE, ref), optional=True
            ),
            quote_field(act.block_ref(MAY_BE_QUOTED, ref)),
        ],
        submit="Save, next",
        close="Stop here",
        metadata=encode(ToldToRef(conversation, criterion, who[:120])),
    )
