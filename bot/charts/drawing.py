"""Draws the assessment's picture: portrait, made for a phone's width, and readable without its colours.

A pure function of the picture's values, run in the worker process (`painter`).
"""

import warnings
from collections.abc import Sequence
from typing import Final

from bot.charts.canvas import Sheet, wrapped
from bot.charts.picture import Bar, Colour, Part, Picture, Row, Says
from bot.playbook.base import Status

WIDTH: Final = 1080
_EDGE: Final = 40
_INK: Final = "#1b1f24"
_QUIET: Final = "#57606a"
_LINE: Final = "#d0d7de"
_BAND: Final = "#fff3c9"
_ALARM: Final = "#b34700"
_COLOURS: Final[dict[Colour, str]] = {"red": "#d55e00", "amber": "#e69f00", "green": "#009e73"}
_COLOUR_WORDS: Final[dict[Colour, str]] = {"red": "blocked", "amber": "can be carried", "green": "ready"}
_COLOUR_MARKS: Final[dict[Colour, str]] = {"red": "s", "amber": "^", "green": "o"}
_STATUS_MARKS: Final[dict[Status, tuple[str, str]]] = {
    "blocking": ("s", "#d55e00"),
    "unknown": ("D", "#8c6bb1"),
    "manageable": ("^", "#e69f00"),
    "proof_gap": ("v", "#e69f00"),
    "met": ("o", "#009e73"),
    "not_applicable": ("_", _QUIET),
}
_STATUS_WORDS: Final[dict[Status, str]] = {
    "blocking": "blocks",
    "unknown": "nobody can tell",
    "manageable": "can be carried",
    "proof_gap": "needs proof",
    "met": "met",
    "not_applicable": "does not apply",
}
_LEVELS: Final = ("#eef4fa", "#c6dcef", "#8fbce0", "#3f86bf", "#12508a")
_TITLE: Final = 24
_TITLE_LEFT: Final = _EDGE + 36
_TITLE_WIDTH: Final = 484
_CELLS_LEFT: Final = 566
_CELLS_WIDTH: Final = 416
_NEEDED: Final = 1014
_HEAD: Final = 19
_LINE_HEIGHT: Final = 30
_MIN_ROW: Final = 54
_BAR: Final = 92
_PART: Final = 92
_HEADLINE: Final = 43


def draw(picture: Picture) -> bytes:
    """The picture as PNG bytes, 1080 pixels wide and as high as it has rows."""
    with warnings.catch_warnings():
        # A title in a script that the bundled font lacks still gives a picture, with boxes for letters.
        warnings.filterwarnings("ignore", message="Glyph .* missing from font", category=UserWarning)
        return _sheet(picture).png()


def _sheet(picture: Picture) -> Sheet:
    headline = wrapped(picture.headline, WIDTH - 2 * _EDGE, _HEADLINE, "bold")
    bars_top = 100 + 56 * len(headline)
    map_top = bars_top + _BAR * len(picture.bars) + 16
    rows_top = map_top + 80 + _legend_height(picture.parts)
    sheet = Sheet(WIDTH, rows_top + sum(_part_height(part) for part in picture.parts) + 30)
    _head(sheet, picture, headline)
    for place, bar in enumerate(picture.bars):
        _condition(sheet, bars_top + _BAR * place, bar)
    sheet.line([_EDGE, WIDTH - _EDGE], [map_top, map_top], _LINE, 2)
    sheet.words(_EDGE, map_top + 46, "Who says what", 34, weight="bold")
    _legend(sheet, map_top + 80, picture.parts)
    y = rows_top
    for part in picture.parts:
        _part(sheet, y, part, picture.groups)
        y += _part_height(part)
    return sheet


def _head(sheet: Sheet, picture: Picture, headline: Sequence[str]) -> None:
    y = 60
    for line in headline:
        sheet.words(_EDGE, y, line, _HEADLINE, weight="bold")
        y += 56
    (name,) = wrapped(picture.initiative, WIDTH - 2 * _EDGE, 30, most=1)
    sheet.words(_EDGE, y - 4, name, 30, colour=_QUIET)


def _condition(sheet: Sheet, y: float, bar: Bar) -> None:
    """Name and word on a line, the bar and its number below."""
    colour = _COLOURS[bar.colour]
    sheet.mark(_EDGE + 12, y + 24, _COLOUR_MARKS[bar.colour], 22, colour)
    (name,) = wrapped(bar.name, 420, 32, "bold", most=1)
    sheet.words(_TITLE_LEFT, y + 24, name, 32, weight="bold")
    count = f", {bar.blocking} of {bar.total} block" if bar.total else ", nothing applies"
    sheet.words(WIDTH - _EDGE, y + 24, _COLOUR_WORDS[bar.colour] + count, 28, align="right")
    width = WIDTH - 2 * _EDGE - 92
    sheet.box(_EDGE, y + 50, width, 24, "#eaeef2", round_=6)
    share = min(max(bar.index or 0.0, 0.0), 1.0)
    if share:
        sheet.box(_EDGE, y + 50, max(width * share, 12), 24, colour, round_=6)
    number = "–" if bar.index is None else f"{bar.index:.2f}"
    sheet.words(WIDTH - _EDGE, y + 62, number, 30, weight="bold", align="right")


