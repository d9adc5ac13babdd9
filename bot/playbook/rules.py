"""What must agree within a playbook: names that are used exist, nothing runs in circles, nothing is idle.

Each rule takes the playbook and yields the faults it finds, with the path in the file. Reads no file.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Protocol

from bot.playbook.base import STATUSES
from bot.playbook.faults import Fault, path_of, shown
from bot.playbook.model import Criterion, Playbook
from bot.playbook.programme import (
    CapacityCheck,
    Check,
    CoverageCheck,
    CriteriaMetCheck,
    CriteriaStatusCheck,
    MetricCheck,
    StatusCountCheck,
)

CAPACITY_WINDOW = "5-8"
"""The window whose days each group's lead is asked for: infrastructure work, where the effort lies."""

Faults = Iterator[Fault]


class _Named(Protocol):
    @property
    def id(self) -> str: ...


def faults_in(playbook: Playbook) -> list[Fault]:
    """Every broken rule, in the order of the rules."""
    return [fault for rule in _RULES for fault in rule(playbook)]


def _one_of(names: Iterable[str]) -> str:
    return "one of " + ", ".join(names)


def _known(path: str, name: str, names: Iterable[str]) -> Faults:
    names = tuple(names)
    if name not in names:
        yield Fault(path, _one_of(names), shown(name))


def _all_known(path: str, used: Iterable[str], names: Iterable[str]) -> Faults:
    names = tuple(names)
    for index, name in enumerate(used):
        yield from _known(f"{path}[{index}]", name, names)


def _unique(path: str, ids: Iterable[object], key: str = ".id") -> Faults:
    seen: set[object] = set()
    for index, name in enumerate(ids):
        if name in seen:
            yield Fault(f"{path}[{index}]{key}", "an id used once", f"{shown(name)} again")
        seen.add(name)


def _ids(named: Sequence[_Named]) -> list[str]:
    return [one.id for one in named]


def _unique_ids(playbook: Playbook) -> Faults:
    lists: dict[str, Sequence[_Named]] = {
        "groups": playbook.groups,
        "conditions": playbook.conditions,
        "failure_patterns": playbook.failure_patterns,
        "profile_factors": playbook.profile_factors,
        "windows": playbook.windows,
        "criteria": playbook.criteria,
        "plan.phases": playbook.plan.phases,
        "plan.weekly_checkin.core_questions": playbook.plan.weekly_checkin.core_questions,
        "gates": playbook.gates,
        "escalation.rules": playbook.escalation.rules,
        "metrics": playbook.metrics,
    }
    for path, named in lists.items():
        yield from _unique(path, _ids(named))
    for index, factor in enumerate(playbook.profile_factors):
        yield from _unique(path_of("profile_factors", index, "values"), _ids(factor.values))
    for index, gate in enumerate(playbook.gates):
        yield from _unique(path_of("gates", index, "must"), _ids(gate.must))
        yield from _unique(path_of("gates", index, "should"), _ids(gate.should))
    yield from _unique("plan.weeks", (week.week for week in playbook.plan.weeks), ".week")
    yield from _unique("escalation.ladder", (rung.level for rung in playbook.escalation.ladder), ".level")


def _scale(playbook: Playbook) -> Faults:
    levels = [level.level for level in playbook.scale.levels]
    if levels != [0, 1, 2, 3, 4]:
        yield Fault("scale.levels", "the levels 0, 1, 2, 3, 4 in this order", ", ".join(map(str, levels)))
    extra = _ids(playbook.scale.extra_answers)
    if sorted(extra) != ["dk", "na"]:
        yield Fault("scale.extra_answers", "dk and na, each once", ", ".join(extra))


def _scoring(playbook: Playbook) -> Faults:
    if playbook.scoring.statuses.order_worst_first != STATUSES:
        yield Fault("scoring.statuses.order_worst_first", "the order " + ", ".join(STATUSES))
    caps = playbook.scoring.evidence_caps
    if not caps.none <= caps.linked <= caps.verified:
        yield Fault("scoring.evidence_caps", "better evidence to carry no less: none <= linked <= verified")
    for name in ("rejected", "expired"):
        if getattr(caps, name) > caps.linked:
            yield Fault(f"scoring.evidence_caps.{name}", "no more than linked carries")


