"""Pictures to draw in tests: the worked case, nothing at all, and everything at its longest."""

from pathlib import Path

from bot.charts.picture import Bar, Part, Picture, Row, picture_of
from bot.method.assessment import assess
from bot.method.case import parse_case
from bot.playbook.load import load_playbook

CASE = Path(__file__).parents[2] / "sandbox" / "cases" / "worked_case.yaml"


def worked_case() -> Picture:
    """The stalled invoice-matching pilot."""
    playbook = load_playbook()
    case = parse_case(CASE.read_text(encoding="utf-8"), playbook)
    assessment = assess(playbook, case.profile, case.answers)
    return picture_of(assessment, playbook, "Invoice matching", "Not ready for production: 14 of 39 block.")


EMPTY = Picture("Nothing to see yet.", "–", [], [], [])


def extreme() -> Picture:
    """39 rows of the longest titles, seven groups, words without a space, signs that mean something else."""
    title = "Rindfleischetikettierungsüberwachungsaufgabenübertragungs $x_1$ & <b> 日本語"
    row = Row(title, "unknown", None, [0, 4, "dk", "na", None, "not_asked", 3], "4 levels apart, " + "W" * 80)
    bars = [
        Bar("A condition with a very long name indeed " * 3, "red", 39, 39, 1.7),
        Bar("B", "green", 0, 0, None),
    ]
    return Picture(
        "W" * 300, "$initiative$ " * 40, bars, ["Groupwithalongname"] * 7, [Part("P" * 90, [row] * 39)]
    )
