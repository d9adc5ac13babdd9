"""The one name for JSON as it comes over the wire.

Slack's payloads are open-ended objects; what the sandbox relies on is checked by `sandbox.validator` and
by the callers. Everything with a known shape has a dataclass or a pydantic model instead.
"""

from typing import Any

Json = dict[str, Any]