def _criteria(playbook: Playbook) -> Faults:
    for index, criterion in enumerate(playbook.criteria):
        path = path_of("criteria", index)
        yield from _known(f"{path}.condition", criterion.condition, playbook.condition_names)
        yield from _asked(path, criterion, playbook)
        yield from _texts(path, criterion, playbook)
        yield from _levels(path, criterion)
        yield from _all_known(f"{path}.patterns", criterion.patterns, _ids(playbook.failure_patterns))
        yield from _remediation(f"{path}.remediation", criterion, playbook)


def _asked(path: str, criterion: Criterion, playbook: Playbook) -> Faults:
    for group in criterion.asks:
        if group not in playbook.group_names:
            yield Fault(f"{path}.asks.{group}", _one_of(playbook.group_names), shown(group))
    yield from _known(f"{path}.authority", criterion.authority, criterion.asks or playbook.group_names)
    if criterion.authority in playbook.group_names and criterion.authority not in criterion.asks:
        yield Fault(f"{path}.asks.{criterion.authority}", "a question for the authority, which is missing")


def _texts(path: str, criterion: Criterion, playbook: Playbook) -> Faults:
    limits = playbook.limits
    for level in range(5):
        anchor = criterion.anchors.get(level)
        if anchor is None:
            yield Fault(f"{path}.anchors.{level}", "a text for this level, which is missing")
        else:
            yield from _fits(f"{path}.anchors.{level}", anchor, limits.anchor_max_chars)
    for level in sorted(criterion.anchors.keys() - set(range(5))):
        yield Fault(f"{path}.anchors.{level}", "no such level: 0 to 4")
    for group, question in criterion.asks.items():
        yield from _fits(f"{path}.asks.{group}", question, limits.question_max_chars)
    yield from _fits(f"{path}.title", criterion.title, limits.title_max_chars)


def _fits(path: str, text: str, longest: int) -> Faults:
    if not text.strip():
        yield Fault(path, "some words")
    if len(text) > longest:
        yield Fault(path, f"at most {longest} characters", str(len(text)))


def _levels(path: str, criterion: Criterion) -> Faults:
    for index, raised in enumerate(criterion.required.raises):
        if raised.to <= criterion.required.base:
            expected = f"a level above the base, {criterion.required.base}"
            yield Fault(f"{path}.required.raise[{index}].to", expected, str(raised.to))


def _remediation(path: str, criterion: Criterion, playbook: Playbook) -> Faults:
    remediation = criterion.remediation
    yield from _known(f"{path}.owner", remediation.owner, playbook.group_names)
    windows = _ids(playbook.windows)
    yield from _known(f"{path}.window", remediation.window, windows)
    for index, name in enumerate(remediation.depends_on):
        place = f"{path}.depends_on[{index}]"
        before = playbook.by_id.get(name)
        if before is None:
            yield Fault(place, "the id of a criterion", shown(name))
        elif _is_later(before.remediation.window, remediation.window, windows):
            expected = f"a criterion closed in window {remediation.window} or earlier"
            yield Fault(place, expected, f"{name} in {before.remediation.window}")


def _is_later(one: str, other: str, windows: list[str]) -> bool:
    return one in windows and other in windows and windows.index(one) > windows.index(other)


def _conditions_of_profile(playbook: Playbook) -> Faults:
    for index, criterion in enumerate(playbook.criteria):
        path = path_of("criteria", index)
        for number, raised in enumerate(criterion.required.raises):
            yield from _when(f"{path}.required.raise[{number}].when", raised.when, playbook)
        for number, harden in enumerate(criterion.harden):
            yield from _when(f"{path}.harden[{number}].when", harden.when, playbook)
        for number, when in enumerate(criterion.applies_when):
            yield from _when(f"{path}.applies_when[{number}]", when, playbook)


def _when(path: str, when: dict[str, str], playbook: Playbook) -> Faults:
    for factor, value in when.items():
        if factor not in playbook.ranks:
            yield Fault(f"{path}.{factor}", "the id of a profile factor", shown(factor))
        else:
            yield from _known(f"{path}.{factor}", value, playbook.ranks[factor])


def _dependency_cycles(playbook: Playbook) -> Faults:
    waiting = {c.id: set(c.remediation.depends_on) & playbook.by_id.keys() for c in playbook.criteria}
    while free := {name for name, before in waiting.items() if not before & waiting.keys()}:
        waiting = {name: before for name, before in waiting.items() if name not in free}
    if not waiting:
        return
    cycle = _cycle_in(waiting)
    index = [c.id for c in playbook.criteria].index(cycle[0])
    path = path_of("criteria", index, "remediation", "depends_on")
    yield Fault(path, "no dependency in a circle", " -> ".join(cycle))