def _title_lines(row: Row) -> Sequence[str]:
    return wrapped(row.title, _TITLE_WIDTH, _TITLE, most=2)


def _remark_lines(row: Row) -> Sequence[str]:
    return wrapped(row.remark, _TITLE_WIDTH, 23, "bold", most=2) if row.remark else ()


def _row_height(row: Row) -> int:
    lines = len(_title_lines(row)) + len(_remark_lines(row))
    return max(_MIN_ROW, _LINE_HEIGHT * lines + 14)


def _part_height(part: Part) -> int:
    return _PART + sum(_row_height(row) for row in part.rows) if part.rows else 0


def _column_width(groups: int) -> float:
    return _CELLS_WIDTH / max(groups, 1)


def _part(sheet: Sheet, y: float, part: Part, groups: Sequence[str]) -> None:
    """The rows of one condition under their own column heads, which stay in sight on a phone."""
    if not part.rows:
        return
    base = y + _PART - 26
    (name,) = wrapped(part.name, _TITLE_WIDTH, 30, "bold", most=1)
    sheet.words(_EDGE, base, name, 30, weight="bold")
    width = _column_width(len(groups))
    for place, group in enumerate(groups):
        # A word a line: names side by side would run into each other.
        lines = [line for word in group.split() for line in wrapped(word, width - 2, _HEAD)][:3]
        for up, words in enumerate(reversed(lines)):
            middle = _CELLS_LEFT + width * (place + 0.5)
            sheet.words(middle, base - 22 * up, words, _HEAD, colour=_QUIET, align="center")
    sheet.words(_NEEDED, base, "needed", _HEAD, colour=_QUIET, align="center")
    sheet.line([_EDGE, WIDTH - _EDGE], [y + _PART - 4, y + _PART - 4], _LINE, 2)
    y += _PART
    for row in part.rows:
        height = _row_height(row)
        _row(sheet, y, height, row, len(groups))
        y += height


def _row(sheet: Sheet, y: float, height: int, row: Row, groups: int) -> None:
    middle = y + height / 2
    if row.remark:
        sheet.box(
            _EDGE - 12, y + 2, WIDTH - 2 * _EDGE + 24, height - 4, _BAND, edge=_ALARM, thick=3, round_=10
        )
    marker, colour = _STATUS_MARKS[row.status]
    sheet.mark(_EDGE + 12, middle, marker, 18, colour)
    titles, remarks = _title_lines(row), _remark_lines(row)
    line = middle - _LINE_HEIGHT * (len(titles) + len(remarks) - 1) / 2
    for words in titles:
        sheet.words(_TITLE_LEFT, line, words, _TITLE)
        line += _LINE_HEIGHT
    for words in remarks:
        sheet.words(_TITLE_LEFT, line, words, 23, colour=_ALARM, weight="bold")
        line += _LINE_HEIGHT
    width = _column_width(groups)
    for place, says in enumerate(row.answers):
        _cell(sheet, _CELLS_LEFT + width * place, middle, width, says)
    needed = "" if row.needed is None else str(row.needed)
    sheet.words(_NEEDED, middle, needed, 28, colour=_QUIET, align="center")


def _cell(sheet: Sheet, x: float, middle: float, width: float, says: Says) -> None:
    if says == "not_asked":
        return
    box = (x + 6, middle - 21, width - 12, 42)
    if isinstance(says, int):
        sheet.box(*box, _LEVELS[says], edge="#9db7cf", thick=1.5, round_=8)
        words, colour = str(says), "white" if says >= 3 else _INK
    else:
        sheet.box(*box, "white", edge=_QUIET, thick=2, dashed=True, round_=8)
        words, colour = {"dk": "?", "na": "n/a", None: "–"}[says], _INK
    sheet.words(x + width / 2, middle, words, 28, weight="bold", colour=colour, align="center")


def _shown(parts: Sequence[Part]) -> list[Status]:
    present = {row.status for part in parts for row in part.rows}
    return [status for status in _STATUS_WORDS if status in present]


def _legend_height(parts: Sequence[Part]) -> int:
    return 40 * -(-len(_shown(parts)) // 3) + 80 if _shown(parts) else 70


def _legend(sheet: Sheet, y: float, parts: Sequence[Part]) -> None:
    """What the marks mean, above the rows, where it is read first."""
    if not _shown(parts):
        sheet.words(_EDGE, y + 20, "Nothing has been asked yet.", 30, colour=_QUIET)
        return
    for place, status in enumerate(_shown(parts)):
        x, at = _EDGE + 12 + 330 * (place % 3), y + 14 + 40 * (place // 3)
        marker, colour = _STATUS_MARKS[status]
        sheet.mark(x, at, marker, 18, colour)
        sheet.words(x + 24, at, _STATUS_WORDS[status], 25)
    at = y + 14 + 40 * -(-len(_shown(parts)) // 3)
    sheet.words(
        _EDGE, at, "From 0, nothing there, to 4, managed.  ? don't know   – no answer", 24, colour=_QUIET
    )
    sheet.words(
        _EDGE, at + 34, "Framed: the groups see it differently, or its owner can't see it", 24, colour=_QUIET
    )
