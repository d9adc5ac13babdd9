"""The assessment's picture, drawn in this very process."""

import struct

import pytest

from bot.charts.drawing import WIDTH, draw
from bot.charts.picture import Picture
from tests.charts.pictures import EMPTY, extreme, worked_case

PNG = b"\x89PNG\r\n\x1a\n"


def _size(png: bytes) -> tuple[int, int]:
    width, height = struct.unpack(">II", png[16:24])
    return width, height


@pytest.mark.parametrize(
    "picture", [worked_case(), EMPTY, extreme()], ids=["worked case", "nothing", "extreme"]
)
def test_a_picture_is_drawn_at_a_phones_width(picture: Picture) -> None:
    png = draw(picture)
    width, height = _size(png)
    assert png.startswith(PNG)
    assert width == WIDTH
    assert 200 < height < 10_000


def test_the_worst_condition_and_its_worst_rows_come_first() -> None:
    picture = worked_case()
    assert [bar.name for bar in picture.bars] == ["Data", "Lifecycle", "Architecture", "Workflow", "Strategy"]
    assert [part.name for part in picture.parts] == [bar.name for bar in picture.bars]
    assert all(part.rows[0].status == "blocking" for part in picture.parts[:4])
    assert sum(len(part.rows) for part in picture.parts) == 39


def test_rows_on_which_groups_disagree_say_so_in_words() -> None:
    remarks = {row.title: row.remark for part in worked_case().parts for row in part.rows if row.remark}
    assert remarks == {
        "Enforced limits on what it may do by itself": "2 levels apart, IT operations can't see it",
        "Trouble seen as it happens, end to end": "2 levels apart",
        "Test on everyday, uncleaned cases": "2 levels apart",
        "Versions that can be found and brought back": "IT operations can't see it",
        "Operations able to run it without the builders": "2 levels apart",
        "Protection against vendor model changes": "IT operations can't see it",
        "Users who know when to rely and when to check": "2 levels apart",
    }
