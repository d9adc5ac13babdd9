"""A server that speaks only some of Slack: what is missing is left out and logged once."""

from collections import Counter
from pathlib import Path

from sandbox.client import Message
from tests.e2e.stage import Town, town
from tests.support.databases import SqliteTemplate

MISSING = [
    "files.getUploadURLExternal",
    "files.completeUploadExternal",
    "views.publish",
    "users.info",
    "conversations.open",
    "conversations.info",
    "conversations.history",
    "conversations.replies",
]
LOGGED = {"files.getUploadURLExternal", "users.info", "conversations.open"}


async def test_a_diagnosis_works_without_the_methods_that_are_nice_to_have(
    sqlite_template: SqliteTemplate, tmp_path: Path
) -> None:
    async with town(sqlite_template.copy_to(tmp_path)) as running:
        await running.workspace.faults(missing=MISSING)
        scene = await running.scene()
        await scene.only("pia", "ivo", "bea", "dora")
        await scene.open_round("arc-observability", "arc-rollback-stop")
        for name, level in (("pia", 4), ("ivo", 1), ("bea", 1)):
            await scene[name].answer_all(level)
        await scene["bea"].click(await scene["bea"].message("You see this first"), "Post now")

        async def posted() -> list[Message] | None:
            return await scene.home() or None

        [shown, *_] = await scene.until(posted, "the assessment in the channel")
        assert "Not ready for production" in shown.all_text
        assert not shown.files
        await scene["pia"].message("the groups see this differently")
        await scene["bea"].person.open_home()
        await scene.workspace.settled()
        await running.bot.wait_until(lambda: set(_said(running)) >= LOGGED)
        await scene.workspace.settled()
        assert set(_said(running).values()) == {1}


def _said(running: Town) -> Counter[str]:
    warnings = [entry for entry in running.bot.log if entry.get("level") == "warning"]
    return Counter(str(entry["method"]) for entry in warnings if "method" in entry)
