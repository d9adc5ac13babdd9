"""What goes wrong for a person, in words for that person.

Told          something the person should read, where they acted; nothing was changed
├── Refused   they may not do this; kept in the audit log
├── NothingYet they take part in nothing; the next step is to start
├── Which     several initiatives fit; they choose one and it is tried again
└── Invalid   a form's fields need another look; keeps what was typed
"""

from collections.abc import Mapping, Sequence


class Told(Exception):
    """Something the person should read: what happened, why, and what to do next."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


class Refused(Told):
    """The person may not do this; `action` is what they tried, for the audit log."""

    def __init__(self, text: str, action: str = "", initiative_id: int | None = None) -> None:
        super().__init__(text)
        self.action = action
        self.initiative_id = initiative_id


class NothingYet(Told):
    """The person takes part in no initiative."""


class Which(Told):
    """Several initiatives fit what was asked: `choices` are their ids and names."""

    def __init__(self, choices: Sequence[tuple[int, str]]) -> None:
        super().__init__("Several initiatives fit. Say which one you mean: add its name to the command.")
        self.choices = tuple(choices)


class Invalid(Told):
    """A submitted form needs another look: one sentence per input block."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__(" ".join(errors.values()))
        self.errors = dict(errors)
