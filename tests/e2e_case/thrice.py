"""The case with every delivery repeated, and what it leaves behind, to be compared with a run without."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sandbox.programme import Programme
from tests.e2e_case.oracle import as_derived, expected
from tests.e2e_case.screens import Screens, screens
from tests.e2e_case.stage import Kept, answers_in, assessment_in, everything_sent, stage
from tests.support.process import Mode

THREE_TIMES = {"copies": 3, "spread": 1.5}


@dataclass(frozen=True)
class Ending:
    """What a run of the case left behind; answers by the people's names."""

    answers: Sequence[Kept]
    screens: Screens
    payloads: int


async def played(database_url: str, duplicates: Mapping[str, object], mode: Mode = "socket") -> Ending:
    """Play the case; every delivery comes as often as `duplicates` says."""
    async with stage(database_url, mode=mode) as on:
        await on.workspace.faults(duplicates=duplicates)
        await Programme(on.workspace, on.case).run()
        await on.workspace.settled(within=60)
        await everything_sent(database_url)
        await on.workspace.settled(within=60)
        assert as_derived(await assessment_in(database_url)) == expected()
        names = {user_id: name for name, user_id in (await on.workspace.ids()).items()}
        answers = await answers_in(database_url)
        counts: Mapping[str, int] = (await on.workspace.counters())["counts"]
        return Ending(
            sorted(one.by(names[one.user_id]) for one in answers),
            await screens(on.workspace),
            sum(count for name, count in counts.items() if name.startswith("delivery:")),
        )


def differences(one: Ending, other: Ending) -> str:
    """What is only on one run's screens (-), and what is only on the other's (+); empty when nothing is."""
    found = []
    for where, lines in one.screens.items():
        ours, theirs = Counter(lines), Counter(other.screens[where])
        found += [f"{where}: - {line}" for line in (ours - theirs).elements()]
        found += [f"{where}: + {line}" for line in (theirs - ours).elements()]
    return "\n".join(found)
