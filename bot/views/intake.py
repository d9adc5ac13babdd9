"""The pages of `/slipway new`, which `/slipway settings` opens again: one page per step, few questions each.

The block ids here are the names under which answers come back. Knows no use case.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Final, Literal

from slack_sdk.models.blocks import Block, InputBlock

from bot.views import actions as act
from bot.views import kit
from bot.views.actions import InitiativeRef, IntakeRef, encode
from bot.views.render import Modal, modal

TITLE: Final = "New initiative"
STAGE: Final = "stage"
OWNER: Final = "owner"
SPONSOR: Final = "sponsor"
HOME: Final = "home_channel"
ZONE: Final = "zone"
DAILY: Final = "daily_users"
WITHOUT_SLACK: Final = "without_slack"


class Page(StrEnum):
    """The steps, in order."""

    PILOT = "pilot"
    SHORTCUTS = "shortcuts"
    AIM = "aim"
    OUTCOME = "outcome"
    CARRIERS = "carriers"
    PROFILE = "profile"
    PROFILE_MORE = "profile_more"
    PEOPLE = "people"


class Then(StrEnum):
    """What comes after a page: the next one, the summary, or the menu of settings."""

    NEW = "new"
    REVIEW = "review"
    SETTINGS = "settings"


PAGES: Final = tuple(Page)

TITLES: Final[Mapping[Page, str]] = {
    Page.PILOT: "The pilot as it stands",
    Page.SHORTCUTS: "What the pilot was spared",
    Page.AIM: "What it is for",
    Page.OUTCOME: "The business outcome",
    Page.CARRIERS: "Who carries it, and where",
    Page.PROFILE: "In production, part 1",
    Page.PROFILE_MORE: "In production, part 2",
    Page.PEOPLE: "Who answers the questions",
}

_LEADS_IN: Final[Mapping[Page, str]] = {
    Page.PILOT: "Leave empty what isn't known yet; that is an answer too. Each page is saved as you go on.",
    Page.SHORTCUTS: "Pilots are quick because they are spared things. Later this is shown beside production.",
    Page.AIM: "In words that somebody outside the project understands.",
    Page.OUTCOME: "The one number that justifies the work. “Not known yet” is an answer.",
    Page.CARRIERS: "Roles are asked for, not assigned: each person gets one message and can say no.",
    Page.PROFILE: "How it will be in production, not how it was in the pilot. This decides what is needed.",
    Page.PROFILE_MORE: "How it will be in production, not how it was in the pilot.",
    Page.PEOPLE: "Each person belongs to one group. The lead speaks for the group and plans its days.",
}


@dataclass(frozen=True, slots=True)
class Line:
    """A question that is answered in words, numbers or a date."""

    id: str
    label: str
    hint: str = ""
    kind: Literal["word", "long", "money", "number", "date"] = "word"
    required: bool = False
    at_most: int = 200


LINES: Final[Mapping[Page, tuple[Line, ...]]] = {
    Page.PILOT: (
        Line("months_stalled", "Months since it last moved", "A number, such as 7.", "number"),
        Line(
            "why_stalled", "Why did it stall?", "What people say, in a sentence or two.", "long", at_most=1000
        ),
        Line("best_result", "Its best result", "Such as: 92% of invoices read correctly.", at_most=500),
        Line("cases_chosen", "How were the cases behind that result chosen?", kind="long", at_most=1000),
    ),
    Page.SHORTCUTS: (
        Line("approvals_skipped", "Approvals that were skipped", "Security, legal, …", "long", at_most=1000),
        Line("share_left_out", "Share of records left out or repaired", "Per cent, such as 12.", "number"),
        Line(
            "rescued_by_hand", "Cases that people rescued by hand", "How many, and how.", "long", at_most=1000
        ),
        Line("budget", "Budget", "Such as 250,000 or 250k.", "money"),
        Line("currency", "Currency", "Such as EUR.", at_most=20),
        Line("spent", "Spent so far", kind="money"),
    ),
    Page.AIM: (
        Line("name", "Name", "What everybody will call it.", required=True, at_most=80),
        Line("problem", "The problem it solves", "Whose, and what it costs them today.", "long", True, 1500),
        Line(
            "why_first", "Why this, before which others?", "What waits because of it.", "long", at_most=1500
        ),
    ),
    Page.OUTCOME: (
        Line("number", "Which number moves?", "Such as: days to answer a claim."),
        Line("unit", "Unit", "Such as days, EUR a month, %.", at_most=40),
        Line("start", "Where it stands, measured", "The measured start, not an estimate.", "number"),
        Line("target", "Where it should be", kind="number"),
        Line("by", "By when", kind="date"),
    ),
}


@dataclass(frozen=True, slots=True)
class FactorLine:
    """A profile factor with its choices (id and label), from least to most demanding."""

    id: str
    question: str
    choices: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class GroupLine:
    """A group that answers."""

    id: str
    name: str
    means: str
    has_daily_users: bool = False


@dataclass(frozen=True, slots=True)
class Form:
    """One page to show: `filled` holds by block id what is already known."""

    ref: IntakeRef
    filled: Mapping[str, str | tuple[str, ...]] = field(default_factory=dict)
    factors: Sequence[FactorLine] = ()
    groups: Sequence[GroupLine] = ()
    note: str = ""

    @property
    def page(self) -> Page:
        """Which page it is."""
        return Page(self.ref.page)

    def text(self, block_id: str) -> str:
        """What is known for one input."""
        value = self.filled.get(block_id, "")
        return value if isinstance(value, str) else ""

    def several(self, block_id: str) -> tuple[str, ...]:
        """Who is known for one input."""
        value = self.filled.get(block_id, ())
        return (value,) if isinstance(value, str) else value


def factor_block(factor_id: str) -> str:
    """The block id of a profile factor's choice."""
    return f"factor_{factor_id}"


