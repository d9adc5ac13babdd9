"""How a message carries its own key, so that it can be found again after a crash.

The key travels in the message's metadata and, for servers that keep none, as the id of a block nobody
can click; a picture carries it in its file name. Knows Slack's shapes and makes no calls.
"""

from collections.abc import Mapping, Sequence
from typing import Final

EVENT_TYPE: Final = "slipway"
# Blocks without inputs: nothing finds its way back by their ids, so the key may take that place.
_SILENT: Final = frozenset({"header", "divider", "context", "image", "rich_text"})


def stamped(message: Mapping[str, object], public_key: str) -> dict[str, object]:
    """The message with its key in metadata and, where there is a silent block, in its block_id."""
    return {
        **marked(message, public_key),
        "metadata": {"event_type": EVENT_TYPE, "event_payload": {"key": public_key}},
    }


def marked(message: Mapping[str, object], public_key: str) -> dict[str, object]:
    """The message with its key in a block_id alone: for what replaces a message by its response_url."""
    blocks = message.get("blocks")
    if not isinstance(blocks, Sequence):
        return dict(message)
    silent = next((index for index, block in enumerate(blocks) if _is_silent(block)), None)
    marked_blocks = [
        {**block, "block_id": _block_id(public_key)} if index == silent else block
        for index, block in enumerate(blocks)
    ]
    return {**message, "blocks": marked_blocks}


def file_name(public_key: str) -> str:
    """The name a picture is uploaded under."""
    return f"slipway-{public_key}.png"


def carries(message: Mapping[str, object], public_key: str) -> bool:
    """Whether a message that Slack shows is the one with this key."""
    return (
        _metadata_key(message) == public_key
        or any(block.get("block_id") == _block_id(public_key) for block in _dicts(message.get("blocks")))
        or any(file.get("name") == file_name(public_key) for file in _dicts(message.get("files")))
    )


def _metadata_key(message: Mapping[str, object]) -> object:
    metadata = message.get("metadata")
    if not isinstance(metadata, Mapping) or metadata.get("event_type") != EVENT_TYPE:
        return None
    payload = metadata.get("event_payload")
    return payload.get("key") if isinstance(payload, Mapping) else None


def _block_id(public_key: str) -> str:
    return f"slipway-{public_key}"


def _is_silent(block: Mapping[str, object]) -> bool:
    kind = block.get("type")
    return kind in _SILENT or (kind == "section" and "accessory" not in block)


def _dicts(value: object) -> Sequence[Mapping[str, object]]:
    return [item for item in value if isinstance(item, Mapping)] if isinstance(value, list) else []
