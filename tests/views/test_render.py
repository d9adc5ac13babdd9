"""The renderer and the kit: limits kept, ids unique, fallback complete, faults refused."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.views import kit, limits
from bot.views.check import check_message, check_view
from bot.views.limits import fit, size
from bot.views.render import Message, UnrenderableError, message, modal, page


@given(st.text(), st.integers(min_value=1, max_value=200))
@example("&amp;" * 50, 7)
@example("ab <https://x.example|label> cd", 10)
@example("😀😀😀", 3)
def test_a_shortened_text_fits_and_is_never_blank(text: str, limit: int) -> None:
    shortened = fit(text, limit)
    assert 1 <= size(shortened) <= limit
    assert not limits.is_blank(shortened)


@given(st.text(alphabet="&<>ab😀", max_size=60), st.integers(min_value=1, max_value=80))
def test_shortening_never_cuts_an_escaped_character_in_two(text: str, limit: int) -> None:
    shortened = fit(kit.said(text), limit).removesuffix("…")
    whole = shortened.replace("&amp;", "").replace("&lt;", "").replace("&gt;", "")
    assert not set("&<>") & set(whole)


def test_shortening_keeps_a_mention_whole_or_leaves_it_out() -> None:
    assert fit("ask <@U0ANNA> now", 10) == "ask…"
    assert fit("ask <@U0ANNA> now", 14) == "ask <@U0ANNA>…"


@given(st.text())
def test_what_a_person_wrote_can_neither_mention_nor_link(text: str) -> None:
    assert not set("<>") & set(kit.said(text))


def test_a_link_that_would_break_out_of_itself_becomes_words() -> None:
    assert kit.link("https://a.example|x> <!channel", "the wiki") == "the wiki"
    assert kit.link("javascript:alert(1)", "x") == "x"
    assert kit.link("https://a.example?x=1&y=2", "a|b") == "<https://a.example?x=1&amp;y=2|a/b>"


def test_a_moment_is_shown_in_the_readers_zone_with_its_own_zone_as_fallback() -> None:
    at = datetime(2026, 11, 26, 17, 0, tzinfo=timezone(timedelta(hours=1), "CET"))
    assert kit.moment(at) == "<!date^1795708800^{date_long_pretty} at {time}|Thu 26 Nov 2026, 17:00 CET>"


def test_repeated_controls_get_ids_of_their_own() -> None:
    row = [kit.button("Change", "diagnosis.change", f"cv:{place}") for place in range(3)]
    rendered = message([kit.section("Hello"), kit.actions(*row)])
    ids = [element["action_id"] for element in rendered.blocks[1]["elements"]]
    assert ids == ["diagnosis.change", "diagnosis.change~2", "diagnosis.change~3"]


def test_repeated_block_ids_are_told_apart() -> None:
    rendered = message([kit.section("a", block_id="x"), kit.section("b", block_id="x")])
    assert [block["block_id"] for block in rendered.blocks] == ["x", "x~2"]


def test_the_fallback_reads_like_the_message() -> None:
    rendered = message(
        [
            kit.header("Results & more"),
            kit.section("*Bold* words", fields=["one", "two"], accessory=kit.button("Open", "a.b")),
            kit.divider(),
            kit.context("small", "print"),
            kit.actions(kit.radio([kit.option("First", "1"), kit.option("Second", "2")], action="a.c")),
            kit.actions(kit.users_select(action="a.d", placeholder="Who would know?")),
            kit.image("Five bars", url="https://a.example/x.png"),
        ]
    )
    assert rendered.text.split("\n") == [
        "*Results &amp; more*",
        "*Bold* words",
        "one",
        "two",
        "[Open]",
        "small · print",
        "• First",
        "• Second",
        "(Who would know?)",
        "Picture: Five bars",
    ]


def test_a_text_of_ones_own_replaces_the_fallback() -> None:
    assert message([kit.section("long")], "short").text == "short"


def test_a_message_of_more_than_fifty_blocks_is_refused() -> None:
    with pytest.raises(UnrenderableError, match="blocks: 51"):
        message([kit.section("x")] * 51)


def test_radios_with_more_than_ten_options_are_refused() -> None:
    options = [kit.option(str(place), str(place)) for place in range(11)]
    with pytest.raises(UnrenderableError, match="options: 11"):
        message([kit.actions(kit.radio(options, action="a.b"))])


def test_an_option_value_that_slack_would_not_carry_is_refused_and_never_cut() -> None:
    with pytest.raises(UnrenderableError, match="value"):
        message([kit.actions(kit.radio([kit.option("x", "v" * 151)], action="a.b"))])


def test_a_control_without_a_route_is_refused() -> None:
    with pytest.raises(UnrenderableError, match="action_id"):
        message([kit.actions(kit.button("x", ""))])


def test_a_modal_with_an_input_needs_a_submit_button() -> None:
    with pytest.raises(UnrenderableError, match="submit"):
        modal("a.b", "Title", [kit.field("Name", kit.text_input(), "name")])


def test_a_modals_title_is_cut_to_what_slack_has_room_for() -> None:
    made = modal("a.b", "A title that is far too long for Slack", [kit.section("x")])
    assert made.title == "A title that is far too…"
    assert made.to_dict()["title"]["text"] == made.title


def test_an_inputs_value_is_found_under_its_block_id() -> None:
    made = modal("a.b", "T", [kit.field("Name", kit.text_input(), "name")], submit="Save")
    assert made.blocks[0]["block_id"] == made.blocks[0]["element"]["action_id"] == "name"


def test_the_check_sees_what_the_sdk_misses() -> None:
    element = {"type": "button", "action_id": "a", "text": {"type": "plain_text", "text": "x" * 76}}
    row = {"type": "actions", "block_id": "r", "elements": [element, element]}
    long = {"type": "section", "fields": [{"type": "mrkdwn", "text": "x" * 2_001}]}
    faults = check_message({"text": "t", "blocks": [row, row, long, {"type": "alert"}]})
    assert [fault.split(": ")[0] for fault in faults] == [
        "blocks[0].elements[0].text",
        "blocks[0].elements[1].text",
        "blocks[1].elements[0].text",
        "blocks[1].elements[1].text",
        "blocks[2].fields[0]",
        "blocks[3]",
        "block_id",
        "action_id",
    ]


def test_the_check_refuses_a_modal_without_title_and_one_too_large() -> None:
    section = {"type": "section", "text": {"type": "mrkdwn", "text": "x" * 3_000}}
    faults = check_view({"type": "modal", "blocks": [section] * 99, "private_metadata": "x" * 3_001})
    assert [fault.split(":")[0] for fault in faults] == ["title", "private_metadata", "view"]


@given(st.lists(st.integers(), max_size=40), st.integers(-3, 20), st.integers(1, 9))
def test_a_page_always_exists_and_pages_together_are_the_list(
    items: list[int], number: int, room: int
) -> None:
    shown = page(items, number, room)
    assert 0 <= shown.number < shown.pages
    assert [item for each in range(shown.pages) for item in page(items, each, room).items] == items
    assert (shown.later is None) == (shown.number == shown.pages - 1)
    assert (shown.earlier is None) == (shown.number == 0)


def test_a_message_is_what_the_web_api_takes() -> None:
    made = message([kit.section("Hello")])
    assert isinstance(made, Message)
    assert made.to_dict() == {"text": "Hello", "blocks": list(made.blocks)}


def test_moments_need_a_zone() -> None:
    assert "UTC" in kit.moment(datetime(2026, 11, 26, tzinfo=UTC))