def _cycle_in(waiting: dict[str, set[str]]) -> list[str]:
    """One circle among criteria that all wait for one of themselves; first and last are the same."""
    walked = [min(waiting)]
    while True:
        step = min(waiting[walked[-1]] & waiting.keys())
        if step in walked:
            return [*walked[walked.index(step) :], step]
        walked.append(step)


def _nothing_idle(playbook: Playbook) -> Faults:
    used = {pattern for criterion in playbook.criteria for pattern in criterion.patterns}
    for index, pattern in enumerate(playbook.failure_patterns):
        if pattern.id not in used:
            yield Fault(f"failure_patterns[{index}]", "a pattern that some criterion carries", pattern.id)
    filled = Counter(criterion.condition for criterion in playbook.criteria)
    for index, condition in enumerate(playbook.conditions):
        if not filled[condition.id]:
            yield Fault(f"conditions[{index}]", "a condition with criteria", condition.id)


def _windows(playbook: Playbook) -> Faults:
    if CAPACITY_WINDOW not in _ids(playbook.windows):
        expected = f"a window with the id {CAPACITY_WINDOW}, for which leads are asked their days"
        yield Fault("windows", expected)


def _gates(playbook: Playbook) -> Faults:
    for index, gate in enumerate(playbook.gates):
        for kind, items in (("must", gate.must), ("should", gate.should)):
            for number, item in enumerate(items):
                path = path_of("gates", index, kind, number)
                yield from _check(f"{path}.check", item.check, playbook)
                for extra, check in enumerate(item.also):
                    yield from _check(f"{path}.also[{extra}]", check, playbook)


def _check(path: str, check: Check, playbook: Playbook) -> Faults:
    windows = _ids(playbook.windows)
    match check:
        case CoverageCheck():
            yield from _all_known(f"{path}.groups", check.groups, playbook.group_names)
        case StatusCountCheck():
            yield from _all_known(f"{path}.windows", check.windows or (), windows)
        case CriteriaMetCheck() | CriteriaStatusCheck():
            yield from _all_known(f"{path}.ids", check.ids, playbook.by_id)
        case CapacityCheck():
            yield from _known(f"{path}.window", check.window, [CAPACITY_WINDOW])
        case MetricCheck():
            yield from _known(f"{path}.metric", check.metric, _ids(playbook.metrics))
        case _:
            return


def _programme(playbook: Playbook) -> Faults:
    for index, week in enumerate(playbook.plan.weeks):
        yield from _all_known(path_of("plan.weeks", index, "who"), week.who, playbook.group_names)
    for index, phase in enumerate(playbook.plan.phases):
        first, last = phase.weeks
        if last is not None and last < first:
            yield Fault(path_of("plan.phases", index, "weeks"), "first and last week", f"{first}, {last}")
    rungs = [rung.level for rung in playbook.escalation.ladder]
    for index, rule in enumerate(playbook.escalation.rules):
        for number, step in enumerate(rule.steps):
            if step.level not in rungs:
                path = path_of("escalation.rules", index, "steps", number, "level")
                yield Fault(path, "a level of the ladder", str(step.level))


def _funding(playbook: Playbook) -> Faults:
    funding = playbook.funding
    total = sum(funding.default_slices_percent.values())
    if total != 100:
        yield Fault("funding.default_slices_percent", "slices that make 100", str(total))
    for slice_, gate in funding.released_by.items():
        if slice_ not in funding.default_slices_percent:
            yield Fault(f"funding.released_by.{slice_}", _one_of(funding.default_slices_percent))
        yield from _known(f"funding.released_by.{slice_}", gate, playbook.gates_by_id)
    path = "funding.further_investment_unlocked_by"
    yield from _known(path, funding.further_investment_unlocked_by, playbook.gates_by_id)


_RULES: tuple[Callable[[Playbook], Faults], ...] = (
    _unique_ids,
    _scale,
    _scoring,
    _criteria,
    _conditions_of_profile,
    _dependency_cycles,
    _nothing_idle,
    _windows,
    _gates,
    _programme,
    _funding,
)
