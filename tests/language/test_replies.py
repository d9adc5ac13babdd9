"""Typed replies in a thread, as Slack delivers them."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.language.replies import (
    DoesNotApply,
    DontKnow,
    LevelReply,
    NotUnderstood,
    Reply,
    Word,
    read_reply,
)


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("2", LevelReply(2)),
        ("0", LevelReply(0)),
        ("2.", LevelReply(2)),
        ("*2*", LevelReply(2)),
        ("“2”", LevelReply(2)),
        ("Two", LevelReply(2)),
        ("level 2", LevelReply(2)),
        ("Level 2 pipeline is manual", LevelReply(2, "pipeline is manual")),
        ("2/4", LevelReply(2)),
        ("2 of 4", LevelReply(2)),
        (":two:", LevelReply(2)),
        ("2️⃣ because we do it by hand", LevelReply(2, "we do it by hand")),
        ("٢", LevelReply(2)),
        ("2 - because it’s manual", LevelReply(2, "it’s manual")),
        ("2 – it’s manual", LevelReply(2, "it’s manual")),
        ("2: 3 systems are missing", LevelReply(2, "3 systems are missing")),
        ("I’d say 2", LevelReply(2)),
        ("2\nnobody has tried it", LevelReply(2, "nobody has tried it")),
        ("<@U0BOT|slipway> 3 because it runs", LevelReply(3, "it runs")),
        ("2 because a &lt; b &amp; c", LevelReply(2, "a < b & c")),
    ],
)
def test_a_number_on_the_scale_is_a_level_and_the_rest_its_note(text: str, meaning: Reply) -> None:
    assert read_reply(text) == meaning


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        (
            "2 because the pipeline is manual <https://wiki.example/p>",
            LevelReply(2, "the pipeline is manual", "https://wiki.example/p"),
        ),
        ("2 <http://wiki.example|wiki.example>", LevelReply(2, "", "http://wiki.example")),
        (
            "3 see <https://a.example?x=1&amp;y=2|our wiki> and <https://b.example>",
            LevelReply(3, "see our wiki and https://b.example", "https://a.example?x=1&y=2"),
        ),
        ("3 https://a.example/run.", LevelReply(3, "", "https://a.example/run")),
        ("don't know, maybe <@U1|anna>", DontKnow("maybe @anna")),
    ],
)
def test_links_and_mentions_come_back_as_they_were_typed(text: str, meaning: Reply) -> None:
    assert read_reply(text) == meaning


@pytest.mark.parametrize(
    "text",
    [
        "don't know",
        "Don’t know",
        "dont know",
        "Don t know.",
        "I don't know",
        "dunno",
        "IDK",
        "no idea",
        "Don't knwo",
    ],
)
def test_dont_know_is_understood_as_phones_write_it(text: str) -> None:
    assert read_reply(text) == DontKnow()


def test_what_follows_dont_know_is_kept() -> None:
    assert read_reply("I don't know who runs it") == DontKnow("who runs it")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("does not apply", ""),
        ("N/A", ""),
        ("na", ""),
        ("n/a - no vendor", "no vendor"),
        ("Doesn’t apply because we have no vendor", "we have no vendor"),
    ],
)
def test_does_not_apply_carries_its_reason(text: str, reason: str) -> None:
    assert read_reply(text) == DoesNotApply(reason)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("not my part", "not_mine"),
        ("Back", "back"),
        ("skip.", "skip"),
        ("Pause please", "pause"),
        ("Pauze", "pause"),
        ("restart", "restart"),
        ("status", "status"),
        ("Help!", "help"),
        ("?", "help"),
        ("My answers", "answers"),
        ("done", "done"),
        ("resume", "continue"),
    ],
)
def test_plain_words_steer_the_conversation(text: str, kind: str) -> None:
    meaning = read_reply(text)
    assert isinstance(meaning, Word)
    assert meaning.kind == kind


def test_a_colleague_named_after_not_my_part_is_kept() -> None:
    assert read_reply("Not my part, ask Anna") == Word("not_mine", "ask Anna")


@pytest.mark.parametrize(
    "text",
    [
        "5", "-1", "−1", "12", "2 or 3", "2-3", "2, 3", "2 3", "2 to 3", "1.5", "2/5", "2?", "2 but maybe 3",
        "two or three", "10 invoices a day", "2 invoices a day", "2 of 4 teams use it", "one person knows",
        "level 7",
        "2nd", "20%", "2%", "line 2", "no idea, maybe 2", "it depends", "👍", "na ja", "none", "nine", "fine",
        "help desk is slow",
    ],
)  # fmt: skip
def test_what_could_mean_something_else_is_asked_back(text: str) -> None:
    meaning = read_reply(text)
    assert isinstance(meaning, NotUnderstood)
    assert meaning.note == text


@pytest.mark.parametrize("text", ["", "   ", "<@U0BOT>", "…", "<https://a.example>"])
def test_a_message_without_words_is_asked_back(text: str) -> None:
    assert isinstance(read_reply(text), NotUnderstood)


@given(st.text())
@example("<@U1> <https://x|>\u20e3\ufe0f")
@example("2 İstanbul")
@example("<" * 2_000)
def test_no_text_makes_it_fail(text: str) -> None:
    meaning = read_reply(text)
    assert not isinstance(meaning, NotUnderstood) or meaning.hint


@given(st.integers(min_value=5) | st.integers(max_value=-1))
def test_a_number_off_the_scale_is_never_a_level(number: int) -> None:
    assert isinstance(read_reply(str(number)), NotUnderstood)


_SENTENCE = st.lists(st.from_regex(r"[a-zäöüß]{2,12}", fullmatch=True), min_size=1, max_size=12).map(" ".join)


@given(st.integers(0, 4), _SENTENCE)
def test_what_a_person_wrote_after_a_level_is_kept(level: int, reason: str) -> None:
    meaning = read_reply(f"{level}: {reason}")
    assert isinstance(meaning, LevelReply)
    assert meaning.level == level
    assert reason.endswith(meaning.note)
    assert reason.removesuffix(meaning.note).strip() in {
        "",
        "because",
        "since",
        "reason",
        "why",
        "cause",
        "bc",
        "cos",
    }


@given(_SENTENCE)
def test_what_was_not_understood_is_kept_whole(sentence: str) -> None:
    meaning = read_reply(f"well 7 {sentence}")
    assert isinstance(meaning, NotUnderstood)
    assert sentence in meaning.note
