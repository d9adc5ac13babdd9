"""The route key of everything people click or submit, and the values that travel with it.

A key reads `conversation.act`; the router looks it up in a dictionary. Where one message holds the same
control several times, the renderer appends `~2`, `~3`, … to its action id: `route_of` takes that off again.
Knows no blocks and no handlers.
"""

from dataclasses import astuple, dataclass, fields
from typing import Annotated, Final, TypeVar
from urllib.parse import unquote

from pydantic import Field, TypeAdapter, ValidationError

from bot.views.limits import clean

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

WORD: Final = "diagnosis.word"
"""Question card's menu: one of the words that can be typed as well. Option value: WordRef."""
CONTINUE: Final = "diagnosis.continue"
"""Go on with the open question, wherever it was left. Value: ConversationRef."""
RESTART: Final = "diagnosis.restart"
"""Confirmed: begin again at question one; answers stay until replaced. Value: ConversationRef."""
PICK: Final = "diagnosis.pick"
"""Which-conversation question: the reply was meant for this one. Value: PickRef."""

PROBE_NOTE: Final = "diagnosis.probe_note"
"""Follow-up: opens the note modal for the probed question. Value: QuestionRef."""
WHO_KNOWS: Final = "diagnosis.who_knows"
"""Follow-up: a person was picked who would know. The block id carries the QuestionRef (see `block_ref`)."""
SHOW_IT: Final = "diagnosis.show_it"
"""Follow-up: opens the note modal to add the link for a claim of 3 or 4. Value: QuestionRef."""
SKIP_FOLLOW_UP: Final = "diagnosis.skip_follow_up"
"""Follow-up: nothing to add. Value: ConversationRef."""

ANSWER_TOGETHER: Final = "diagnosis.answer_together"
"""Invitation of a lead: the group answers in one conversation. Value: ConversationRef."""
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

NA_CONFIRM: Final = "assessment.na_confirm"
"""Facilitator: a criterion does not apply; opens the modal that asks for the reason. Value: CriterionRef."""
NA_CONFIRM_SUBMIT: Final = "assessment.na_confirm_submit"
"""Submission of that reason. Metadata: CriterionRef. Inputs: reason."""
NA_REFUSE: Final = "assessment.na_refuse"
"""Facilitator: it does apply, so the answers count as "don't know". Value: CriterionRef."""

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
SHOW_NAMES: Final = "assessment.show_names"
"""Facilitator alone: who said what, paged. Value: RoundPage."""
TURN_PAGE: Final = "assessment.turn_page"
"""In a modal behind one of the assessment's buttons: another page of the same list. Value: RoundPage."""
PROGRESS_PAGE: Final = "assessment.progress_page"
"""Who has answered how much: another page. Value: RoundPage."""
SHOW_DIFFERENCES: Final = "assessment.show_differences"
"""Where the groups differ, and what nobody can see. Value: RoundPage."""
SHOW_SCORING: Final = "assessment.show_scoring"
"""How this is scored, with the index per condition and the failure patterns. Value: RoundPage."""
PLAN_IT: Final = "assessment.plan_it"
"""Turn the gaps into a plan. Value: RoundRef."""

INTAKE_BEGIN: Final = "intake.begin"
"""Submission of the page before the first, where only a user group may start. Metadata: the group's id."""
INTAKE_ANOTHER: Final = "intake.another"
"""List of one's drafts: start another initiative instead."""
INTAKE_DISCARD: Final = "intake.discard"
"""List of one's drafts, confirmed: throw this one away. Value: InitiativeRef."""
INTAKE_PAGE: Final = "intake.page"
"""Show a page of the intake in the open modal. Value: IntakeRef."""
INTAKE_SUBMIT: Final = "intake.submit"
"""Submission of a page of the intake. Metadata: IntakeRef. Inputs: see `intake.Page`."""
INTAKE_FINISH: Final = "intake.finish"
"""Submission of the intake's summary: ask the people. Metadata: FinishRef."""

