"""The diagnosis as one person meets it: invitation, question cards, and the answers given in between.

Values in, messages out. It never sees a criterion's title, because that would lead the answer, and it knows
neither the required level nor what others said.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from slack_sdk.models.blocks import Block, ButtonElement, InteractiveElement, Option

from bot.views import actions as act
from bot.views import kit
from bot.views.actions import ConversationRef, LevelRef, PageRef, QuestionRef, WordRef, encode
from bot.views.limits import fit
from bot.views.render import Message, message

STILL_OPEN: Final = "Until the round closes you can change any answer, or add a note or a link."
SMALL_GROUP: Final = 4
"""Below this many people a group's answer is as good as a name, and the invitation says so."""
TYPING_HINT: Final = (
    "You can also type: `0` for the first line up to `4` for the last, and why. For example "
    "`2 because nobody has tried it yet`, with a link if there is one. `help` lists all the words I know."
)


@dataclass(frozen=True, slots=True)
class Invitation:
    """What one person needs to know before agreeing to answer."""

    conversation: str
    initiative: str
    facilitator: str
    """Slack id of who runs this."""
    group: str
    """The group's name as people say it: `IT operations`."""
    group_size: int
    questions: int
    minutes: int
    answer_by: datetime
    """In the person's own time zone."""
    facilitator_sees_names: bool = True
    """False for a facilitator who belongs to another group and therefore sees levels only."""
    because: str = ""
    """Who named this person, and for what, where a colleague did."""
    may_answer_together: bool = False
    """True for a lead, who may have the group answer in one conversation."""


@dataclass(frozen=True, slots=True)
class LastAnswer:
    """The answer given just before, in words."""

    criterion: str
    words: str
    """The anchor's words, or `I don't know`, or `Does not apply`."""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """One question, in the asked group's own words."""

    conversation: str
    criterion: str
    number: int
    """Its place, from 1."""
    total: int
    minutes_left: int
    wording: str
    anchors: Sequence[str]
    """The five anchors, level 0 first."""
    last: LastAnswer | None = None
    mention: str | None = None
    """Slack id of the person, on the first card only, so that Slack follows the thread for them."""
    changing: LastAnswer | None = None
    """The answer that is being changed, when this question was answered before."""
    together: bool = False
    """True when a group answers together in one group DM."""
    turn: int = 0
    """Counts the cards of a conversation: a question that comes back must not bring its old choice along."""


@dataclass(frozen=True, slots=True)
class Finished:
    """What a person hears after the last answer."""

    conversation: str
    initiative: str
    answered: int
    dont_know: int
    result_on: datetime | None
    """When the assessment will be posted, in the person's zone; None while it depends on others."""
    still_to_answer: int
    """How many people have not finished; with none left, the round closes at once."""


def invitation(invite: Invitation) -> Message:
    """The first, and for most people the only, message that is not a reply."""
    ref = encode(ConversationRef(invite.conversation))
    asked = kit.plural(invite.questions, "question")
    name = kit.said(invite.initiative)
    return message(
        [
            kit.section(
                f"Hello! {kit.person(invite.facilitator)} asks for your view of *{name}*: what stands "
                f"between this pilot and everyday use. You are asked for *{kit.said(invite.group)}*."
                f"{_named_by(invite)}"
            ),
            kit.section(
                f"It is {asked}, about {kit.plural(invite.minutes, 'minute')}. Please answer by "
                f"{kit.moment(invite.answer_by)}. You can stop and go on at any time, and “I don't know” "
                "is a useful answer."
            ),
            kit.context(_who_sees(invite)),
            kit.actions(
                kit.button("Start", act.START, ref, style="primary", says=f"Start the {asked}"),
                kit.button("Later", act.LATER, ref, says="Remind me later"),
                kit.button("Pass on", act.HAND_ON, ref, says="Pass this on to somebody else"),
                *(_together(ref) if invite.may_answer_together else ()),
            ),
        ]
    )


def _named_by(invite: Invitation) -> str:
    return f"\n{invite.because}" if invite.because else ""


