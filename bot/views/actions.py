"""The route key of everything people click or submit in the diagnosis, and the values that travel with it.

A key reads `conversation.act`; the router looks it up in a dictionary. Where one message holds the same
control several times, the renderer appends `~2`, `~3`, … to its action id: `route_of` takes that off again.
Knows no blocks and no handlers.
"""

from dataclasses import astuple, dataclass, fields
from typing import Annotated, Final, TypeVar
from urllib.parse import quote, unquote

from pydantic import Field, TypeAdapter, ValidationError

AGAIN: Final = "command.again"
"""A button or option that stands for a typed command. Value: the command's text, without `/slipway`."""

START: Final = "diagnosis.start"
"""Invitation: send the first question. Value: ConversationRef."""
LATER: Final = "diagnosis.later"
"""Invitation or reminder: remind me later. Value: ConversationRef."""
HAND_ON: Final = "diagnosis.pass_on"
"""Invitation: somebody else should answer; opens the pass-on modal. Value: ConversationRef."""
HAND_ON_SUBMIT: Final = "diagnosis.pass_on_submit"
"""Submission of the pass-on modal. Metadata: ConversationRef. Inputs: person, reason."""

ANSWER: Final = "diagnosis.answer"
"""Question card: one of the five anchors was chosen. Option value: LevelRef."""
DONT_KNOW: Final = "diagnosis.dont_know"
"""Question card: can't see it from here. Value: QuestionRef."""
NOT_APPLICABLE: Final = "diagnosis.not_applicable"
"""Question card: does not apply; opens the modal that asks why. Value: QuestionRef."""
NOT_APPLICABLE_SUBMIT: Final = "diagnosis.not_applicable_submit"
"""Submission of the does-not-apply modal. Metadata: QuestionRef. Inputs: reason."""
NOT_MINE: Final = "diagnosis.not_mine"
"""Question card: a colleague knows this one; opens the hand-over modal. Value: QuestionRef."""
NOT_MINE_SUBMIT: Final = "diagnosis.not_mine_submit"
"""Submission of the hand-over modal. Metadata: QuestionRef. Inputs: person, reason."""
CHANGE: Final = "diagnosis.change"
"""Show this question again so that its answer can be changed. Value: QuestionRef."""
MY_ANSWERS: Final = "diagnosis.my_answers"
"""List this person's own answers. Value: PageRef."""
NOTE: Final = "diagnosis.note"
"""Open the modal that adds a note or link to an answer. Value: QuestionRef."""
NOTE_SUBMIT: Final = "diagnosis.note_submit"
"""Submission of the note modal. Metadata: QuestionRef. Inputs: note, link, may_be_quoted."""

PAUSE: Final = "diagnosis.pause"
"""Stop for now. Value: ConversationRef."""
CONTINUE: Final = "diagnosis.continue"
"""Go on with the open question, wherever it was left. Value: ConversationRef."""
RESTART: Final = "diagnosis.restart"
"""Confirmed: begin again at question one; answers stay until replaced. Value: ConversationRef."""
PICK: Final = "diagnosis.pick"
"""Which-conversation question: the reply was meant for this one. Value: ConversationRef."""

PROBE_NOTE: Final = "diagnosis.probe_note"
"""Follow-up: opens the note modal for the probed question. Value: QuestionRef."""
WHO_KNOWS: Final = "diagnosis.who_knows"
"""Follow-up: a person was picked who would know. The block id carries the QuestionRef (see `block_ref`)."""
SHOW_IT: Final = "diagnosis.show_it"
"""Follow-up: opens the note modal to add the link for a claim of 3 or 4. Value: QuestionRef."""
SKIP_FOLLOW_UP: Final = "diagnosis.skip_follow_up"
"""Follow-up: nothing to add. Value: ConversationRef."""

TOLD_TO: Final = "diagnosis.told_to"
"""Lead: record what somebody without Slack said; opens the modal. Value: ConversationRef."""
TOLD_TO_SUBMIT: Final = "diagnosis.told_to_submit"
"""Submission of the told-to modal. Metadata: ToldToRef. Inputs: answer, note, may_be_quoted."""

ROUND_TWO_ANSWER: Final = "round_two.answer"
"""Perception gap card: another level was chosen; opens the reason modal. Option value: LevelRef."""
ROUND_TWO_KEEP: Final = "round_two.keep"
"""Perception gap card: my answer stands. Value: QuestionRef."""
ROUND_TWO_REASON_SUBMIT: Final = "round_two.reason_submit"
"""Submission of the reason for a changed answer. Metadata: LevelRef. Inputs: reason, may_be_quoted."""

