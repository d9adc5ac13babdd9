"""uvicorn inside our own event loop: it serves, and leaves signals, logs and the loop to us."""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from starlette.applications import Starlette

_BACKLOG = 2048


class AddressTakenError(Exception):
    """The address can't be listened on; the text is one line with what to do."""


class WebServer:
    """An HTTP server with a start and a stop."""

    def __init__(self, app: Starlette, host: str, port: int, *, finish_within: float) -> None:
        """`port` 0 takes any free one. `finish_within`: seconds a stop leaves for open requests."""
        self._host = host
        self._port = port
        self._server = _Server(
            uvicorn.Config(
                app,
                loop="asyncio",
                http="h11",
                ws="none",
                lifespan="off",
                log_config=None,
                access_log=False,
                proxy_headers=False,
                server_header=False,
                timeout_graceful_shutdown=int(finish_within),
            )
        )
        self._task: asyncio.Task[None] | None = None

    @property
    def address(self) -> str:
        """The address it listens on; with port 0 known once started."""
        host = f"[{self._host}]" if ":" in self._host else self._host
        return f"http://{host}:{self._port}"

    async def start(self) -> None:
        """Listen. Raises AddressTakenError."""
        listening = self._listen()
        self._port = listening.getsockname()[1]
        self._task = asyncio.create_task(self._server.serve(sockets=[listening]), name="web")
        await self._server.listening.wait()

    async def stop(self) -> None:
        """Take no new connection, let open requests finish."""
        self._server.should_exit = True
        if self._task is not None:
            await self._task
            self._task = None

    def _listen(self) -> socket.socket:
        try:
            info = socket.getaddrinfo(self._host, self._port, type=socket.SOCK_STREAM)[0]
            return socket.create_server(info[4][:2], family=info[0], backlog=_BACKLOG)
        except OSError as error:
            raise AddressTakenError(
                f"can't listen on {self.address}: {error.strerror}. Set HTTP_PORT (0 takes any free port) or "
                "HTTP_HOST. Example: HTTP_PORT=8081"
            ) from None


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.listening = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """As uvicorn, then say so."""
        await super().startup(sockets)
        self.listening.set()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Signals are the program's."""
        yield
