"""The same conversation by keyboard: typed answers, words, edits, deletions, and what comes too late."""

import pytest

from sandbox.client import Message
from tests.e2e.stage import ANSWER, Scene, question_of


@pytest.mark.parametrize(
    ("typed", "said", "level", "note", "link"),
    [
        ("2 because the pipeline is manual https://ci.example/7", "level", 2, "the pipeline is manual", "https://ci.example/7"),
        ("3 – it’s “mostly” there", "level", 3, "it’s “mostly” there", ""),
        ("Level 4, see https://a.example/x?a=1&b=2", "level", 4, "see", "https://a.example/x?a=1&b=2"),
        ("Don’t know", "dk", None, "", ""),
        ("i dont know, ask Ines", "dk", None, "ask Ines", ""),
        ("does not apply because we buy it", "na", None, "we buy it", ""),
    ],
)  # fmt: skip
async def test_what_is_typed_becomes_an_answer_and_the_next_card_comes_below(
    scene: Scene, typed: str, said: str, level: int | None, note: str, link: str
) -> None:
    await scene.open_round(first=3)
    bruno = scene["bruno"]
    card = await bruno.start()
    await bruno.say(typed, card)
    following = await bruno.card(after=card)
    assert following.ts > card.ts
    assert question_of(following) != question_of(card)
    assert not (await bruno.person.changed(card)).has(ANSWER)
    [answer] = await scene.answers("bruno")
    assert (answer.said, answer.level, answer.note, answer.link) == (said, level, note, link)
    assert not answer.may_be_quoted


async def test_a_typed_answer_costs_two_calls(scene: Scene) -> None:
    await scene.open_round(first=3)
    bruno = scene["bruno"]
    card = await bruno.start()
    await scene.workspace.settled()
    seen = (await scene.workspace.calls())[-1].number
    await bruno.say("2", card)
    await bruno.card(after=card)
    await scene.workspace.settled()
    methods = sorted(one.method for one in await scene.workspace.calls(since=seen))
    assert methods == ["chat.postMessage", "chat.update"]


async def test_does_not_apply_without_a_reason_is_asked_for_one_and_the_next_line_is_it(scene: Scene) -> None:
    await scene.open_round(first=3)
    bruno = scene["bruno"]
    card = await bruno.start()
    await bruno.say("does not apply", card)
    assert "Why does this not apply" in (await bruno.message("Why does this not apply")).text
    assert await scene.answers("bruno") == []
    await bruno.say("the vendor does all of it, see https://v.example", card)
    await bruno.card(after=card)
    [answer] = await scene.answers("bruno")
    assert (answer.said, answer.reason, answer.link) == (
        "na",
        "the vendor does all of it, see",
        "https://v.example",
    )


async def test_a_reason_is_no_longer_waited_for_once_the_card_was_clicked(scene: Scene) -> None:
    await scene.open_round(first=3)
    bruno = scene["bruno"]
    card = await bruno.start()
    await bruno.say("does not apply", card)
    await bruno.message("Why does this not apply")
    following = await bruno.answer(card, 2)
    await bruno.say("the vendor does all of it", following)
    assert "I can't tell which line you mean" in (await bruno.message("I can't tell")).text
    assert [(one.said, one.level) for one in await scene.answers("bruno")] == [("level", 2)]


async def test_what_can_not_be_understood_gets_a_short_question_back(scene: Scene) -> None:
    await scene.open_round(first=3)
    bruno = scene["bruno"]
    card = await bruno.start()
    for line, asked in (("7", "I can't place 7"), ("1 or 2", "two numbers"), ("hmm, well", "which line")):
        await bruno.say(line, card)
        back = await bruno.message(asked)
        assert "Nothing was recorded" in back.text
        assert back.thread_ts == card.thread_ts
    assert await scene.answers("bruno") == []