DIAGNOSE_CONFIRM: Final = "assessment.diagnose_confirm"
"""Facilitator: open round 1. Value: RoundRef."""
DIAGNOSE_CANCEL: Final = "assessment.diagnose_cancel"
"""Facilitator: not yet. Value: RoundRef."""
CLOSE_ROUND: Final = "assessment.close_round"
"""Facilitator, confirmed: close the open round now. Value: RoundRef."""
POST_NOW: Final = "assessment.post_now"
"""Owner or lead: post the assessment to the channel without waiting. Value: RoundRef."""
CORRECT_FACT: Final = "assessment.correct_fact"
"""Owner or lead: opens the modal to correct a fact. Value: RoundRef."""
CORRECT_FACT_SUBMIT: Final = "assessment.correct_fact_submit"
"""Submission of the correction. Metadata: RoundRef. Inputs: criterion, correction, link."""
SHOW_GAPS: Final = "assessment.show_gaps"
"""All that block, worst first, paged. Value: RoundPage."""
SHOW_DIFFERENCES: Final = "assessment.show_differences"
"""Where the groups differ, and what nobody can see. Value: RoundPage."""
SHOW_SCORING: Final = "assessment.show_scoring"
"""How this is scored, with the index per condition and the failure patterns. Value: RoundPage."""
PLAN_IT: Final = "assessment.plan_it"
"""Turn the gaps into a plan. Value: RoundRef."""


@dataclass(frozen=True, slots=True)
class ConversationRef:
    """One person, or one group together, answering one round."""

    conversation: str


@dataclass(frozen=True, slots=True)
class QuestionRef:
    """One question of a conversation. Stale when the conversation has moved on: compare before use."""

    conversation: str
    criterion: str


@dataclass(frozen=True, slots=True)
class LevelRef:
    """A level from 0 to 4 chosen for one question of a conversation."""

    conversation: str
    criterion: str
    level: Annotated[int, Field(ge=0, le=4)]


@dataclass(frozen=True, slots=True)
class ToldToRef:
    """The question a lead records for a person without Slack, whose name is what the lead typed."""

    conversation: str
    criterion: str
    person: str


@dataclass(frozen=True, slots=True)
class PageRef:
    """A page, from 0, of one conversation's list."""

    conversation: str
    page: Annotated[int, Field(ge=0)]


@dataclass(frozen=True, slots=True)
class RoundRef:
    """One round of an initiative's diagnosis."""

    round: str


@dataclass(frozen=True, slots=True)
class RoundPage:
    """A page, from 0, of one of a round's lists."""

    round: str
    page: Annotated[int, Field(ge=0)]


Ref = ConversationRef | QuestionRef | LevelRef | ToldToRef | PageRef | RoundRef | RoundPage
R = TypeVar("R", ConversationRef, QuestionRef, LevelRef, ToldToRef, PageRef, RoundRef, RoundPage)


class UnreadableValueError(ValueError):
    """A value that none of our controls carries: an old version's, or not from us."""


def encode(ref: Ref) -> str:
    """The compact text of a reference, for an option's or button's value or a modal's metadata."""
    return ":".join(quote(str(part), safe="-_.") for part in astuple(ref))


def decode(kind: type[R], value: str) -> R:
    """The reference a value stands for. Raises UnreadableValueError for anything `encode` did not write."""
    names = [field.name for field in fields(kind)]
    parts = [unquote(part) for part in value.split(":")]
    if len(parts) != len(names) or not all(parts):
        raise UnreadableValueError(f"{kind.__name__} has {len(names)} parts, got {value[:80]!r}")
    try:
        return TypeAdapter(kind).validate_python(dict(zip(names, parts, strict=True)))
    except ValidationError as fault:
        raise UnreadableValueError(f"not a {kind.__name__}: {value[:80]!r}") from fault


def route_of(action_id: str) -> str:
    """The route key of an action id, without the mark that keeps repeated controls apart."""
    return action_id.partition("~")[0]


def block_ref(kind: str, ref: Ref) -> str:
    """A block id that differs per question, so that Slack does not carry an old choice over to the next."""
    return f"{kind}|{encode(ref)}"


def ref_of_block(kind: type[R], block_id: str) -> R:
    """The reference in a block id made by `block_ref`. Raises UnreadableValueError for any other block id."""
    return decode(kind, block_id.partition("|")[2].partition("~")[0])
