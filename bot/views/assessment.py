"""The assessment's messages: a round's preview, its progress, the first screen, and what leads see first.

The first screen is ten lines at most; everything else waits behind its buttons (`assessment_details`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from slack_sdk.models.blocks import Block, ButtonElement, ConfirmObject

from bot.views import actions as act
from bot.views import kit
from bot.views.actions import RoundPage, RoundRef, encode
from bot.views.figures import (
    COLOUR_MARKS,
    COLOUR_WORDS,
    Colour,
    ConditionFigures,
    Figures,
    Gap,
    final_line,
    headline,
    number,
    who_says_what,
)
from bot.views.limits import fit
from bot.views.render import Message, message, page

TOP: Final = 5
PEOPLE_PER_PAGE: Final = 40
PICTURE_ALT: Final = 1_000
"""The words for a picture may be a file's `alt_txt` as well, which stops at this length."""


@dataclass(frozen=True, slots=True)
class GroupToAsk:
    """One group as the facilitator sees it before a round opens."""

    group: str
    people: int
    questions: int
    minutes: int


@dataclass(frozen=True, slots=True)
class DiagnosePreview:
    """What opening round 1 would do."""

    round: str
    initiative: str
    groups: Sequence[GroupToAsk]
    answer_by: datetime
    """In the facilitator's zone."""
    waiting_for: Sequence[str] = ()
    """What must happen first, a sentence each; while there is any, the round can't open."""


ProgressState = Literal["invited", "answering", "paused", "finished", "declined", "unreachable"]


@dataclass(frozen=True, slots=True)
class PersonProgress:
    """How far one person has come. Never what they said."""

    who: str
    """A mention (`kit.person`) or a name as it was typed."""
    group: str
    answered: int
    total: int
    state: ProgressState


@dataclass(frozen=True, slots=True)
class RoundProgress:
    """Who has answered how much, before a round closes."""

    round: str
    initiative: str
    number: int
    people: Sequence[PersonProgress]
    closes: datetime | None = None
    may_close: bool = False
    """True when the reader may close the round now."""


_STATES: Final = {
    "invited": "not started",
    "answering": "answering",
    "paused": "paused",
    "finished": "finished",
    "declined": "passed on",
    "unreachable": "can't be reached",
}


def diagnose_preview(preview: DiagnosePreview) -> Message:
    """`Writes to 9 people, answers by Thursday`, to be confirmed before anybody is written to."""
    ref = encode(RoundRef(preview.round))
    people = sum(group.people for group in preview.groups)
    if preview.waiting_for:
        reasons = "\n".join(f"• {kit.said(reason)}" for reason in preview.waiting_for)
        name = kit.said(preview.initiative)
        return message([kit.section(f"Round 1 for *{name}* can't open yet. Still needed:\n{reasons}")])
    lines = "\n".join(
        f"• {kit.said(group.group)}: {kit.plural(group.people, 'person', 'people')}, "
        f"{kit.plural(group.questions, 'question')}, about {kit.plural(group.minutes, 'minute')} each"
        for group in preview.groups
    )
    writes = f"Writes to {kit.plural(people, 'person', 'people')}"
    return message(
        [
            kit.section(
                f"*Open round 1 for {kit.said(preview.initiative)}?*\n"
                f"{writes}, answers by {kit.moment(preview.answer_by)}.\n{lines}"
            ),
            kit.context(
                "The round is blind: until it closes, everybody, you included, sees only who has answered "
                "how much."
            ),
            kit.actions(
                kit.button(
                    "Open round 1", act.DIAGNOSE_CONFIRM, ref, style="primary", says=f"{writes} and open"
                ),
                kit.button("Not yet", act.DIAGNOSE_CANCEL, ref, says="Do not open round 1 yet"),
            ),
        ]
    )


