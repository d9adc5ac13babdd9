"""What facilitator and leads are asked around a diagnosis, and the opening of round 2.

Recording for somebody without Slack, confirming that something does not apply. Values in, messages out.
"""

from collections.abc import Sequence
from datetime import datetime

from bot.views import actions as act
from bot.views import kit
from bot.views.actions import ConversationRef, CriterionRef, encode
from bot.views.answers import REASON
from bot.views.render import Message, Modal, message, modal


def record_for(conversation: str, initiative: str, name: str, questions: int) -> Message:
    """Asks a lead to record what somebody without Slack says."""
    who = kit.said(name)
    return message(
        [
            kit.section(
                f"*{who}* has no Slack and was named for *{kit.said(initiative)}*. Please ask them "
                f"{kit.plural(questions, 'question')} and record what they say: it is kept as told to you, "
                "under your name."
            ),
            kit.actions(
                kit.button(
                    "Record answers",
                    act.TOLD_TO,
                    encode(ConversationRef(conversation)),
                    style="primary",
                    says=f"Record what {name} says",
                )
            ),
        ]
    )


def recorded_all(name: str, answered: int) -> Modal:
    """The last answer of somebody without Slack is recorded."""
    return modal(
        "diagnosis.recorded",
        "All recorded",
        [
            kit.section(
                f"Thank you! {kit.said(name)}'s answers are recorded as told to you: {answered} of them."
            )
        ],
    )


def answering_together(initiative: str, group: str) -> Message:
    """What an invitation turns into when the group answers in one conversation."""
    return message(
        [
            kit.section(
                f"*{kit.said(group)}* answers together on *{kit.said(initiative)}*, in a conversation of its "
                "own that I have opened. You need not answer here."
            )
        ]
    )


def does_not_apply(
    initiative: str, criterion: str, title: str, group: str, reasons: Sequence[str]
) -> Message:
    """Asks the facilitator whether something does not apply, as the group that has to live with it says."""
    ref = encode(CriterionRef(initiative, criterion))
    quotes = "\n".join(kit.quoted(reason, 300) for reason in reasons if reason)
    return message(
        [
            kit.section(
                f"*{kit.said(group)}* says that this does not apply to the pilot: "
                f"*{kit.said(title)}*.\n{quotes}"
            ),
            kit.context(
                "If you confirm, it is left out of the assessment and your reason is shown. Otherwise it "
                "counts as “don't know”."
            ),
            kit.actions(
                kit.button("Confirm, with a reason", act.NA_CONFIRM, ref, style="primary"),
                kit.button("It does apply", act.NA_REFUSE, ref),
            ),
        ]
    )


def confirm_not_applicable(initiative: str, criterion: str, title: str) -> Modal:
    """The facilitator's reason why something does not apply."""
    return modal(
        act.NA_CONFIRM_SUBMIT,
        "Does not apply",
        [
            kit.section(f"*{kit.said(title)}*"),
            kit.field(
                "Why does this not apply to this pilot?",
                kit.text_input(multiline=True, at_most=1_000),
                REASON,
                hint="Everybody who sees the assessment can read it.",
            ),
        ],
        submit="Confirm",
        close="Cancel",
        metadata=encode(CriterionRef(initiative, criterion)),
    )


def not_applicable_settled(title: str, *, confirmed: bool) -> Message:
    """What the facilitator's card turns into."""
    outcome = "left out of the assessment" if confirmed else "counted as “don't know”"
    return message([kit.section(f"*{kit.said(title)}* is {outcome}.")])


def round_two_opening(initiative: str, differences: int, closes: datetime) -> Message:
    """The one message that asks somebody to look at what the groups see differently."""
    what = kit.plural(differences, "point")
    there = "It is" if differences == 1 else "They are"
    return message(
        [
            kit.section(
                f"Thank you for your answers on *{kit.said(initiative)}*. On {what} that you answered, the "
                f"groups see things two or more levels apart. {there} below in this thread, with what each "
                "group says."
            ),
            kit.context(
                f"If what you read changes your view, choose again and say why; if not, your answer stands. "
                f"Round 2 closes {kit.moment(closes)}. You need not do anything."
            ),
        ]
    )
