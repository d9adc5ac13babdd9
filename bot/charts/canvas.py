"""A sheet of a fixed width in pixels on which words, boxes and dots are put, over matplotlib's Agg canvas.

Only the worker process imports this module: matplotlib costs a second and a hundred megabytes.
"""

import io
from collections.abc import Sequence
from functools import lru_cache
from typing import Final, Literal

from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.patches import FancyBboxPatch
from matplotlib.textpath import text_to_path

DPI: Final = 100
_POINTS: Final = 72 / DPI
Weight = Literal["normal", "bold"]
Align = Literal["left", "center", "right"]


@lru_cache(maxsize=1_000)  # a row's height is asked for before it is drawn, and measuring is most of the work
def wrapped(
    text: str, width: float, size: float, weight: Weight = "normal", most: int = 3
) -> tuple[str, ...]:
    """`text` in at most `most` lines no wider than `width` pixels; what is left over ends in an ellipsis."""
    measure = _Measure(size, weight)
    words = [part for word in text.split() for part in _broken(word, width, measure)]
    lines = [""]
    for word in words:
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and measure.width(longer) > width:
            lines.append(word)
        else:
            lines[-1] = longer
    if len(lines) <= most:
        return tuple(lines)
    return (*lines[: most - 1], _cut(lines[most - 1], width, measure))


def _broken(word: str, width: float, measure: "_Measure") -> list[str]:
    """A word too wide for a line, in two or more parts of the same length with hyphens."""
    parts = 1
    while parts < len(word) and measure.width(word[: -(-len(word) // parts)] + "-" * (parts > 1)) > width:
        parts += 1
    length = -(-len(word) // parts)
    pieces = [word[start : start + length] for start in range(0, len(word), length)]
    return [f"{piece}-" for piece in pieces[:-1]] + pieces[-1:]


def _cut(line: str, width: float, measure: "_Measure") -> str:
    while line and measure.width(line + "…") > width:
        line = line[:-1]
    return line.rstrip() + "…"


class _Measure:
    """Widths of texts in one font."""

    def __init__(self, size: float, weight: Weight) -> None:
        self._font = FontProperties(size=size * _POINTS, weight=weight)

    def width(self, text: str) -> float:
        """Width of `text` in pixels."""
        width, _, _ = text_to_path.get_text_width_height_descent(text, self._font, False)
        return float(width) / _POINTS


class Sheet:
    """White paper; x grows to the right and y downwards, in pixels."""

    def __init__(self, width: int, height: int) -> None:
        self._figure = Figure(figsize=(width / DPI, height / DPI), dpi=DPI, facecolor="white")
        self._axes = self._figure.add_axes((0.0, 0.0, 1.0, 1.0))
        self._axes.set_xlim(0, width)
        self._axes.set_ylim(height, 0)
        self._axes.set_axis_off()

    def words(
        self,
        x: float,
        y: float,
        text: str,
        size: float,
        *,
        colour: str = "#1b1f24",
        weight: Weight = "normal",
        align: Align = "left",
    ) -> None:
        """One line of text, its middle at height `y`; a dollar sign is a dollar sign, no formula."""
        self._axes.text(
            x,
            y,
            text,
            fontsize=size * _POINTS,
            color=colour,
            fontweight=weight,
            ha=align,
            va="center_baseline",
            parse_math=False,
        )

    def box(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        fill: str,
        *,
        edge: str = "none",
        thick: float = 0,
        dashed: bool = False,
        round_: float = 0,
    ) -> None:
        """A rectangle with its upper left corner at (x, y)."""
        shape = f"round,pad=0,rounding_size={round_}" if round_ else "square,pad=0"
        self._axes.add_patch(
            FancyBboxPatch(
                (x, y),
                width,
                height,
                boxstyle=shape,
                facecolor=fill,
                edgecolor=edge,
                linewidth=thick * _POINTS,
                linestyle="--" if dashed else "-",
            )
        )

    def mark(self, x: float, y: float, marker: str, size: float, fill: str) -> None:
        """A small symbol around (x, y): its shape carries the meaning, its colour only helps."""
        self._axes.plot(
            [x], [y], marker=marker, markersize=size * _POINTS, color=fill, linestyle="none", clip_on=False
        )

    def line(self, xs: Sequence[float], ys: Sequence[float], colour: str, thick: float) -> None:
        """A line through the points."""
        self._axes.plot(xs, ys, color=colour, linewidth=thick * _POINTS)

    def png(self) -> bytes:
        """The sheet as a PNG file."""
        target = io.BytesIO()
        self._figure.savefig(target, format="png", dpi=DPI)
        return target.getvalue()
