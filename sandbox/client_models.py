"""What `sandbox.client` gives back: messages, views, outcomes, calls, typed as far as tests need it."""

from pydantic import BaseModel, ConfigDict, Field

from sandbox.jsontypes import Json
from sandbox.validator import elements_of, options_of


class _Seen(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class _Blocks(_Seen):
    blocks: list[Json] = Field(default_factory=list)

    @property
    def buttons(self) -> list[str]:
        """The texts of all buttons."""
        return [one["text"]["text"] for one in self.elements if one["type"] == "button"]

    @property
    def elements(self) -> list[Json]:
        """All interactive elements."""
        return [element for block in self.blocks for element in elements_of(block)]

    @property
    def action_ids(self) -> list[str]:
        """Their action_ids."""
        return [element["action_id"] for element in self.elements]

    @property
    def all_text(self) -> str:
        """Every text in the blocks, one a line."""
        return "\n".join(_texts(self.blocks))

    def options(self, action_id: str) -> list[str]:
        """The option texts of an element."""
        for element in self.elements:
            if element["action_id"] == action_id:
                return [option["text"]["text"] for option in options_of(element)]
        return []

    def has(self, action_id: str) -> bool:
        """Whether there is such an element."""
        return action_id in self.action_ids


class Message(_Blocks):
    """A message, or an ephemeral one. `revision` counts its changes."""

    ts: str
    channel: str
    text: str = ""
    user: str | None = None
    bot_id: str | None = None
    thread_ts: str | None = None
    subtype: str | None = None
    metadata: Json | None = None
    files: list[Json] = Field(default_factory=list)
    attachments: list[Json] = Field(default_factory=list)
    reactions: list[Json] = Field(default_factory=list)
    edited: Json | None = None
    revision: int = 0
    deleted: bool = False
    ephemeral: bool = False

    @property
    def from_bot(self) -> bool:
        """Whether the app wrote it."""
        return self.bot_id is not None or self.ephemeral


class View(_Blocks):
    """An open modal, or Home."""

    id: str
    type: str
    hash: str
    callback_id: str = ""
    private_metadata: str = ""
    title: Json | None = None
    submit: Json | None = None
    close: Json | None = None
    state: Json = Field(default_factory=dict)
    root_view_id: str = ""
    previous_view_id: str | None = None

    @property
    def heading(self) -> str:
        """The title's text."""
        return str((self.title or {}).get("text", ""))

    @property
    def labels(self) -> dict[str, str]:
        """Input blocks: block_id to label."""
        inputs = [block for block in self.blocks if block["type"] == "input"]
        return {block["block_id"]: block["label"]["text"] for block in inputs}


class Outcome(_Seen):
    """What an interaction came to; see `sandbox.outcomes.Outcome`."""

    acked: bool
    latency_ms: float = 0.0
    body: Json | None = None
    trouble: str | None = None
    errors: dict[str, str] = Field(default_factory=dict)
    ephemerals: list[Message] = Field(default_factory=list)
    opened: View | None = None
    view: View | None = None
    closed: bool = False

    @property
    def text(self) -> str:
        """What the app said to this person alone, all of it."""
        return "\n".join(f"{one.text}\n{one.all_text}".strip() for one in self.ephemerals)


class Notification(_Seen):
    """One ping. `reason` is dm, mention or thread."""

    channel: str
    ts: str
    reason: str
    at: float


class Screen(_Seen):
    """What a person has in front of them."""

    version: int
    user: Json
    dm: str | None = None
    group_dms: list[str] = Field(default_factory=list)
    home: View | None = None
    modals: list[View] = Field(default_factory=list)
    ephemerals: list[Message] = Field(default_factory=list)
    notifications: list[Notification] = Field(default_factory=list)
    troubles: list[Json] = Field(default_factory=list)


class Call(_Seen):
    """A call of the bot; `method` is "response_url" for posts to one."""

    number: int
    method: str
    team: str | None = None
    args: Json
    at: float
    status: int
    ok: bool
    error: str | None = None
    result: Json = Field(default_factory=dict)
    took_ms: float


class Delivery(_Seen):
    """An attempt to deliver something to the bot."""

    number: int
    id: str
    kind: str
    what: str
    user: str | None = None
    attempt: int
    copy_number: int = Field(alias="copy")
    over: str
    at: float
    acked: bool
    latency_ms: float | None = None
    status: int | None = None
    error: str | None = None


class Ack(_Seen):
    """What the bot answered to a raw delivery."""

    ok: bool
    body: Json | None = None
    status: int | None = None
    error: str | None = None


def _texts(value: object) -> list[str]:
    if isinstance(value, list):
        return [text for item in value for text in _texts(item)]
    if not isinstance(value, dict):
        return []
    own = [value["text"]] if isinstance(value.get("text"), str) else []
    return own + [text for name, inner in value.items() if name != "metadata" for text in _texts(inner)]
