"""Full-size runs end with a summary of what was measured."""

from collections.abc import Callable

import pytest

_FIGURES = pytest.StashKey[list[str]]()

Note = Callable[[str], None]


@pytest.fixture
def note(request: pytest.FixtureRequest) -> Note:
    """Add a line to the summary."""
    figures: list[str] = request.config.stash.setdefault(_FIGURES, [])

    def add(line: str) -> None:
        figures.append(line)

    return add


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """What was measured, a line each."""
    figures = config.stash.get(_FIGURES, [])
    if figures:
        terminalreporter.section("What was measured")
        for line in figures:
            terminalreporter.line(line)
