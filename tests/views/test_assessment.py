"""The assessment's first screen and what stands behind its buttons, for the worked case."""

from pathlib import Path

import pytest

from bot.method.assessment import assess
from bot.method.case import parse_case
from bot.playbook.load import load_playbook
from bot.views import assessment as screens
from bot.views import assessment_details as details
from bot.views.assessed import figures_of
from bot.views.check import elements_of
from bot.views.figures import Figures, final_line, headline
from tests.views.samples import AT

CASE = Path(__file__).parents[2] / "sandbox" / "cases" / "worked_case.yaml"


@pytest.fixture(scope="module")
def figures() -> Figures:
    playbook = load_playbook()
    case = parse_case(CASE.read_text(encoding="utf-8"), playbook)
    assessed = assess(playbook, case.profile, case.answers)
    return figures_of(assessed, playbook, "rd1", "Invoice matching", round_two_until=AT)


def test_the_first_screen_is_ten_lines_and_four_buttons(figures: Figures) -> None:
    message = screens.first_screen(figures)
    *lines, buttons = message.text.split("\n")
    assert lines[:9] == [
        "*Not ready for production: 14 of 39 block.*",
        ":red_circle: Red, blocked: Data 5 of 8, Lifecycle 4 of 8, Architecture 3 of 8, Workflow 2 of 8.",
        ":large_orange_diamond: Amber, can be carried: Strategy.",
        "1. *Automatic flow of live data, no hand-picking*: "
        "IT operations 1, Pilot team 2, Data governance 1; 4 needed",
        "2. *Enforced limits on what it may do by itself*: "
        "IT operations don't know, Pilot team 3, Business function 1; 3 needed",
        "3. *Connections to the live systems, not test copies*: IT operations 1, Pilot team 2; 3 needed",
        "4. *Operations able to run it without the builders*: IT operations 1, Pilot team 3; 3 needed",
        "5. *Trouble seen as it happens, end to end*: "
        "IT operations 0, Pilot team 2, Business function 0; 3 needed",
        "If a person approves each action: 11.",
    ]
    assert len(lines) == 10
    assert lines[9].startswith("Round 2 open until ")
    assert buttons == "[All 14] [Where you differ] [How this is scored] [Plan it]"


def test_the_last_line_counts_everything(figures: Figures) -> None:
    line = "14 blocking, 1 unknown, 12 manageable, 1 proof gap, 11 met; overall index 0.43"
    assert final_line(figures.counts, figures.overall_index) == line


def test_the_picture_has_words_that_fit_a_files_alt_text(figures: Figures) -> None:
    words = screens.picture_alt(figures)
    assert len(words) <= 1_000
    assert "Data: red, blocked, index 0.50, 5 of 8 block" in words
    assert "Test on everyday, uncleaned cases (Pilot team 3, Business function 1, Data governance 1)" in words


def test_every_gap_is_paged_with_its_why_and_what_closes_it(figures: Figures) -> None:
    pages = [details.gaps_modal(figures, number) for number in range(4)]
    texts = [block["text"]["text"] for page in pages for block in page.blocks if block["type"] == "section"]
    assert len(texts) == 28
    assert all("needs" in text and "What closes it" in text for text in texts)
    assert [text.partition("*")[2].partition(".")[0] for text in texts] == [str(n) for n in range(1, 29)]
    assert texts[13].splitlines()[0].endswith("blocks")
    assert not texts[14].splitlines()[0].endswith("blocks")


def test_the_first_page_turns_forward_only_and_the_last_back_only(figures: Figures) -> None:
    first, last = details.gaps_modal(figures, 0), details.gaps_modal(figures, 3)
    assert [each["text"]["text"] for each in elements_of(first.blocks)] == ["More"]
    assert [each["text"]["text"] for each in elements_of(last.blocks)] == ["Earlier"]


def test_differences_name_each_criterion_once(figures: Figures) -> None:
    blocks = details.differences_modal(figures).blocks
    texts = [block["text"]["text"] for block in blocks if block["type"] == "section"]
    assert len(texts) == 7
    assert texts[0].startswith(
        "*Enforced limits on what it may do by itself*: "
        "the groups see it differently, and IT operations can't see it"
    )


def test_scoring_shows_indices_and_the_patterns_that_were_seen(figures: Figures) -> None:
    text = "\n".join(block["text"]["text"] for block in details.scoring_modal(figures).blocks)
    assert "Lifecycle: 0.43" in text
    assert "Overall 0.43" in text
    assert "*Cost volatility* (possible)" in text
    assert "Endless pilot" not in text


def test_leads_can_correct_a_fact_or_post_before_the_channel_sees_it(figures: Figures) -> None:
    message = screens.leads_preview(figures, AT)
    assert "You see this first." in message.text
    assert "[Correct a fact] [Post now]" in message.text


def test_an_incomplete_assessment_says_whose_answers_are_missing() -> None:
    playbook = load_playbook()
    case = parse_case(CASE.read_text(encoding="utf-8"), playbook)
    silent = assess(playbook, case.profile, {})
    text = screens.first_screen(figures_of(silent, playbook, "rd1", "Invoices")).text
    groups = "Pilot team, IT operations, Business function and Data governance"
    assert f"Incomplete: nothing from {groups} yet, which counts as “don't know”" in text
    assert headline(figures_of(silent, playbook, "rd1", "Invoices")) == (
        "Not ready for production: nobody can tell about 39 of 39."
    )


def test_before_a_round_opens_the_facilitator_reads_how_many_are_written_to() -> None:
    groups = [screens.GroupToAsk("Pilot team", 2, 28, 12), screens.GroupToAsk("Business function", 7, 25, 11)]
    text = screens.diagnose_preview(screens.DiagnosePreview("rd1", "Invoices", groups, AT)).text
    assert "Writes to 9 people, answers by <!date^" in text
    assert "Business function: 7 people, 25 questions, about 11 minutes each" in text


def test_progress_shows_how_much_was_answered_and_never_what() -> None:
    people = [
        screens.PersonProgress("<@U1>", "Pilot team", 28, 28, "finished"),
        screens.PersonProgress("<@U2>", "Pilot team", 3, 28, "paused"),
    ]
    text = screens.round_progress(screens.RoundProgress("rd1", "Invoices", 1, people, may_close=True)).text
    assert "1 of 2 have finished" in text
    assert "<@U2> (Pilot team): 3 of 28, paused" in text
    assert "[Close now]" in text