async def test_the_plain_words_steer_the_conversation(scene: Scene) -> None:
    await scene.open_round(first=4)
    bruno = scene["bruno"]
    first = await bruno.start()
    await bruno.say("skip", first)
    second = await bruno.card(after=first)
    assert question_of(second) != question_of(first)
    await bruno.say("bakc", second)
    back = await bruno.card(after=second)
    assert question_of(back) == question_of(first)
    await bruno.say("status", back)
    await bruno.message("0 of 4 answered")
    await bruno.say("Pause.", back)
    await bruno.message("Paused.")
    await bruno.say("go on", back)
    again = await bruno.card(after=back)
    assert question_of(again) == question_of(first)
    told = {
        "help": "What you can type here",
        "restart": "Start again at question 1?",
        "my answers": "Your answers on",
        "not my part": "Who should answer this one",
    }
    for word, answer in told.items():
        await bruno.say(word, again)
        await bruno.message(answer)
    assert [one.said for one in await scene.answers("bruno")] == ["skipped"]


async def test_an_answer_typed_in_the_main_composer_counts_for_the_one_open_conversation(
    scene: Scene,
) -> None:
    await scene.open_round(first=3)
    bruno = scene["bruno"]
    card = await bruno.start()
    await bruno.person.say("3 because it ran yesterday")
    following = await bruno.card(after=card)
    assert following.thread_ts == card.thread_ts
    assert [(one.level, one.note) for one in await scene.answers("bruno")] == [(3, "it ran yesterday")]


async def test_with_several_open_conversations_the_bot_asks_which_is_meant(scene: Scene) -> None:
    other = await scene.town.scene()
    await scene.open_round(first=2)
    await other.open_round(first=2)
    bruno, second = scene["bruno"], other["bruno"]
    card = await bruno.start()
    await _also_asked(other, scene.ids["bruno"])
    await bruno.person.say("1 because nobody does")
    ask = await bruno.message("Which one is this for?")
    assert len(ask.buttons) == 2
    await bruno.click(ask, next(label for label in ask.buttons if label.startswith(scene.name)))
    await bruno.card(after=card)
    assert "Taken for" in (await bruno.person.changed(ask)).text
    assert [(one.level, one.note) for one in await scene.answers("bruno")] == [(1, "nobody does")]
    assert await other.answers(second.name) == []


async def _also_asked(scene: Scene, user_id: str) -> None:
    """Somebody of another scene is asked here too."""
    ines = scene["ines"]
    await ines.click(await ines.invitation(), "Pass on")
    await ines.person.submit({"person": user_id}, await ines.modal("Who should answer"))
    await scene.workspace.settled()


async def test_with_nothing_open_the_main_composer_says_so(scene: Scene) -> None:
    otto = scene["otto"]
    await otto.person.say("2 because I say so")
    assert "I have no question open for you" in (await otto.message("no question open")).text


async def test_editing_ones_message_changes_the_answer_and_keeps_the_old_revision(scene: Scene) -> None:
    await scene.open_round(first=3)
    bruno = scene["bruno"]
    card = await bruno.start()
    mine = await bruno.say("2 because it is new", card)
    await bruno.card(after=card)
    await bruno.person.edit(mine, "1 because it was never tried")
    assert "it was never tried" in (await bruno.message("Noted:")).text
    [answer] = await scene.answers("bruno")
    assert (answer.level, answer.note) == (1, "it was never tried")
    assert [one.level for one in await scene.answers("bruno", revisions=True)] == [2, 1]
    await bruno.person.edit(mine, "nobody can say")
    assert "Your answer stays as it was" in (await bruno.message("Your answer stays")).text
    assert [one.level for one in await scene.answers("bruno")] == [1]


async def test_an_unfurled_link_changes_nothing(scene: Scene) -> None:
    await scene.open_round(first=3)
    bruno = scene["bruno"]
    card = await bruno.start()
    await bruno.say("2 https://wiki.example/page", card)
    await bruno.card(after=card)
    await scene.workspace.settled()
    assert len(await scene.answers("bruno", revisions=True)) == 1
    assert not [one for one in await bruno.person.dm() if "Noted" in one.text]


