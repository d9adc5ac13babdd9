"""What waits behind the assessment's buttons, in paged modals: gaps, differences, scoring, corrections."""

from collections.abc import Sequence
from typing import Final

from slack_sdk.models.blocks import Block

from bot.views import actions as act
from bot.views import kit, limits
from bot.views.actions import RoundPage, RoundRef, encode
from bot.views.figures import COLOUR_WORDS, STATUS_WORDS, Figures, Gap, number, who_says_what
from bot.views.limits import fit
from bot.views.render import Message, Modal, Page, message, modal, page

GAPS_PER_PAGE: Final = 8
CRITERION: Final = "criterion"
CORRECTION: Final = "correction"
LINK: Final = "link"

HOW_SCORED: Final = (
    "*How this is scored*\n"
    "• What this pilot does by itself, with whose data and at what speed sets the level each point needs.\n"
    "• Within a group the lower middle answer counts; one loud or one doubtful voice does not move it.\n"
    "• The group that has to live with a point decides it, but at most one level above the most doubtful "
    "group.\n"
    "• Without anything to look at, a level stops at 2; with a link at 3; checked by somebody outside the "
    "group at 4.\n"
    "• A hard point blocks below what it needs (below 3 where it needs 4). Most others may be one level "
    "short for a while, if somebody owns that; a few only slow you down and never block.\n"
    "• A condition is as good as its worst point, the whole as its worst condition. Nothing is averaged away."
)


def gaps_modal(figures: Figures, number_of_page: int = 0) -> Modal:
    """Every gap with its why, blocking ones first, a page at a time."""
    shown = page(figures.gaps, number_of_page, GAPS_PER_PAGE)
    blocks = [
        kit.section(_gap_text(place, gap)) for place, gap in enumerate(shown.items, start=shown.first + 1)
    ]
    return _paged("Every gap", figures, shown, act.SHOW_GAPS, blocks, "Nothing falls short. Well done!")


def _gap_text(place: int, gap: Gap) -> str:
    counts = "unknown" if gap.effective is None else str(gap.effective)
    remedy = f"\n_What closes it:_ {kit.said(gap.remedy)}" if gap.remedy else ""
    return fit(
        f"*{place}. {kit.said(gap.title)}* – {STATUS_WORDS[gap.status]}\n"
        f"{kit.said(gap.condition)} · needs {gap.required}, counts as {counts} · "
        f"{kit.said(who_says_what(gap.groups))}\n{kit.said(gap.why)}{remedy}",
        2_000,
    )


def differences_modal(figures: Figures, number_of_page: int = 0) -> Modal:
    """Where groups are two or more levels apart, and what those who have to live with it can't see."""
    apart = {gap.criterion for gap in figures.perception_gaps}
    unseen = {gap.criterion for gap in figures.visibility_gaps}
    both = [*figures.perception_gaps, *(gap for gap in figures.visibility_gaps if gap.criterion not in apart)]
    shown = page(both, number_of_page, GAPS_PER_PAGE)
    blocks = [
        kit.section(_difference_text(gap, apart=gap.criterion in apart, unseen=gap.criterion in unseen))
        for gap in shown.items
    ]
    empty = "No two groups are two levels apart, and everybody sees what they have to live with."
    return _paged("Where you differ", figures, shown, act.SHOW_DIFFERENCES, blocks, empty)


def _difference_text(gap: Gap, *, apart: bool, unseen: bool) -> str:
    who = next((each.group for each in gap.groups if each.decides), "who has to live with it")
    what = ["the groups see it differently"] * apart + [f"{who} can't see it"] * unseen
    return fit(
        f"*{kit.said(gap.title)}*: {kit.said(', and '.join(what))}\n"
        f"{kit.said(who_says_what(gap.groups))}; {gap.required} needed\n{kit.said(gap.why)}",
        2_000,
    )