def _together(ref: str) -> list[ButtonElement]:
    says = "Let the group answer together in one conversation"
    ask = kit.confirm(
        "Answer together?",
        "I open one conversation with everybody in your group, eight people at most. Whoever clicks there "
        "answers for all; nobody in the group is asked alone any more.",
        "Open it",
    )
    return [kit.button("Answer together", act.ANSWER_TOGETHER, ref, says=says, ask=ask)]


def _who_sees(invite: Invitation) -> str:
    facilitator = kit.person(invite.facilitator)
    group = kit.said(invite.group)
    names = (
        f"Your name beside your answers is seen by you and {facilitator}, by nobody else."
        if invite.facilitator_sees_names
        else f"Your name beside your answers is seen by you alone; {facilitator} sees your group's level."
    )
    size = invite.group_size
    people = "You are the only one" if size == 1 else f"There are {size} of you"
    result = (
        f"The others see one result for {group}. {people} in that group, so this is not anonymous: people "
        "may guess who said what."
        if size < SMALL_GROUP
        else f"The others see one result for {group}, made of {size} people's answers."
    )
    return f"*Who sees what.* {names} {result} Nobody sees any answer before the round has closed."


def group_opening(
    conversation: str, initiative: str, group: str, members: Sequence[str], questions: int, minutes: int
) -> Message:
    """The opening of a group DM in which a group answers together."""
    ref = encode(ConversationRef(conversation))
    people = ", ".join(kit.person(member) for member in members)
    return message(
        [
            kit.section(
                f"{people}: you answer together for *{kit.said(group)}* on *{kit.said(initiative)}*. "
                f"{kit.plural(questions, 'question').capitalize()}, about {kit.plural(minutes, 'minute')}."
            ),
            kit.context(
                "Talk each one over here; in the thread below, whoever clicks or types records the answer, "
                "under their own name and for all of you. If you can't agree, choose the lower line and say "
                "why in a note."
            ),
            kit.actions(
                kit.button("Start", act.START, ref, style="primary", says="Start answering together")
            ),
        ]
    )


def passed_on(to: str, initiative: str) -> Message:
    """What an invitation turns into once it was passed on."""
    return message(
        [kit.section(f"Thank you. I have asked {kit.person(to)} about *{kit.said(initiative)}* instead.")]
    )


def asked_also(conversation: str, because: str, questions: int) -> Message:
    """A colleague named somebody who answers already for one more question. `because` is in our words."""
    ref = encode(ConversationRef(conversation))
    return message(
        [
            kit.section(f"{because}\nThat makes {kit.plural(questions, 'more question', 'more questions')}."),
            kit.actions(kit.button("Answer", act.CONTINUE, ref, style="primary", says="Go to the question")),
        ]
    )


def question_card(question: Question) -> Message:
    """One question with its five anchors to read before choosing; nothing is chosen beforehand."""
    ref = QuestionRef(question.conversation, question.criterion)
    anchors = [
        kit.option(words, encode(LevelRef(question.conversation, question.criterion, level)))
        for level, words in enumerate(question.anchors)
    ]
    return message(
        [
            *_above(question),
            kit.section(f"*{kit.said(question.wording)}*"),
            kit.actions(
                kit.radio(anchors, action=act.ANSWER),
                block_id=f"{act.block_ref('question', ref)}~{question.turn}",
            ),
            kit.actions(*_ways_out(encode(ref)), block_id=f"{act.block_ref('instead', ref)}~{question.turn}"),
            *_below(question),
        ]
    )


def _above(question: Question) -> list[Block]:
    left = (
        f"about {kit.plural(question.minutes_left, 'minute')} left"
        if question.minutes_left
        else "nearly done"
    )
    progress = f"{question.number} of {question.total}, {left}"
    if question.changing:
        was = _told(question.changing)
        progress = f"Question {question.number}, once more. Until you choose, your answer stays: {was}"
    if question.together:
        progress += ". Whoever clicks answers for all of you"
    blocks: list[Block] = [kit.context(progress)]
    if question.mention:
        whom = "your first question" if question.number == 1 else "your question"
        blocks.append(kit.section(f"{kit.person(question.mention)}, here is {whom}."))
    if question.last:
        blocks.append(kit.context(f"Your last answer: {_told(question.last)}"))
    return blocks


