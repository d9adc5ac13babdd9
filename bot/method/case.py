"""A case file's text to what the assessment takes. Says for people which key is wrong; opens no file itself.

A case holds `profile`, `answers`, and if wanted `respondents` and `capacity_days_weeks_5_8`; other keys are
for people and not looked at. Lists are in respondent order, one answer per respondent of the group. Where a
group's respondents are not listed, its size is the length that most of its lists have.
"""

import math
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bot.method.answers import EVIDENCE, Answer, Answers, CriterionAnswers
from bot.method.effort import Days
from bot.method.profile import Profile, profile_faults
from bot.playbook.base import Evidence
from bot.playbook.faults import Fault, FaultyTextError, shown
from bot.playbook.model import Playbook
from bot.playbook.yamltext import read_yaml

CAPACITY_KEY = "capacity_days_weeks_5_8"

_ANSWER = "0 to 4, dk or na"
_BESIDE = ("evidence", "na_confirmed")


class CaseError(FaultyTextError):
    """The text is no case for this playbook; `faults` say which key and what was expected."""


@dataclass(frozen=True, slots=True)
class Case:
    """A pilot to assess: what `assess` takes beside the playbook."""

    profile: Profile
    answers: Answers
    capacity: Mapping[str, Days] | None


def parse_case(text: str, playbook: Playbook) -> Case:
    """The case that `text` holds; raises `CaseError` with every fault found."""
    try:
        data = read_yaml(text)
    except FaultyTextError as error:
        raise CaseError(error.faults) from None
    if not isinstance(data, Mapping):
        raise CaseError([Fault("", "a mapping with profile and answers", shown(data))])
    reader = _Reader(playbook, data)
    if faults := list(reader.faults()):
        raise CaseError(faults)
    return reader.case()


def _shape(data: Mapping[object, object], key: str) -> Iterator[Fault]:
    if not isinstance(data.get(key), Mapping):
        found = shown(data[key]) if key in data else ""
        yield Fault(key, "a mapping" if found else "a mapping, which is missing", found)


def _inside(data: Mapping[object, object], key: str) -> Mapping[object, object]:
    """The mapping under `key`; an empty one where there is none."""
    value = data.get(key)
    return value if isinstance(value, Mapping) else {}