def scoring_modal(figures: Figures) -> Modal:
    """The rules in plain words, the index per condition, and the failure patterns that were seen."""
    rows = "\n".join(
        f"• {kit.said(each.name)}: {number(each.index)} – {COLOUR_WORDS[each.colour].lower()}"
        for each in figures.worst_first
    )
    alike = (
        f"\nThe groups' picture is the same to {figures.alignment:.0%}. This is shown, never scored."
        if figures.alignment is not None
        else ""
    )
    return modal(
        "assessment.scoring",
        "How this is scored",
        [
            kit.section(HOW_SCORED),
            kit.section(
                f"*Index: share of what is needed*\n{rows}\n"
                f"Overall {number(figures.overall_index)}, the lowest of them.{alike}"
            ),
            kit.section(_patterns(figures)),
        ],
    )


def _patterns(figures: Figures) -> str:
    seen = [each for each in figures.patterns if each.likelihood != "not_seen"]
    if not seen:
        return "*Ways in which pilots fail*\nNone of them was seen here."
    ordered = sorted(seen, key=lambda each: each.likelihood != "likely")
    lines = "\n".join(
        f"• *{kit.said(each.name)}* ({each.likelihood}): {kit.said(each.plain)}" for each in ordered
    )
    return f"*Ways in which pilots fail, seen here*\n{lines}"


def _paged(
    title: str,
    figures: Figures,
    shown: Page[Gap],
    route: str,
    blocks: Sequence[Block],
    empty: str,
) -> Modal:
    turns = [
        kit.button(
            label,
            act.TURN_PAGE,
            encode(RoundPage(figures.round, to)),
            says=f"{label}: page {to + 1} of {shown.pages}",
        )
        for label, to in (("Earlier", shown.earlier), ("More", shown.later))
        if to is not None
    ]
    where = f"Page {shown.number + 1} of {shown.pages} · {kit.said(figures.initiative)}"
    return modal(
        route,
        title,
        [
            *([kit.context(where)] if shown.pages > 1 else []),
            *(blocks or [kit.section(empty)]),
            *([kit.actions(*turns)] if turns else []),
        ],
        metadata=encode(RoundPage(figures.round, shown.number)),
    )


def correct_fact_modal(figures: Figures) -> Modal:
    """A fact that is wrong in the assessment, said by owner or lead; the facilitator decides what follows."""
    titles = [kit.option(gap.title, gap.criterion) for gap in figures.gaps[: limits.SELECT_OPTIONS - 1]]
    elsewhere = kit.option("Something else", "other")
    return modal(
        act.CORRECT_FACT_SUBMIT,
        "Correct a fact",
        [
            kit.section(
                "A fact is something that can be looked up. The answers people gave stay as they are; the "
                "facilitator reads this and sees to it before the assessment is posted."
            ),
            kit.field("Which point?", kit.select([*titles, elsewhere]), CRITERION),
            kit.field("What is the case?", kit.text_input(multiline=True, at_most=1_500), CORRECTION),
            kit.field(
                "Where can it be looked up?", kit.url_input(placeholder="https://…"), LINK, optional=True
            ),
        ],
        submit="Send",
        close="Cancel",
        metadata=encode(RoundRef(figures.round)),
    )


def fact_to_correct(initiative: str, who: str, title: str, correction: str, link: str = "") -> Message:
    """Tells the facilitator what owner or lead says is wrong. `who` is a Slack id."""
    where = f"\n{kit.link(link, link)}" if link else ""
    return message(
        [
            kit.section(
                f"{kit.person(who)} says that a fact is wrong in the assessment of *{kit.said(initiative)}*: "
                f"*{kit.said(title)}*\n{kit.quoted(correction, 1_500)}{where}"
            ),
            kit.context(
                "If it changes an answer, please ask the person who gave it to change it in round 2. If the "
                "profile is wrong, `/slipway settings` corrects it and I work everything out again."
            ),
        ]
    )