ROLE_ACCEPT: Final = "role.accept"
"""Asked owner or sponsor: accept. Value: RoleRef."""
ROLE_ACCEPT_LEAD: Final = "role.accept_lead"
"""Asked lead: opens the modal for the group's days and the profile. Value: RoleRef."""
ROLE_LEAD_SUBMIT: Final = "role.lead_submit"
"""Submission of a lead's acceptance. Metadata: RoleRef. Inputs: days, profile."""
ROLE_NOT_ME: Final = "role.not_me"
"""Asked person: opens the modal that asks for a better name. Value: RoleRef."""
ROLE_NOT_ME_SUBMIT: Final = "role.not_me_submit"
"""Submission of "not me". Metadata: RoleRef. Inputs: roles (where there are several), person, why."""
ROLE_EXAMPLE: Final = "role.example"
"""Asked person: see an example assessment. Value: RoleRef."""
ROLE_NAME: Final = "role.name_another"
"""Facilitator or sponsor: opens the modal that names somebody else for a role. Value: RoleRef."""
ROLE_NAME_SUBMIT: Final = "role.name_another_submit"
"""Submission of somebody else for a role. Metadata: RoleRef. Inputs: person."""
PROFILE_CONFIRM: Final = "profile.confirm"
"""Lead: the changed profile describes production. Value: ProfileRef."""
PROFILE_DISPUTE: Final = "profile.dispute"
"""Lead: opens the modal to dispute the profile line by line. Value: InitiativeRef."""
PROFILE_DISPUTE_SUBMIT: Final = "profile.dispute_submit"
"""Submission of a lead's view of the profile. Metadata: InitiativeRef. Inputs: one per factor, because."""

PEOPLE_EDIT: Final = "people.edit"
"""List of people: opens the modal that changes who takes part. Value: InitiativeRef."""

SETTINGS_MENU: Final = "settings.menu"
"""Go back to the menu of settings. Value: InitiativeRef."""
SETTINGS_FACILITATOR: Final = "settings.facilitator"
"""Show the form that hands the initiative to somebody else. Value: InitiativeRef."""
SETTINGS_FACILITATOR_SUBMIT: Final = "settings.facilitator_submit"
"""Submission of the new facilitator. Metadata: InitiativeRef. Inputs: person."""
SETTINGS_CLOSE: Final = "settings.close"
"""Confirmed: close the initiative. Value: InitiativeRef."""
SETTINGS_REOPEN: Final = "settings.reopen"
"""Open a closed initiative again. Value: InitiativeRef."""


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
class WordRef:
    """One of the words that steer a conversation: `back`, `skip`, `pause`, `restart` or `help`."""

    conversation: str
    word: str


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
class CriterionRef:
    """One criterion of an initiative's diagnosis."""

    initiative: str
    criterion: str


@dataclass(frozen=True, slots=True)
class PickRef:
    """A reply typed in the main composer, kept until its conversation is chosen. `ts` is its message's."""

    conversation: str
    ts: str
    words: str


@dataclass(frozen=True, slots=True)
class RoundPage:
    """A page, from 0, of one of a round's lists."""

    round: str
    page: Annotated[int, Field(ge=0)]


RowNumber = Annotated[int, Field(ge=1, lt=2**62)]


@dataclass(frozen=True, slots=True)
class InitiativeRef:
    """One initiative."""

    initiative: RowNumber


@dataclass(frozen=True, slots=True)
class IntakeRef:
    """A page of an initiative's description, and what comes after it: `new`, `review` or `settings`."""

    initiative: RowNumber
    page: str
    then: str


@dataclass(frozen=True, slots=True)
class FinishRef:
    """An initiative about to be set up, and the channel that is to be its home."""

    initiative: RowNumber
    home: str


@dataclass(frozen=True, slots=True)
class RoleRef:
    """The first role of those one message asks for."""

    role: RowNumber


@dataclass(frozen=True, slots=True)
class ProfileRef:
    """An initiative's profile as it was shown: `mark` differs when it has changed since."""

    initiative: RowNumber
    mark: str


Ref = (
    ConversationRef
    | QuestionRef
    | WordRef
    | LevelRef
    | ToldToRef
    | PageRef
    | RoundRef
    | RoundPage
    | CriterionRef
    | PickRef
    | InitiativeRef
    | IntakeRef
    | FinishRef
    | RoleRef
    | ProfileRef
)
R = TypeVar("R", bound=Ref)


class UnreadableValueError(ValueError):
    """A value that none of our controls carries: an old version's, or not from us."""


def encode(ref: Ref) -> str:
    """The compact text of a reference, for an option's or button's value or a modal's metadata."""
    return ":".join(_guarded(str(part)) for part in astuple(ref))


def _guarded(part: str) -> str:
    """Escapes the marks that separate parts, and nothing more: values are short of room."""
    return clean(part).replace("%", "%25").replace(":", "%3A").replace("~", "%7E")


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
