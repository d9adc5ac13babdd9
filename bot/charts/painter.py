"""Runs the drawing in a worker process of its own, so that nobody waits for a picture.

The process starts with the first picture, is replaced if it dies, and goes when its parent goes.
"""

import asyncio
import functools
import multiprocessing
import os
import pickle
import signal
import threading
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import Self

from bot.charts.picture import Picture


class DrawingFailedError(Exception):
    """No picture could be drawn. Whatever it belongs to goes out without one."""


class Painter:
    """Draws pictures, one at a time, in one worker process. Use it as an async context manager."""

    def __init__(self) -> None:
        self._pool: ProcessPoolExecutor | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def draw(self, picture: Picture) -> bytes:
        """The picture as PNG bytes. Raises DrawingFailedError when two workers in a row die of it."""
        try:
            return await self._draw_once(picture)
        except BrokenProcessPool:
            await self.close()
        try:
            return await self._draw_once(picture)
        except BrokenProcessPool as broken:
            await self.close()
            raise DrawingFailedError("the drawing process died twice") from broken

    async def _draw_once(self, picture: Picture) -> bytes:
        if self._pool is None:
            # Spawned, not forked: the parent has threads and open sockets.
            context = multiprocessing.get_context("spawn")
            self._pool = ProcessPoolExecutor(1, mp_context=context, initializer=_settle_in)
        return await asyncio.wrap_future(self._pool.submit(_draw, picture))

    async def close(self) -> None:
        """End the worker process; a later picture starts a new one."""
        pool, self._pool = self._pool, None
        if pool is not None:
            await asyncio.to_thread(pool.shutdown, cancel_futures=True)


def _draw(picture: Picture) -> bytes:
    return _drawn(pickle.dumps(picture))


@functools.lru_cache(maxsize=4)
def _drawn(picture: bytes) -> bytes:
    """In the worker: several people are shown the same picture within a moment, and it is drawn once."""
    from bot.charts.drawing import draw  # only the worker pays for matplotlib

    return draw(pickle.loads(picture))  # noqa: S301 - pickled a line above


def _settle_in() -> None:
    """In the worker: leave Ctrl-C to the parent, and end when the parent was killed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(0)
