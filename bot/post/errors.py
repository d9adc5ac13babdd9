"""What can become of a call to Slack, sorted by what may be done next.

CallFault
├── NotSent      certainly without effect: try again
│   └── Limited  Slack asked to wait so many seconds
├── Unsure       may have arrived: look before trying again
├── CannotLook   may have arrived, and looking is impossible: say so, send nothing
└── SaidNo       Slack refused for good
"""


class CallFault(Exception):
    """A call did not succeed; the text says what happened."""


class NotSent(CallFault):
    """The call certainly had no effect."""


class Limited(NotSent):
    """Slack asked to wait `seconds` before the next call of `method`."""

    def __init__(self, method: str, seconds: float) -> None:
        super().__init__(f"{method} has to wait {seconds:g} s")
        self.method = method
        self.seconds = seconds


class Unsure(CallFault):
    """Nobody knows whether the call had its effect."""


class CannotLook(CallFault):
    """An earlier attempt may have arrived, and Slack does not let us look."""


class SaidNo(CallFault):
    """Slack refused, and will again; `error` is its word for why."""

    def __init__(self, method: str, error: str, detail: str = "") -> None:
        super().__init__(f"{error}: {detail}" if detail else error)
        self.method = method
        self.error = error


class WorkspaceGoneError(Exception):
    """Raised by `client_for`: the workspace has no token, or not any more."""