def round_opened(preview: DiagnosePreview) -> Message:
    """What the preview turns into once round 1 is open."""
    people = sum(group.people for group in preview.groups)
    return message(
        [
            kit.section(
                f"Round 1 for *{kit.said(preview.initiative)}* is open: I am writing to "
                f"{kit.plural(people, 'person', 'people')}, answers by {kit.moment(preview.answer_by)}. "
                "`/slipway gaps` shows who has answered how much."
            )
        ]
    )


def round_progress(progress: RoundProgress, number_of_page: int = 0) -> Message:
    """Who has answered how much; no answers, for nobody, until the round closes."""
    shown = page(progress.people, number_of_page, PEOPLE_PER_PAGE)
    asked = [person for person in progress.people if person.state != "declined"]
    finished = sum(person.state == "finished" for person in asked)
    lines = "\n".join(
        f"{each.who} ({kit.said(each.group)}): {each.answered} of {each.total}, {_STATES[each.state]}"
        for each in shown.items
    )
    closes = f" It closes {kit.moment(progress.closes)} at the latest." if progress.closes else ""
    ref = encode(RoundRef(progress.round))
    buttons = [
        kit.button(label, act.PROGRESS_PAGE, encode(RoundPage(progress.round, to)))
        for label, to in (("Earlier", shown.earlier), ("More", shown.later))
        if to is not None
    ]
    if progress.may_close:
        buttons.append(_close_button(progress, len(asked) - finished, ref))
    return message(
        [
            kit.section(
                f"*{kit.said(progress.initiative)}, round {progress.number}*: "
                f"{finished} of {len(asked)} have finished.{closes}"
            ),
            kit.section(lines or "Nobody has been asked yet."),
            kit.context("What was answered stays hidden until the round closes, for everybody."),
            *([kit.actions(*buttons)] if buttons else []),
        ]
    )


def _close_button(progress: RoundProgress, open_: int, ref: str) -> ButtonElement:
    missing = (
        f"{kit.plural(open_, 'person has', 'people have')} not finished. What they have not answered counts "
        "as “don't know”."
        if open_
        else "Everybody has finished."
    )
    ask = kit.confirm(
        "Close this round?", f"{missing} It can't be opened again.", "Close it", danger=bool(open_)
    )
    return kit.button("Close now", act.CLOSE_ROUND, ref, says=f"Close round {progress.number} now", ask=ask)


def first_screen(figures: Figures, picture: str | None = None, *, names: bool = False) -> Message:
    """The assessment in ten lines. `picture` is the Slack file id of its picture, once it was uploaded.

    `names` adds the facilitator's own button; never where anybody else reads.
    """
    return message([*_screen(figures, picture), kit.actions(*_buttons(figures, names=names))])


def leads_preview(
    figures: Figures, posts_at: datetime, picture: str | None = None, *, names: bool = False
) -> Message:
    """What owner and leads see one working day before the channel does; `names` as in `first_screen`."""
    ref = encode(RoundRef(figures.round))
    return message(
        [
            kit.section(
                f"You see this first. It is posted to the channel {kit.moment(posts_at)} by itself. If a "
                "fact is wrong, please correct it before; an opinion you don't share is what round 2 is for."
            ),
            *_screen(figures, picture),
            kit.actions(
                kit.button("Correct a fact", act.CORRECT_FACT, ref, says="Correct a fact in this assessment"),
                kit.button("Post now", act.POST_NOW, ref, says="Post to the channel now", ask=_post_now()),
            ),
            kit.actions(*_buttons(figures, names=names)),
        ]
    )


def _post_now() -> ConfirmObject:
    return kit.confirm("Post it now?", "Everybody in the channel will see it.", "Post it", "Wait")


def _screen(figures: Figures, picture: str | None) -> list[Block]:
    lines = [f"*{headline(figures)}*", *_condition_lines(figures)]
    lines += [f"{place}. {_top_line(gap)}" for place, gap in enumerate(_top(figures), start=1)]
    if figures.alternatives:
        lines.append(_alternatives(figures))
    return [
        kit.section("\n".join(lines)),
        kit.context(" · ".join(_small_print(figures))),
        *([kit.image(picture_alt(figures), file_id=picture)] if picture else []),
    ]