class _Reader:
    """Checks a case's data against the playbook, then makes the case of it."""

    def __init__(self, playbook: Playbook, data: Mapping[object, object]) -> None:
        self._playbook = playbook
        self._data = data
        self._profile = _inside(data, "profile")
        self._answers = _inside(data, "answers")
        self._respondents = _inside(data, "respondents")
        self._capacity = _inside(data, CAPACITY_KEY)
        self._sizes: dict[str, int] = {}

    def faults(self) -> Iterator[Fault]:
        """Everything that is wrong, in the order profile, respondents, answers, capacity."""
        yield from _shape(self._data, "profile")
        if isinstance(self._data.get("profile"), Mapping):
            yield from profile_faults(self._playbook, self._profile)
        yield from self._respondent_faults()
        self._sizes = self._group_sizes()
        yield from _shape(self._data, "answers")
        for name, entry in self._answers.items():
            yield from self._entry_faults(name, entry)
        yield from self._capacity_faults()

    def case(self) -> Case:
        """The case; to be called only when there are no faults."""
        profile = {str(factor): str(value) for factor, value in self._profile.items()}
        entries = ((str(name), entry) for name, entry in self._answers.items())
        answers = {name: _entry(entry) for name, entry in entries if isinstance(entry, Mapping)}
        capacity = {str(g): days for g, days in self._capacity.items() if isinstance(days, int | float)}
        return Case(profile, answers, capacity or None)

    def _respondent_faults(self) -> Iterator[Fault]:
        if "respondents" in self._data:
            yield from _shape(self._data, "respondents")
        for group, people in self._respondents.items():
            path = f"respondents.{group}"
            yield from self._group_faults(path, group)
            if not isinstance(people, tuple) or not people:
                yield Fault(path, "a list of at least one respondent", shown(people))

    def _group_faults(self, path: str, group: object) -> Iterator[Fault]:
        if group not in list(self._playbook.group_names):
            yield Fault(path, "a group out of " + ", ".join(self._playbook.group_names))

    def _group_sizes(self) -> dict[str, int]:
        """Group to its number of respondents: as listed, otherwise as most of its lists have it."""
        lengths: dict[str, Counter[int]] = {}
        for name in self._playbook.by_id:
            for group, said in _inside(self._answers, name).items():
                if isinstance(said, tuple) and said:
                    lengths.setdefault(str(group), Counter())[len(said)] += 1
        sizes = {group: counted.most_common(1)[0][0] for group, counted in lengths.items()}
        listed = {str(g): len(people) for g, people in self._respondents.items() if isinstance(people, tuple)}
        return sizes | listed

    def _entry_faults(self, name: object, entry: object) -> Iterator[Fault]:
        path = f"answers.{name}"
        criterion = self._playbook.by_id.get(name) if isinstance(name, str) else None
        if criterion is None:
            yield Fault(path, f"the id of a criterion of {self._playbook.id} {self._playbook.version}")
            return
        if not isinstance(entry, Mapping):
            yield Fault(path, "a mapping of group to answers", shown(entry))
            return
        for key, said in entry.items():
            if key not in _BESIDE:
                yield from self._said_faults(f"{path}.{key}", key, said, list(criterion.asks))
        yield from _beside_faults(path, entry)

    def _said_faults(self, path: str, group: object, said: object, asked: list[str]) -> Iterator[Fault]:
        if group not in asked:
            yield Fault(path, "a group that is asked this: " + ", ".join(asked))
            return
        if not isinstance(said, tuple):
            yield Fault(path, "a list of answers, each " + _ANSWER, shown(said))
            return
        size = self._sizes.get(str(group), 1)
        if len(said) != size:
            yield Fault(path, f"{size} answer(s), one per respondent of {group}", str(len(said)))
        for index, answer in enumerate(said):
            if not _is_answer(answer):
                yield Fault(f"{path}[{index}]", _ANSWER, shown(answer))

    def _capacity_faults(self) -> Iterator[Fault]:
        if CAPACITY_KEY in self._data:
            yield from _shape(self._data, CAPACITY_KEY)
        for group, days in self._capacity.items():
            path = f"{CAPACITY_KEY}.{group}"
            yield from self._group_faults(path, group)
            if not _are_days(days):
                yield Fault(path, "a number of days, 0 or more", shown(days))


def _beside_faults(path: str, entry: Mapping[object, object]) -> Iterator[Fault]:
    if "evidence" in entry and entry["evidence"] not in EVIDENCE:
        yield Fault(f"{path}.evidence", "one of " + ", ".join(EVIDENCE), shown(entry["evidence"]))
    if "na_confirmed" in entry:
        reason = entry["na_confirmed"]
        if not isinstance(reason, str) or not reason.strip():
            yield Fault(f"{path}.na_confirmed", "the reason why it does not apply", shown(reason))


def _is_answer(answer: object) -> bool:
    if isinstance(answer, str):
        return answer in ("dk", "na")
    return isinstance(answer, int) and not isinstance(answer, bool) and 0 <= answer <= 4


def _are_days(days: object) -> bool:
    if isinstance(days, bool) or not isinstance(days, int | float):
        return False
    return days >= 0 and math.isfinite(days)


def _entry(entry: Mapping[str, object]) -> CriterionAnswers:
    by_group: dict[str, tuple[Answer, ...]] = {
        group: said for group, said in entry.items() if isinstance(said, tuple)
    }
    evidence: Evidence = next((known for known in EVIDENCE if known == entry.get("evidence")), "none")
    reason = entry.get("na_confirmed")
    return CriterionAnswers(by_group, evidence, reason.strip() if isinstance(reason, str) else None)
