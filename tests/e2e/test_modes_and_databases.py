"""One short diagnosis in each mode and on each database: the same conversation, the same result."""

from pathlib import Path

import pytest

from sandbox.client import Message
from tests.e2e.stage import Scene, question_of, town
from tests.support.databases import PostgresDatabase, SqliteTemplate
from tests.support.process import Mode


@pytest.mark.parametrize(
    ("mode", "database"), [("http", "sqlite"), ("socket", "postgres"), ("http", "postgres")]
)
async def test_a_diagnosis_by_click_and_by_keyboard(
    request: pytest.FixtureRequest, tmp_path: Path, mode: Mode, database: str
) -> None:
    if database == "sqlite":
        template: SqliteTemplate = request.getfixturevalue("sqlite_template")
        url = template.copy_to(tmp_path)
    else:
        server: PostgresDatabase = request.getfixturevalue("postgres_database")
        url = server.emptied()
    async with town(url, mode=mode) as running:
        await _diagnosis(await running.scene())


async def _diagnosis(scene: Scene) -> None:
    await scene.only("pia", "ivo", "bea", "dora")
    await scene.open_round("arc-observability", "arc-rollback-stop")
    ivo, bea, pia = scene["ivo"], scene["bea"], scene["pia"]
    first = await ivo.start()
    second = await ivo.answer(first, 1)
    await ivo.say("back", second)
    back = await ivo.card(after=second)
    assert question_of(back) == question_of(first)
    mine = await ivo.say("0 because there are no screens", back)
    again = await ivo.card(after=back)
    await ivo.person.edit(mine, "1 because there is one screen")
    await ivo.message("Noted:")
    assert "That was all" in (await ivo.answer(again, "dk")).text
    await pia.answer_all(4)
    await bea.answer_all(1)
    levels = [one.level for one in await scene.answers("ivo", revisions=True)]
    assert levels == [1, 0, 1, None]
    preview = await bea.message("You see this first")
    await bea.click(preview, "Post now")
    card = await pia.message("the groups see this differently")
    await pia.click(card, "My answer stands")
    assert "your answer stands" in (await pia.person.changed(card)).text

    async def posted() -> list[Message] | None:
        return await scene.home() or None

    [shown, *_] = await scene.until(posted, "the assessment in the channel")
    assert "Not ready for production" in shown.all_text
    assert "Round 2 open until" in shown.all_text
