"""Where payloads arrive, from a socket or from a request URL: counted, cleaned, handed to Bolt.

What Slack would never send is turned away here, so that nothing behind needs to expect it.
"""

import time
from collections.abc import Mapping

from slack_bolt.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from handlers.incoming import Malformed, Payload
from handlers.metrics import Metrics

_DEEPEST = 60

_KINDS = {
    "event_callback": "event",
    "block_actions": "click",
    "view_submission": "submission",
    "view_closed": "closed",
    "shortcut": "shortcut",
    "message_action": "shortcut",
    "block_suggestion": "options",
    "url_verification": "url_verification",
    "app_rate_limited": "app_rate_limited",
}

# Bolt asks these for members without looking first.
_OBJECTS = ("event", "view", "container", "message", "previous_message", "item", "function_data")
_LISTS = ("authorizations", "actions", "response_urls")
# Set in Bolt's context once one of our listeners has the payload: until then, what fails is Bolt's reading.
REACHED = "is_reached"
# What Bolt itself trips over while it reads a payload.
UNREADABLE = (AttributeError, KeyError, IndexError, TypeError, ValueError)


def kind_of(body: Payload) -> str:
    """The kind of payload, in our word; "other" for kinds we don't know. Raises Malformed for none at all."""
    if isinstance(body.get("command"), str):
        return "command"
    if "ssl_check" in body:
        return "ssl_check"
    kind = body.get("type")
    if not isinstance(kind, str):
        raise Malformed("type")
    return _KINDS.get(kind, "other")


def cleaned(value: object, depth: int = 0) -> object:
    """The same JSON without what no database takes: zero characters and halves of a surrogate pair.

    Raises Malformed where it is nested deeper than any payload of Slack's.
    """
    if depth > _DEEPEST:
        raise Malformed("too deep")
    if isinstance(value, str):
        return _cleaned_text(value)
    if isinstance(value, Mapping):
        return {_cleaned_text(str(key)): cleaned(part, depth + 1) for key, part in value.items()}
    if isinstance(value, list):
        return [cleaned(part, depth + 1) for part in value]
    return value


def _cleaned_text(text: str) -> str:
    text = text.replace("\x00", "")
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


class Reception:
    """Takes one payload to the listener that answers it."""

    def __init__(self, app: AsyncApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def take(self, payload: Payload, started: float) -> BoltResponse:
        """Bolt's answer; status 400 for what is malformed. `started` is on the steady clock."""
        try:
            body = _shaped(payload)
            kind = kind_of(body)
            # Verified where it came in; in this mode Bolt takes parsed bodies and looks at no header.
            request = AsyncBoltRequest(body=body, mode="socket_mode")
        except (Malformed, *UNREADABLE):
            return self._malformed()
        try:
            response = await self._app.async_dispatch(request)
        except UNREADABLE:
            # Bolt reads the payload once more to tell of the failure, and fails again.
            if request.context.get(REACHED):
                raise
            return self._malformed()
        outcome = "ok" if response.status < 400 else "failed"
        self._metrics.acks.labels(kind, outcome).observe(time.monotonic() - started)
        return response

    def _malformed(self) -> BoltResponse:
        self._metrics.unhandled.labels("malformed").inc()
        return BoltResponse(status=400, body="malformed")


def _shaped(payload: Payload) -> dict[str, object]:
    body = cleaned(payload)
    if not isinstance(body, dict):
        raise Malformed("body")
    for name in _OBJECTS:
        if name in body and body[name] is None:
            del body[name]
        if not isinstance(body.get(name, {}), dict):
            raise Malformed(name)
    for name in _LISTS:
        parts = body.get(name)
        if parts is not None and not (
            isinstance(parts, list) and all(isinstance(one, dict) for one in parts)
        ):
            raise Malformed(name)
    return body
