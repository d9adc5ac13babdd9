"""Drawing in a process of its own, which may die."""

import multiprocessing
import os
import signal
import subprocess
import sys

import pytest

from bot.charts.painter import Painter
from tests.charts.pictures import EMPTY

PNG = b"\x89PNG"


async def test_a_picture_comes_back_from_the_worker_and_the_worker_goes_when_closed() -> None:
    async with Painter() as painter:
        assert (await painter.draw(EMPTY)).startswith(PNG)
        (worker,) = _workers()
    assert worker not in _workers()


async def test_a_worker_that_died_is_replaced() -> None:
    async with Painter() as painter:
        await painter.draw(EMPTY)
        (worker,) = _workers()
        assert worker is not None
        os.kill(worker, signal.SIGKILL)
        assert (await painter.draw(EMPTY)).startswith(PNG)
        assert _workers() != [worker]


async def test_a_fault_in_the_drawing_reaches_the_caller_and_the_next_picture_is_drawn() -> None:
    async with Painter() as painter:
        with pytest.raises(AttributeError):
            await painter.draw(None)  # type: ignore[arg-type]
        assert (await painter.draw(EMPTY)).startswith(PNG)


def test_importing_the_painter_does_not_import_matplotlib() -> None:
    look = "import bot.charts.painter, sys; sys.exit('matplotlib' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", look], check=False).returncode == 0


def test_the_worker_ends_when_its_parent_is_killed() -> None:
    parent = subprocess.Popen(
        [sys.executable, "-c", _PARENT], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    assert parent.stdout is not None
    assert parent.stdout.readline() == "drawn\n"
    parent.kill()
    # The worker holds the other end of the pipe: the reading comes to an end when the worker does.
    parent.communicate(timeout=30)


_PARENT = """
import asyncio
from bot.charts.painter import Painter
from bot.charts.picture import Picture

async def main():
    await Painter().draw(Picture("h", "i", [], [], []))
    print("drawn", flush=True)
    await asyncio.Event().wait()

if __name__ == "__main__":
    asyncio.run(main())
"""


def _workers() -> list[int | None]:
    return [child.pid for child in multiprocessing.active_children()]
