"""A server that speaks only some of Slack: the diagnosis works, what is missing is left out and said once."""

from collections import Counter
from pathlib import Path

from bot.slack_methods import METHODS
from sandbox.programme import Programme
from tests.e2e_case.oracle import as_derived, expected
from tests.e2e_case.stage import Stage, assessment_in, stage
from tests.support.databases import SqliteTemplate

LEAST = frozenset({"auth.test", "apps.connections.open", "chat.postMessage", "views.open", "views.update"})


async def test_the_case_comes_out_the_same_where_methods_are_missing(
    sqlite_template: SqliteTemplate, tmp_path: Path
) -> None:
    database_url = sqlite_template.copy_to(tmp_path)
    async with stage(database_url) as on:
        await on.workspace.faults(missing=sorted(METHODS.keys() - LEAST))
        await Programme(on.workspace, on.case).run()
        await on.workspace.settled(quiet=1.0, within=60)
        assert as_derived(await assessment_in(database_url)) == expected()
        asked_in_vain = {one.method for one in await on.workspace.calls() if one.error == "unknown_method"}
        assert _said_missing(on) == Counter(dict.fromkeys(asked_in_vain, 1))


def _said_missing(on: Stage) -> Counter[str]:
    """Every warning in the bot's log, by the method it is about."""
    warnings = [line for line in on.bot.log if line.get("level") in ("warning", "error")]
    return Counter(str(line.get("method", line)) for line in warnings)