async def test_an_edit_after_a_later_click_is_the_newest_word(scene: Scene) -> None:
    await scene.open_round(first=3)
    bruno = scene["bruno"]
    card = await bruno.start()
    mine = await bruno.say("2 because it is new", card)
    second = await bruno.card(after=card)
    await bruno.click(await bruno.person.changed(card), "Change")
    again = await bruno.card(after=second)
    await bruno.choose(again, 4)
    await scene.workspace.settled()
    assert [one.level for one in await scene.answers("bruno")] == [4]
    await bruno.person.edit(mine, "0 because it is gone")
    await bruno.message("Noted:")
    assert [one.level for one in await scene.answers("bruno")] == [0]
    assert len(await scene.answers("bruno", revisions=True)) == 3


async def test_deleting_ones_message_opens_the_question_again(scene: Scene) -> None:
    await scene.open_round(first=1)
    bruno = scene["bruno"]
    card = await bruno.start()
    mine = await bruno.say("2 because it is new", card)
    await bruno.message("Thank you!")
    await bruno.person.delete(mine)
    withdrawn = await bruno.message("question 1 is open again")
    assert [one.said for one in await scene.answers("bruno")] == ["withdrawn"]
    await bruno.click(withdrawn, "Answer it")
    again = await bruno.card()
    assert question_of(again) == question_of(card)
    await bruno.answer(again, 3)
    assert [(one.level, one.note) for one in await scene.answers("bruno")] == [(3, "")]


async def test_a_line_that_slack_delivers_late_does_not_answer_the_next_question(scene: Scene) -> None:
    await scene.open_round(first=3)
    bruno = scene["bruno"]
    card = await bruno.start()
    early = f"{float(card.ts) + 0.001:.6f}"
    following = await bruno.answer(card, 2)
    await scene.workspace.deliver("events_api", _message(scene, bruno.id, following, early, "4"))
    late = await bruno.message("This reached me only now")
    assert "4" in late.text
    assert [one.level for one in await scene.answers("bruno")] == [2]
    assert question_of(await bruno.card()) == question_of(following)


async def test_copies_of_a_line_change_nothing(scene: Scene) -> None:
    await scene.open_round(first=3)
    bruno = scene["bruno"]
    await scene.workspace.faults(duplicates={"copies": 3, "spread": 0.2})
    try:
        card = await bruno.start()
        await bruno.say("2", card)
        second = await bruno.card(after=card)
        await bruno.answer(second, 3)
        await scene.workspace.settled(quiet=0.5)
    finally:
        await scene.workspace.faults(clear=True)
    assert [one.level for one in await scene.answers("bruno", revisions=True)] == [2, 3]
    assert len(await bruno.cards()) == 1


async def test_after_the_round_has_closed_an_edit_is_answered_and_changes_nothing(scene: Scene) -> None:
    await scene.open_round(first=2)
    bruno = scene["bruno"]
    card = await bruno.start()
    mine = await bruno.say("2 because it is new", card)
    await bruno.card(after=card)
    progress = await scene["lena"].command("diagnose")
    await scene["lena"].click(progress.ephemerals[-1], "Close now")
    await scene.workspace.settled()
    await bruno.person.edit(mine, "4 because it is done")
    assert "the answer stands as it was" in (await bruno.message("stands as it was")).text
    await bruno.say("3", card)
    assert "has closed" in (await bruno.message("so this could not be recorded", after=mine.ts)).text
    assert [one.level for one in await scene.answers("bruno")] == [2]


def _message(scene: Scene, user: str, card: Message, ts: str, text: str) -> dict[str, object]:
    return {
        "team_id": scene.town.team,
        "type": "event_callback",
        "event_id": f"EvLATE{ts}",
        "event_time": 0,
        "event": {
            "type": "message",
            "channel": card.channel,
            "channel_type": "im",
            "user": user,
            "text": text,
            "ts": ts,
            "event_ts": ts,
            "thread_ts": card.thread_ts,
        },
    }
