"""What a person reads and clicks while answering."""

from bot.views import actions as act
from bot.views import answers, conversation, replies
from bot.views.actions import LevelRef, QuestionRef, decode
from bot.views.check import Json, elements_of
from bot.views.render import Message
from tests.views.samples import AT, question

ANCHORS = ["Nothing exists", "A test copy", "Written, not proven", "Proven live", "Measured"]


def _card(
    *, number: int = 6, last: conversation.LastAnswer | None = None, criterion: str = "crit-1"
) -> Message:
    return conversation.question_card(
        conversation.Question("cv1", criterion, number, 20, 5, "How live is it?", ANCHORS, last=last)
    )


def _radio(message: Message) -> Json:
    (radio,) = [element for element in elements_of(message.blocks) if element["type"] == "radio_buttons"]
    return radio


def _buttons(message: Message) -> list[str]:
    return [element["text"]["text"] for element in elements_of(message.blocks) if element["type"] == "button"]


def test_a_question_shows_its_five_anchors_from_level_0_with_none_chosen() -> None:
    radio = _radio(_card())
    assert [option["text"]["text"] for option in radio["options"]] == ANCHORS
    values = [decode(LevelRef, option["value"]) for option in radio["options"]]
    assert values == [LevelRef("cv1", "crit-1", level) for level in range(5)]
    assert "initial_option" not in radio


def test_a_question_tells_how_far_one_is() -> None:
    assert _card().text.startswith("6 of 20, about 5 minutes left")


def test_a_question_offers_a_way_out() -> None:
    assert _buttons(_card())[:3] == ["Don't know", "Does not apply", "Not my part"]


def test_the_last_answer_stands_on_the_next_card_with_change() -> None:
    card = _card(last=conversation.LastAnswer("crit-0", "A test copy", "by hand & slow"))
    assert "Your last answer: “A test copy” – by hand &amp; slow" in card.text
    (change,) = [each for each in elements_of(card.blocks) if each["action_id"] == act.CHANGE]
    assert decode(QuestionRef, change["value"]) == QuestionRef("cv1", "crit-0")


def test_the_first_card_mentions_the_person_and_explains_typing() -> None:
    card = conversation.question_card(question("How live is it?", first=True))
    assert "<@U0ANNA>" in card.text
    assert "2 because" in card.text


def test_each_question_has_block_ids_of_its_own_so_that_no_choice_is_carried_over() -> None:
    one, other = (
        {block["block_id"] for block in _card(criterion=each).blocks if block["type"] == "actions"}
        for each in ("crit-1", "crit-2")
    )
    assert len(one - other) >= 2


def test_a_group_that_answers_together_is_told_so_on_every_card() -> None:
    card = conversation.question_card(
        conversation.Question("cv1", "crit-1", 6, 20, 5, "How live is it?", ANCHORS, together=True)
    )
    assert card.text.startswith("6 of 20, about 5 minutes left. Whoever clicks answers for all of you")


def _invitation(size: int, *, names: bool = True) -> str:
    return conversation.invitation(
        conversation.Invitation("cv1", "Invoices", "U0FAC", "IT operations", size, 20, 8, AT, names)
    ).text


def test_an_invitation_says_how_much_by_when_and_who_sees_what() -> None:
    text = _invitation(5)
    assert "20 questions, about 8 minutes" in text
    assert "Your name beside your answers is seen by you and <@U0FAC>, by nobody else." in text
    assert "[Start] [Later] [Pass on]" in text
    assert "not anonymous" not in text


def test_a_small_group_is_told_that_it_is_not_anonymous() -> None:
    assert "There are 3 of you in that group, so this is not anonymous" in _invitation(3)
    assert "You are the only one in that group, so this is not anonymous" in _invitation(1)


def test_a_facilitator_from_another_group_is_said_to_see_no_names() -> None:
    assert "seen by you alone; <@U0FAC> sees your group's level" in _invitation(5, names=False)


def test_may_be_quoted_is_not_ticked_by_default() -> None:
    mine = answers.MyAnswer("crit", 1, "How live is it?", "A test copy")
    (tick,) = [
        block["element"] for block in answers.note_modal("cv1", mine).blocks
        if block["block_id"] == answers.MAY_BE_QUOTED
    ]  # fmt: skip
    assert "initial_options" not in tick


def test_my_answers_tell_what_was_answered_and_what_was_not() -> None:
    mine = [
        answers.MyAnswer("a", 1, "First?", "A test copy", note="by hand", may_be_quoted=True),
        answers.MyAnswer("b", 2, "Second?", None),
        answers.MyAnswer("c", 3, "Third?", None, handed_to="U0BOB"),
    ]
    text = answers.my_answers("cv1", "Invoices", mine, 0, open_=True).text
    assert "→ A test copy\n> by hand\n_may be quoted_" in text
    assert "Not answered yet" in text
    assert "Handed to <@U0BOB>" in text


def test_what_was_not_understood_says_that_nothing_was_recorded() -> None:
    progress = replies.Progress("cv1", "Invoices", 6, 20, 8)
    text = replies.not_understood(progress, "Is it 2 or 3?").text
    assert text.startswith("Is it 2 or 3?\nNothing was recorded.")
    assert "[Go on]" in text
