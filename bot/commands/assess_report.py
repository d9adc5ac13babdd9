"""An assessment as a report on a terminal: the verdict first, then why, then what could be done.

Words and layout only. Every colour has its word beside it, so that neither a pipe nor an eye loses it.
"""

from collections.abc import Iterable

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from bot.method.answers import GroupAnswer
from bot.method.assessment import Assessment, CriterionResult
from bot.method.patterns import PatternState
from bot.method.rollup import Colour, ConditionResult, Verdict
from bot.playbook.base import Status
from bot.playbook.faults import printable
from bot.playbook.model import Playbook
from bot.playbook.rules import CAPACITY_WINDOW

TOP_GAPS = 5

_VERDICTS: dict[Verdict, tuple[str, str]] = {
    "not_ready": ("Not ready for production", "bold red"),
    "ready_with_mitigations": ("Ready for production, with mitigations", "bold yellow"),
    "ready": ("Ready for production", "bold green"),
}

_COLOURS: dict[Colour, str] = {"red": "red", "amber": "yellow", "green": "green"}

_COLOUR_ORDER: tuple[Colour, ...] = ("red", "amber", "green")

_STATUS_WORDS: dict[Status, str] = {
    "blocking": "blocking",
    "unknown": "unknown",
    "manageable": "manageable",
    "proof_gap": "not proven",
    "met": "met",
    "not_applicable": "not applicable",
}

_PATTERN_STYLES: dict[PatternState, str] = {"likely": "red", "possible": "yellow"}

_ANSWER_WORDS: dict[GroupAnswer, str] = {"dk": "don't know", "na": "does not apply"}


def report(playbook: Playbook, assessment: Assessment, name: str) -> RenderableType:
    """The whole report of one file called `name`."""
    sections = (
        _head(playbook, assessment, name),
        _conditions(playbook, assessment),
        _top_gaps(playbook, assessment),
        _other_blocking(playbook, assessment),
        _unknown(playbook, assessment),
        _unproven(playbook, assessment),
        _differences(playbook, assessment),
        _patterns(playbook, assessment),
        _effort(playbook, assessment),
        _lower_autonomy(assessment),
    )
    return Group(*_spaced(section for section in sections if section is not None))


def _spaced(sections: Iterable[RenderableType]) -> Iterable[RenderableType]:
    for number, section in enumerate(sections):
        if number:
            yield ""
        yield section


def _section(title: str, *content: RenderableType) -> RenderableType:
    return Group(Text(title, style="bold"), *(Padding(part, (0, 0, 0, 2)) for part in content))


def _grid(*columns: str) -> Table:
    """A table without lines; a column named "wide" takes the room that is left, "right" aligns numbers."""
    table = Table.grid(padding=(0, 2))
    for column in columns:
        table.add_column(
            justify="right" if column == "right" else "left",
            ratio=1 if column == "wide" else None,
            no_wrap=column != "wide",
        )
    table.expand = "wide" in columns
    return table


def _head(playbook: Playbook, assessment: Assessment, name: str) -> RenderableType:
    words, style = _VERDICTS[assessment.verdict]
    applicable = sum(assessment.counts.values()) - assessment.counts["not_applicable"]
    blocking = assessment.counts["blocking"]
    verdict = Text(f"{words}: {blocking} of {applicable} block", style=style)
    counted = ", ".join(
        f"{count} {_STATUS_WORDS[status]}" for status, count in assessment.counts.items() if count
    )
    version = f"{playbook.id} {playbook.version}"
    lines: list[RenderableType] = [Text(f"{printable(name)} · {version}", style="dim"), verdict]
    lines.append(Text(f"{counted}.{_index(playbook, assessment)}"))
    if assessment.purgatory_flag:
        red = sum(condition.colour == "red" for condition in assessment.conditions.values())
        lines.append(Text(f"{red} conditions are red at once: this is where pilots get stuck."))
    if not assessment.complete:
        lines.append(_incomplete(playbook, assessment))
    return Group(*lines)


def _index(playbook: Playbook, assessment: Assessment) -> str:
    if assessment.overall_index is None:
        return ""
    lowest = min(
        (one for one in assessment.conditions.items() if one[1].index is not None),
        key=lambda one: one[1].index or 0,
    )
    return f" Overall index {assessment.overall_index:.2f}, set by {playbook.condition_names[lowest[0]]}."


def _incomplete(playbook: Playbook, assessment: Assessment) -> Text:
    names = ", ".join(playbook.group_names[group] for group in assessment.unheard_groups)
    who = f"not heard yet: {names}" if names else "some answers are still to come"
    return Text(f'Incomplete, {who}. What nobody answered counts as "don\'t know".', style="yellow")


def _conditions(playbook: Playbook, assessment: Assessment) -> RenderableType:
    table = _grid("left", "left", "right", "right", "wide")
    for name, condition in sorted(assessment.conditions.items(), key=lambda one: _worst_first(one[1])):
        table.add_row(
            playbook.condition_names[name],
            Text(condition.colour, style=_COLOURS[condition.colour]),
            f"{condition.blocking} block" if condition.blocking else "none block",
            "-" if condition.index is None else f"{condition.index:.2f}",
            _bar(condition.index),
        )
    return _section("Conditions, worst first (index: share of the needed levels that is reached)", table)