def _top(figures: Figures) -> Sequence[Gap]:
    return (figures.blocking or figures.gaps)[:TOP]


def _condition_lines(figures: Figures) -> list[str]:
    """Red ones on a line, all others on the next: two lines at most, a word with every colour."""
    red = [each for each in figures.worst_first if each.colour == "red"]
    parts = [_by_colour(colour, figures.worst_first) for colour in ("amber", "green")]
    return [line for line in (_by_colour("red", red), " ".join(filter(None, parts))) if line]


def _by_colour(colour: Colour, conditions: Sequence[ConditionFigures]) -> str:
    names = ", ".join(
        f"{each.name} {each.blocking} of {each.total}" if colour == "red" else each.name
        for each in conditions
        if each.colour == colour
    )
    return f"{COLOUR_MARKS[colour]} {COLOUR_WORDS[colour]}: {kit.said(names)}." if names else ""


def _top_line(gap: Gap) -> str:
    return f"*{kit.said(gap.title)}*: {kit.said(who_says_what(gap.groups))}; {gap.required} needed"


def _alternatives(figures: Figures) -> str:
    return " ".join(f"If {kit.said(each.label)}: {each.blocking}." for each in figures.alternatives)


def _small_print(figures: Figures) -> list[str]:
    parts = []
    if figures.unheard_groups:
        groups = kit.said(kit.listed(figures.unheard_groups))
        parts.append(f":warning: Incomplete: nothing from {groups} yet, which counts as “don't know”")
    elif not figures.complete:
        parts.append(":warning: Incomplete: some have not answered everything yet")
    if figures.round_two_until:
        parts.append(f"Round 2 open until {kit.moment(figures.round_two_until)}")
    parts.append(f"{kit.said(figures.initiative)}: {final_line(figures.counts, figures.overall_index)}")
    return parts


def _buttons(figures: Figures, *, names: bool = False) -> list[ButtonElement]:
    first = encode(RoundPage(figures.round, 0))
    count = len(figures.blocking)
    label, says = (
        (f"All {count}", f"Show all {count} that block") if count else ("All gaps", "Show every gap")
    )
    plan = encode(RoundRef(figures.round))
    return [
        kit.button(label, act.SHOW_GAPS, first, says=says),
        kit.button("Where you differ", act.SHOW_DIFFERENCES, first, says="Show where the groups differ"),
        kit.button("How this is scored", act.SHOW_SCORING, first),
        *([kit.button("Who said what", act.SHOW_NAMES, first)] if names else []),
        kit.button("Plan it", act.PLAN_IT, plan, style="primary", says="Make a plan from this"),
    ]


def picture_alt(figures: Figures) -> str:
    """The picture in words: the conditions and where the groups differ most."""
    conditions = "; ".join(
        f"{each.name}: {COLOUR_WORDS[each.colour].lower()}, index {number(each.index)}, "
        f"{each.blocking} of {each.total} block"
        for each in figures.worst_first
    )
    differ = "; ".join(f"{gap.title} ({who_says_what(gap.groups)})" for gap in figures.perception_gaps)
    tail = f"The groups differ most on: {differ}." if differ else "No two groups are two levels apart."
    words = f"{headline(figures)} Five conditions. {conditions}. A map shows each group's answer. {tail}"
    return fit(words, PICTURE_ALT)


def updated(figures: Figures, blocked_before: int, reason: str) -> Message:
    """Tells owner and leads that the assessment changed, because the profile did. `reason` is a sentence."""
    again = f"The assessment of *{kit.said(figures.initiative)}* was worked out again: {kit.said(reason)}"
    before = f"Before this, {blocked_before} blocked. The answers are the same."
    return message(
        [
            kit.section(f"{again}\n*{headline(figures)}* {before}"),
            kit.actions(*_buttons(figures)),
        ]
    )
