"""Short replies in a diagnosis thread: pause, status, help, and every case in which nothing can be recorded.

Each says what happened, why where that is not plain, and what to do next, and offers it as a button.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from slack_sdk.models.blocks import ButtonElement

from bot.views import actions as act
from bot.views import kit, limits
from bot.views.actions import ConversationRef, PageRef, PickRef, QuestionRef, encode
from bot.views.conversation import LastAnswer
from bot.views.render import Message, message

PICK_WORDS: Final = 600
"""How much of a reply a button carries until its conversation is chosen (a button's value holds 2,000)."""
HELP: Final = (
    "*What you can type here*\n"
    "• `0` to `4`, with a reason and a link if you like: `2 because the pipeline is manual https://…`\n"
    "• `don't know` – also with a word on why\n"
    "• `does not apply because …`\n"
    "• `not my part` – a colleague should answer this one\n"
    "• `back` or `skip` – the question before, or the next one\n"
    "• `my answers` – see and change them\n"
    "• `pause`, `restart`, `status`, `help`\n"
    "Editing your own message changes the answer it gave; deleting it withdraws it."
)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far one conversation has come."""

    conversation: str
    initiative: str
    answered: int
    total: int
    minutes_left: int
    answer_by: datetime | None = None
    """In the person's zone."""


@dataclass(frozen=True, slots=True)
class OpenConversation:
    """One of several conversations that a reply may have been meant for."""

    conversation: str
    initiative: str
    where: str = ""
    """What tells it apart: `question 6 of 20`, or a group's name."""


def later(invited: Progress, remind_at: datetime) -> Message:
    """The invitation was put off."""
    ref = encode(ConversationRef(invited.conversation))
    return message(
        [
            kit.section(
                f"All right. I come back {kit.moment(remind_at)}, once. You can also start whenever you like."
            ),
            kit.actions(kit.button("Start", act.START, ref, style="primary", says="Start the questions")),
        ]
    )


def paused(progress: Progress) -> Message:
    """The conversation rests; everything so far is kept."""
    return message(
        [
            kit.section(
                f"Paused. What you have answered so far ({progress.answered} of {progress.total}) is kept. "
                f"{_due(progress)}"
            ),
            kit.actions(*_go_on(progress)),
            kit.context("Typing any answer here goes on as well."),
        ]
    )


def status(progress: Progress) -> Message:
    """Where one stands."""
    left = progress.total - progress.answered
    rest = (
        f"{left} to go, about {kit.plural(progress.minutes_left, 'minute')}. {_due(progress)}"
        if left
        else "That is all of them. Thank you!"
    )
    return message(
        [
            kit.section(
                f"*{kit.said(progress.initiative)}*: {progress.answered} of {progress.total} answered. {rest}"
            ),
            kit.actions(*_go_on(progress)),
        ]
    )


def help_reply(progress: Progress) -> Message:
    """Every word a person may type in the thread."""
    return message([kit.section(HELP), kit.actions(*_go_on(progress))])


def _due(progress: Progress) -> str:
    return f"Please finish by {kit.moment(progress.answer_by)}." if progress.answer_by else ""


def _go_on(progress: Progress) -> list[ButtonElement]:
    mine = kit.button(
        "My answers", act.MY_ANSWERS, encode(PageRef(progress.conversation, 0)), says="List my answers"
    )
    if progress.answered >= progress.total:
        return [mine]
    ref = encode(ConversationRef(progress.conversation))
    return [kit.button("Go on", act.CONTINUE, ref, style="primary", says="Go on with the questions"), mine]


def restart_confirm(progress: Progress) -> Message:
    """Asks before starting over; nothing is lost either way."""
    ref = encode(ConversationRef(progress.conversation))
    return message(
        [
            kit.section(
                f"Start again at question 1? What you have answered ({progress.answered} of "
                f"{progress.total}) stays until you give a new answer, so nothing is lost half-way."
            ),
            kit.actions(
                kit.button("Start again", act.RESTART, ref, says="Start again at question 1"),
                kit.button("Go on instead", act.CONTINUE, ref, style="primary", says="Go on where I was"),
            ),
        ]
    )


def noted(answer: LastAnswer) -> Message:
    """A note, a link or a change was kept, when no next card says so."""
    note = f"\n{kit.quoted(answer.note)}" if answer.note else ""
    return message([kit.section(f"Noted: “{kit.said(answer.words)}”{note}")])


def withdrawn(conversation: str, criterion: str, number: int) -> Message:
    """The person deleted the message that had answered a question."""
    ref = encode(QuestionRef(conversation, criterion))
    return message(
        [
            kit.section(f"You deleted your message, so question {number} is open again."),
            kit.actions(kit.button("Answer it", act.CHANGE, ref, says=f"Answer question {number}")),
        ]
    )


def not_understood(progress: Progress, hint: str) -> Message:
    """A short question back. `hint` is a whole sentence in our words, from what was typed."""
    return message(
        [
            kit.section(kit.said(hint)),
            kit.context("Nothing was recorded. `help` lists the words I know."),
            kit.actions(*_go_on(progress)),
        ]
    )


def say_why(conversation: str, criterion: str) -> Message:
    """“Does not apply” was typed without a reason."""
    ref = encode(QuestionRef(conversation, criterion))
    return message(
        [
            kit.section(
                "Why does this not apply to this pilot? Please type it in one sentence, starting with "
                "`does not apply because`, or use the button."
            ),
            kit.actions(kit.button("Say why", act.NOT_APPLICABLE, ref, says="Say why this does not apply")),
        ]
    )


def choose_colleague(conversation: str, criterion: str) -> Message:
    """“Not my part” was typed: the colleague is chosen in a modal, which needs a click."""
    ref = encode(QuestionRef(conversation, criterion))
    return message(
        [
            kit.section("Who should answer this one? I ask them only this question."),
            kit.actions(kit.button("Choose a colleague", act.NOT_MINE, ref, style="primary")),
        ]
    )


def which_conversation(choices: Sequence[OpenConversation], words: str, ts: str) -> Message:
    """A reply in the main composer while several conversations are open; `ts` is its message's."""
    buttons = [
        kit.button(
            f"{choice.initiative} ({choice.where})" if choice.where else choice.initiative,
            act.PICK,
            encode(PickRef(choice.conversation, ts, words[:PICK_WORDS] or " ")),
        )
        for choice in choices[: limits.ACTIONS_ELEMENTS]
    ]
    return message(
        [
            kit.section(f"Which one is this for?\n{kit.quoted(words, 300)}"),
            kit.actions(*buttons),
            kit.context("Next time, reply in that one's thread and I need not ask."),
        ]
    )


def came_late(progress: Progress, words: str) -> Message:
    """A typed reply was delivered after its question had been answered: it must not answer the next one."""
    return message(
        [
            kit.section(
                "This reached me only now, and its question was answered meanwhile:\n"
                f"{kit.quoted(words, 300)}\n"
                "So I changed nothing. *My answers* shows what counts, and changes it."
            ),
            kit.actions(*_go_on(progress)),
        ]
    )


def round_two_by_card() -> Message:
    """Something was typed below round 2, where a change needs its card and a reason."""
    return message(
        [
            kit.section(
                "Nothing was changed. In round 2 each point has its own card in this thread: choose there "
                "again and say why, or leave it as it is. Without a click your answers stand."
            )
        ]
    )


def edit_came_late(initiative: str) -> Message:
    """A typed answer was edited or deleted after its round had closed."""
    return message(
        [
            kit.section(
                f"You changed a message that was an answer on *{kit.said(initiative)}*. That round has "
                "closed, so the answer stands as it was. `/slipway gaps` shows the result."
            )
        ]
    )


def no_open_conversation() -> Message:
    """Something was typed although nothing is being asked."""
    return message(
        [
            kit.section(
                "I have no question open for you, so I kept nothing of this. `/slipway mine` shows what "
                "waits for you, `/slipway help` what I can do."
            )
        ]
    )


def old_control() -> Message:
    """A button or menu that nothing stands behind any more."""
    return message(
        [
            kit.section(
                "That button belongs to an older message, so nothing was changed. `/slipway mine` shows what "
                "is open for you now."
            )
        ]
    )


def round_closed(initiative: str, facilitator: str) -> Message:
    """What an open card turns into when its round closes."""
    return message(
        [
            kit.section(
                f"The round for *{kit.said(initiative)}* has closed; what you answered until then counts. "
                "`/slipway gaps` shows the result once owner and leads have seen it. If something is wrong "
                f"in it, tell {kit.person(facilitator)}."
            )
        ]
    )