def _worst_first(condition: ConditionResult) -> tuple[int, int, float]:
    index = 1.0 if condition.index is None else condition.index
    return (_COLOUR_ORDER.index(condition.colour), -condition.blocking, index)


def _bar(index: float | None, width: int = 15) -> Text:
    filled = round((index or 0) * width)
    return Text("#" * filled + "." * (width - filled), style="dim")


def _top_gaps(playbook: Playbook, assessment: Assessment) -> RenderableType | None:
    top = assessment.gaps("blocking")[:TOP_GAPS]
    if not top:
        return None
    parts: list[RenderableType] = []
    for number, result in enumerate(top, start=1):
        criterion = playbook.criterion(result.id)
        parts.append(Text(f"{number}. {criterion.title}", style="bold"))
        parts.append(Padding(Text(f"{printable(result.why)}."), (0, 0, 0, 3)))
        parts.append(Padding(_remedy(playbook, result), (0, 0, 0, 3)))
    return _section("What to settle first", *parts)


def _remedy(playbook: Playbook, result: CriterionResult) -> Text:
    remediation = playbook.criterion(result.id).remediation
    owner = playbook.group_names[remediation.owner]
    when = f"{owner}, {remediation.effort_days} days in weeks {remediation.window}"
    return Text(f"To do: {remediation.task} ({when}).", style="dim")


def _listed(playbook: Playbook, results: Iterable[CriterionResult]) -> Table:
    table = _grid("wide", "right", "right")
    for result in results:
        level = "?" if result.effective is None else str(result.effective)
        title = playbook.criterion(result.id).title
        table.add_row(title, f"{level} of {result.required}", result.criticality)
    return table


def _other_blocking(playbook: Playbook, assessment: Assessment) -> RenderableType | None:
    others = assessment.gaps("blocking")[TOP_GAPS:]
    return _section("Blocking as well", _listed(playbook, others)) if others else None


def _unknown(playbook: Playbook, assessment: Assessment) -> RenderableType | None:
    unknown = assessment.gaps("unknown")
    return _section("Nobody can say yet", _listed(playbook, unknown)) if unknown else None


def _unproven(playbook: Playbook, assessment: Assessment) -> RenderableType | None:
    unproven = assessment.gaps("proof_gap")
    return (
        _section("Good enough as claimed, not yet shown", _listed(playbook, unproven)) if unproven else None
    )


def _differences(playbook: Playbook, assessment: Assessment) -> RenderableType | None:
    gaps = [assessment.criteria[name] for name in assessment.perception_gaps]
    if not gaps:
        return None
    parts: list[RenderableType] = []
    for result in gaps:
        parts.append(Text(playbook.criterion(result.id).title))
        parts.append(Padding(_levels(playbook, result), (0, 0, 0, 2)))
    title = "Where groups see it two levels or more apart"
    if assessment.alignment is not None:
        title += f" (alignment {assessment.alignment:.2f})"
    return _section(title, *parts)


def _levels(playbook: Playbook, result: CriterionResult) -> Text:
    answers = {group: _ANSWER_WORDS.get(answer, answer) for group, answer in result.groups.items()}
    listed = ", ".join(f"{playbook.group_names[group]}: {answer}" for group, answer in answers.items())
    return Text(listed, style="dim")


def _patterns(playbook: Playbook, assessment: Assessment) -> RenderableType | None:
    table = _grid("left", "wide")
    for state, style in _PATTERN_STYLES.items():
        for pattern in playbook.failure_patterns:
            if assessment.patterns[pattern.id] == state:
                words = Text.assemble(f"{pattern.name}. ", (pattern.plain, "dim"))
                table.add_row(Text(state, style=style), words)
    return _section("Failure patterns seen", table) if table.row_count else None


def _effort(playbook: Playbook, assessment: Assessment) -> RenderableType | None:
    effort = assessment.blocking_effort_days
    if not effort:
        return None
    groups = [group for group in playbook.group_names if any(group in days for days in effort.values())]
    table = _grid("left", *("right" for _ in effort))
    table.add_row("", *(f"weeks {window}" for window in effort), style="dim")
    for group in groups:
        days = (str(inside.get(group, "-")) for inside in effort.values())
        table.add_row(playbook.group_names[group], *days)
    over = (
        Text(
            f"{playbook.group_names[group]}: {days:g} more than they have in weeks {CAPACITY_WINDOW}.", "red"
        )
        for group, days in assessment.over_capacity.items()
    )
    return _section("Days of work that blocking gaps ask for", table, *over)


def _lower_autonomy(assessment: Assessment) -> RenderableType | None:
    if not assessment.lower_autonomy:
        return None
    table = _grid("right", "wide")
    for alternative in assessment.lower_autonomy:
        table.add_row(f"{alternative.counts['blocking']} block", alternative.label)
    now = assessment.counts["blocking"]
    return _section(f"If it did less by itself at first (now {now} block)", table)
