"""Where the files that are not Python lie: in the installed package, or in the checkout it runs from."""

from pathlib import Path
from typing import Final

_BOT: Final = Path(__file__).resolve().parent


def resource(name: str) -> Path:
    """Path of `migrations` or `manifest.yml`.

    A wheel carries both under `bot/_data`; a checkout keeps them beside `bot`. Raises FileNotFoundError
    when neither is there, which means a broken installation.
    """
    for place in (_BOT / "_data" / name, _BOT.parent / name):
        if place.exists():
            return place
    raise FileNotFoundError(f"{name} is missing from this installation of Slipway; install it again")