def _told(answer: LastAnswer) -> str:
    note = f" – {kit.said(answer.note)}" if answer.note else ""
    return fit(f"“{kit.said(answer.words)}”{note}", 300)


def _ways_out(value: str) -> list[ButtonElement]:
    return [
        kit.button("Don't know", act.DONT_KNOW, value, says="I don't know, or can't see it from where I am"),
        kit.button("Does not apply", act.NOT_APPLICABLE, value, says="This does not apply to this pilot"),
        kit.button("Not my part", act.NOT_MINE, value, says="Hand this one question to a colleague"),
    ]


def _below(question: Question) -> list[Block]:
    conversation = question.conversation
    buttons: list[InteractiveElement] = []
    if question.last:
        back = encode(QuestionRef(conversation, question.last.criterion))
        buttons.append(kit.button("Change", act.CHANGE, back, says="Change your last answer"))
    if question.changing:
        note = encode(QuestionRef(conversation, question.criterion))
        buttons.append(kit.button("Add a note", act.NOTE, note, says="Add a note or a link to this answer"))
        keep = encode(ConversationRef(conversation))
        buttons.append(kit.button("Keep it", act.CONTINUE, keep, says="Keep this answer and go on"))
    mine = encode(PageRef(conversation, 0))
    buttons.append(kit.button("My answers", act.MY_ANSWERS, mine, says="List all my answers"))
    buttons.append(kit.overflow(_words(question), action=act.WORD))
    hint = [kit.context(TYPING_HINT)] if question.number == 1 else []
    return [kit.actions(*buttons), *hint]


def _words(question: Question) -> list[Option]:
    """What can be typed, for who would rather click."""
    words = {
        "back": "Back",
        "skip": "Skip for now",
        "pause": "Pause",
        "restart": "Start again…",
        "help": "What I can type",
    }
    if question.number == 1:
        del words["back"]
    return [kit.option(label, encode(WordRef(question.conversation, word))) for word, label in words.items()]


def answered_card(question: Question, answer: LastAnswer) -> Message:
    """What an open card turns into once a typed reply has answered it: short, with a way back."""
    ref = encode(QuestionRef(question.conversation, question.criterion))
    return message(
        [
            kit.context(f"{question.number} of {question.total}"),
            kit.section(
                f"{kit.said(question.wording)}\n{_told(answer)}",
                accessory=kit.button("Change", act.CHANGE, ref, says=f"Change answer {question.number}"),
            ),
        ]
    )


def left_card(number: int, total: int) -> Message:
    """What a card turns into when the conversation goes on in a newer one."""
    return message([kit.context(f"{number} of {total}: it goes on below.")])


def finished(done: Finished) -> Message:
    """Thanks, the date of the result, and what happens next."""
    ref = done.conversation
    unknown = f", {done.dont_know} of them “I don't know”, which helps too" if done.dont_know else ""
    return message(
        [
            kit.section(
                f"*Thank you!* That was all for *{kit.said(done.initiative)}*: "
                f"{kit.plural(done.answered, 'answer')}{unknown}."
            ),
            kit.section(_what_next(done)),
            kit.actions(
                kit.button("My answers", act.MY_ANSWERS, encode(PageRef(ref, 0)), says="List all my answers")
            ),
            *([kit.context(STILL_OPEN)] if done.still_to_answer else []),
        ]
    )


def _what_next(done: Finished) -> str:
    wait = (
        f"{kit.plural(done.still_to_answer, 'person', 'people').capitalize()} still to go. "
        if done.still_to_answer
        else "Everybody has answered now. "
    )
    when = (
        f"The result is posted on {kit.moment(done.result_on)}."
        if done.result_on
        else "The result is posted one working day after the last one has finished."
    )
    return (
        f"{wait}{when} Where the groups see things differently, I come back to you once with both views; "
        "otherwise you hear nothing more from me about this."
    )
