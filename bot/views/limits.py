"""What Slack allows in one text or list, and how an over-long text is shortened without breaking it.

The SDK's own validators miss many of these, so the numbers live here. Knows text and nothing about blocks.
"""

import re
from typing import Final

BLOCKS_IN_MESSAGE: Final = 50
BLOCKS_IN_VIEW: Final = 100
MESSAGE_TEXT: Final = 4_000
"""`chat.update` refuses more, and any message may be edited later."""
SECTION_TEXT: Final = 3_000
SECTION_FIELDS: Final = 10
FIELD_TEXT: Final = 2_000
HEADER_TEXT: Final = 150
CONTEXT_ELEMENTS: Final = 10
CONTEXT_TEXT: Final = 3_000
ACTIONS_ELEMENTS: Final = 25
INPUT_LABEL: Final = 2_000
INPUT_HINT: Final = 2_000
ALT_TEXT: Final = 2_000
IMAGE_URL: Final = 3_000
IMAGE_TITLE: Final = 2_000
IDENTIFIER: Final = 255
BUTTON_TEXT: Final = 75
BUTTON_VALUE: Final = 2_000
BUTTON_URL: Final = 3_000
ACCESSIBILITY_LABEL: Final = 75
OPTION_TEXT: Final = 75
OPTION_VALUE: Final = 150
OPTION_DESCRIPTION: Final = 75
RADIO_OPTIONS: Final = 10
SELECT_OPTIONS: Final = 100
OVERFLOW_OPTIONS: Final = 5
PLACEHOLDER: Final = 150
CONFIRM_TITLE: Final = 100
CONFIRM_TEXT: Final = 300
CONFIRM_BUTTON: Final = 30
VIEW_TITLE: Final = 24
VIEW_BUTTON: Final = 24
PRIVATE_METADATA: Final = 3_000
VIEW_BYTES: Final = 250_000
INPUT_LENGTH: Final = 3_000

_PIECE: Final = re.compile(r"<[^<>]*>|&(?:amp|lt|gt);|.", re.DOTALL)
_UNSENDABLE: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
_BLANK: Final = re.compile(r"[\s\u200b-\u200f\u2060\ufeff\u3164]*")


def size(text: str) -> int:
    """Length as the stricter reading of Slack's limits counts it: in UTF-16 units, so most emoji are two."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def clean(text: str) -> str:
    """Without characters that JSON, PostgreSQL or a screen reader would choke on."""
    return _UNSENDABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def is_blank(text: str) -> bool:
    """True when a reader would see nothing; Slack refuses such texts."""
    return _BLANK.fullmatch(text) is not None


def fit(text: str, limit: int) -> str:
    """At most `limit` long, ending in an ellipsis where cut; never blank.

    A link, a mention or an escaped character is kept whole or left out, never cut in two.
    """
    text = clean(text)
    if is_blank(text):
        return "–"
    if size(text) <= limit:
        return text
    kept: list[str] = []
    room = limit - 1
    for piece in _PIECE.finditer(text):
        room -= size(piece.group())
        if room < 0:
            break
        kept.append(piece.group())
    return "".join(kept).rstrip() + "…"


def one_line(text: str, limit: int) -> str:
    """Like `fit`, with all white space folded into single spaces: for labels and options."""
    return fit(" ".join(clean(text).split()), limit)
