"""Decision latency, in the working time of who was waited for."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.method.calendar import WorkingTime, WorkWeek
from bot.method.latency import Latency, Wait, WaitKind, latencies

BERLIN = WorkingTime(WorkWeek("Europe/Berlin"))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Europe/Berlin"))


def wait(kind: WaitKind, since: str, until: str | None, group: str = "business") -> Wait:
    return Wait(kind, group, at(since), at(until) if until else None, BERLIN)


def test_nights_and_weekends_are_not_waited() -> None:
    found = latencies([wait("question", "2027-01-08 16:00", "2027-01-11 10:00")], at("2027-02-01 09:00"))
    assert found == {("question", "business"): Latency(1, 0, timedelta(hours=2), timedelta(hours=2))}


def test_what_still_waits_counts_up_to_now() -> None:
    waits = [
        wait("gate", "2027-01-04 09:00", "2027-01-04 10:00"),
        wait("gate", "2027-01-04 09:00", None),
        wait("gate", "2027-01-04 09:00", "2027-01-04 12:00"),
    ]
    found = latencies(waits, at("2027-01-05 09:00"))[("gate", "business")]
    assert (found.count, found.open) == (3, 1)
    assert (found.median, found.longest) == (timedelta(hours=3), timedelta(hours=8))


def test_kinds_and_groups_stand_apart() -> None:
    waits = [
        wait("question", "2027-01-04 09:00", "2027-01-04 10:00"),
        wait("question", "2027-01-04 09:00", "2027-01-04 11:00", "it_ops"),
        wait("verification", "2027-01-04 09:00", "2027-01-04 12:00"),
    ]
    found = latencies(waits, at("2027-01-05 09:00"))
    assert list(found) == [("question", "business"), ("question", "it_ops"), ("verification", "business")]