def people_block(group_id: str) -> str:
    """The block id of a group's people."""
    return f"people_{group_id}"


def lead_block(group_id: str) -> str:
    """The block id of a group's lead."""
    return f"lead_{group_id}"


def page(form: Form) -> Modal:
    """One page of the description."""
    step = PAGES.index(form.page) + 1
    where = f"Step {step} of {len(PAGES)} · " if form.ref.then == Then.NEW else ""
    return modal(
        act.INTAKE_SUBMIT,
        TITLE if form.ref.then != Then.SETTINGS else "Settings",
        [
            kit.header(TITLES[form.page]),
            kit.context(f"{where}{_LEADS_IN[form.page]}"),
            *([kit.section(form.note)] if form.note else []),
            *_inputs(form),
            *_way_back(form),
        ],
        submit="Save and go on" if form.ref.then == Then.NEW else "Save",
        close="Close",
        metadata=encode(form.ref),
    )


def _inputs(form: Form) -> list[Block]:
    match form.page:
        case Page.CARRIERS:
            return _carriers(form)
        case Page.PROFILE | Page.PROFILE_MORE:
            return [factor_input(factor, form.text(factor_block(factor.id))) for factor in form.factors]
        case Page.PEOPLE:
            return _people(form)
        case Page.PILOT:
            return [_stage(form), *(_line(line, form) for line in LINES[Page.PILOT])]
        case _:
            return [_line(line, form) for line in LINES[form.page]]


def _stage(form: Form) -> InputBlock:
    choices = [
        kit.option("A pilot that stalled", "stalled_pilot", "All questions, and a way to production."),
        kit.option("An idea, before a pilot", "idea", "Architecture and data alone, as a check."),
    ]
    chosen = kit.radio(choices, chosen=form.text(STAGE) or "stalled_pilot")
    return kit.field("What do you bring in?", chosen, STAGE)


def _line(line: Line, form: Form) -> InputBlock:
    known = form.text(line.id)
    optional = not line.required
    if line.kind == "date":
        day = date.fromisoformat(known) if known else None
        return kit.field(line.label, kit.date_input(initial=day), line.id, optional=optional, hint=line.hint)
    words = kit.text_input(multiline=line.kind == "long", initial=known, at_most=line.at_most)
    return kit.field(line.label, words, line.id, optional=optional, hint=line.hint)


def _carriers(form: Form) -> list[Block]:
    return [
        kit.field(
            "Business owner",
            kit.users_select(chosen=form.text(OWNER) or None),
            OWNER,
            hint="Answers for the result in the business.",
        ),
        kit.field(
            "Sponsor",
            kit.users_select(chosen=form.text(SPONSOR) or None),
            SPONSOR,
            hint="Can stop the money, and clears the way.",
        ),
        kit.field(
            "Home channel",
            kit.conversations_select(chosen=form.text(HOME) or None),
            HOME,
            hint="Where the assessment is posted. Where I'm not in it yet, type /invite @Slipway there.",
        ),
        kit.field(
            "Time zone",
            kit.text_input(initial=form.text(ZONE), at_most=64),
            ZONE,
            hint="A city or zone, such as Europe/Berlin.",
        ),
    ]


def factor_input(factor: FactorLine, chosen: str) -> InputBlock:
    """A profile factor as a choice of the playbook's own words."""
    options = [kit.option(label, value) for value, label in factor.choices]
    return kit.field(factor.question, kit.select(options, chosen=chosen), factor_block(factor.id))


def _people(form: Form) -> list[Block]:
    blocks: list[Block] = []
    for group in form.groups:
        several, lead = people_block(group.id), lead_block(group.id)
        members = kit.multi_users_select(chosen=form.several(several))
        blocks += [
            kit.field(group.name, members, several, hint=group.means),
            kit.field(f"Lead of {group.name}", kit.users_select(chosen=form.text(lead) or None), lead),
        ]
        if group.has_daily_users:
            daily = kit.multi_users_select(chosen=form.several(DAILY))
            blocks.append(
                kit.field(
                    "Daily users among them",
                    daily,
                    DAILY,
                    optional=True,
                    hint="Who works with it every day is asked fewer questions.",
                )
            )
    example = f"Kim Lee, {form.groups[0].name}" if form.groups else ""
    blocks.append(
        kit.field(
            "People without Slack",
            kit.text_input(multiline=True, initial=form.text(WITHOUT_SLACK), placeholder=example),
            WITHOUT_SLACK,
            optional=True,
            hint="One a line: name, group. The group's lead asks them and records what they say.",
        )
    )
    return blocks


def _way_back(form: Form) -> list[Block]:
    """Back to the page before, to the summary or to the menu; what is typed on this page is not kept."""
    if form.ref.then == Then.SETTINGS:
        menu = encode(InitiativeRef(form.ref.initiative))
        return [kit.actions(kit.button("Back to settings", act.SETTINGS_MENU, menu))]
    if form.ref.then == Then.REVIEW or form.page is Page.PILOT:
        return []
    before = PAGES[PAGES.index(form.page) - 1]
    back = encode(IntakeRef(form.ref.initiative, before, Then.NEW))
    return [kit.actions(kit.button("Back", act.INTAKE_PAGE, back, says="Back to the page before"))]


def invite_me(home_channel: str) -> str:
    """How the bot gets into the home channel."""
    return (
        f"I'm not in {kit.channel(home_channel)} yet, so I can't post there. "
        "Somebody in that channel types `/invite @Slipway` there; nothing else is needed."
    )
