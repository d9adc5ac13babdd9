"""Block Kit as tables: every block and view field with its limits, as Slack documents them.

Where Slack's pages disagree the stricter number stands. Elements are in `sandbox.elementspec`; checked by
`sandbox.validator`; knows no state.
"""

from sandbox.elementspec import CONTEXT_ACTIONS, ELEMENTS, ID, IMAGE_FIELDS
from sandbox.specs import Anything, Bool, Items, Number, Obj, Spec, Str, Text, Typed

MESSAGE, MODAL, HOME = "message", "modal", "home"
_ALL = frozenset({MESSAGE, MODAL, HOME})
_NO_MODAL = frozenset({MESSAGE, HOME})
_ONLY_MESSAGE = frozenset({MESSAGE})

_IN_INPUT = tuple(kind for kind in ELEMENTS if kind not in ("button", "workflow_button", "overflow", "image"))
_IN_ACTIONS = tuple(kind for kind in ELEMENTS if not kind.endswith("_input") and kind != "image")
_IN_SECTION = tuple(kind for kind in ELEMENTS if not kind.endswith("_input") and kind != "datetimepicker")

_CONTEXT_ELEMENTS: dict[str, Obj] = {
    "image": ELEMENTS["image"],
    "plain_text": Obj({"type": Str(), "text": Str(3_000), "emoji": Bool()}, ("text",)),
    "mrkdwn": Obj({"type": Str(), "text": Str(3_000), "verbatim": Bool()}, ("text",)),
}
_LEAF = Anything()
_RICH_SECTIONS: dict[str, Obj] = {
    "rich_text_section": Obj({"type": Str(), "elements": Items(_LEAF, 1_000, 0)}, ("elements",)),
    "rich_text_list": Obj(
        {
            "type": Str(),
            "style": Str(choices=("bullet", "ordered")),
            "indent": Number(0, 8, integer=True),
            "offset": Number(0, integer=True),
            "border": Number(0, 1, integer=True),
            "elements": Items(_LEAF, 1_000, 0),
        },
        ("style", "elements"),
    ),
    "rich_text_quote": Obj(
        {"type": Str(), "border": Number(0, 1, integer=True), "elements": Items(_LEAF, 1_000, 0)},
        ("elements",),
    ),
    "rich_text_preformatted": Obj(
        {
            "type": Str(),
            "border": Number(0, 1, integer=True),
            "language": Str(),
            "elements": Items(_LEAF, 1_000, 0),
        },
        ("elements",),
    ),
}
_RICH_TEXT = Obj(
    {"type": Str(), "block_id": ID, "elements": Items(Typed(_RICH_SECTIONS), 1_000, 0)}, ("elements",)
)
_CELLS: dict[str, Obj] = {
    "raw_text": Obj({"type": Str(), "text": Str(10_000)}, ("text",)),
    "raw_number": Obj({"type": Str(), "value": Number(), "text": Str()}, ("value",)),
    "rich_text": _RICH_TEXT,
}
_COLUMN = Obj({"align": Str(choices=("left", "center", "right")), "is_wrapped": Bool()})
_SERIES = Items(
    Obj(
        {
            "name": Str(20),
            "data": Items(Obj({"label": Str(20), "value": Number()}, ("label", "value")), 20),
        },
        ("name", "data"),
    ),
    6,
)
_AXES = Obj(
    {"categories": Items(Str(20), 20), "x_label": Str(50), "y_label": Str(50)},
    ("categories",),
)
_XY = Obj({"type": Str(), "series": _SERIES, "axis_config": _AXES}, ("series", "axis_config"))
_SEGMENT = Obj({"label": Str(20), "value": Number(1e-12)}, ("label", "value"))
_CHARTS: dict[str, Obj] = {
    "pie": Obj({"type": Str(), "segments": Items(_SEGMENT, 6)}, ("segments",)),
    "bar": _XY,
    "line": _XY,
    "area": _XY,
}


def _block(
    required: tuple[str, ...] = (),
    exactly: tuple[tuple[str, ...], ...] = (),
    at_least: tuple[tuple[str, ...], ...] = (),
    only_on: frozenset[str] = _ALL,
    **own: Spec,
) -> Obj:
    return Obj({"type": Str(), "block_id": ID, **own}, required, exactly, at_least, only_on)


BLOCKS: dict[str, Obj] = {
    "section": _block(
        at_least=(("text", "fields"),),
        text=Text(3_000),
        fields=Items(Text(2_000), 10),
        accessory=Typed(ELEMENTS, _IN_SECTION),
        expand=Bool(),
    ),
    "header": _block(("text",), text=Text(150, plain=True)),
    "divider": _block(),
    "context": _block(("elements",), elements=Items(Typed(_CONTEXT_ELEMENTS), 10)),
    "actions": _block(("elements",), elements=Items(Typed(ELEMENTS, _IN_ACTIONS), 25)),
    "image": Obj(
        {**IMAGE_FIELDS, "block_id": ID, "title": Text(2_000, plain=True)},
        ("alt_text",),
        exactly=(("image_url", "slack_file"),),
        only_on=_ALL,
    ),
    "input": _block(
        ("label", "element"),
        label=Text(2_000, plain=True),
        element=Typed(ELEMENTS, _IN_INPUT),
        hint=Text(2_000, plain=True),
        optional=Bool(),
        dispatch_action=Bool(),
    ),
    "rich_text": Obj(_RICH_TEXT.fields, _RICH_TEXT.required, only_on=_ALL),
    "markdown": _block(("text",), text=Str(12_000), only_on=_ONLY_MESSAGE),
    "table": _block(
        ("rows",),
        rows=Items(Items(Typed(_CELLS), 20), 100),
        column_settings=Items(_COLUMN, 20),
        only_on=_NO_MODAL,
    ),
    "data_visualization": _block(("title", "chart"), title=Str(50), chart=Typed(_CHARTS), only_on=_NO_MODAL),
    "alert": _block(
        ("text",),
        text=Text(200),
        level=Str(choices=("default", "info", "warning", "error", "success")),
        only_on=frozenset({MODAL}),
    ),
    "context_actions": _block(
        ("elements",), elements=Items(Typed(CONTEXT_ACTIONS), 5), only_on=_ONLY_MESSAGE
    ),
    "video": _block(
        ("alt_text", "title", "thumbnail_url", "video_url"),
        alt_text=Str(2_000),
        title=Text(200, plain=True),
        title_url=Str(2_000),
        description=Text(200, plain=True),
        author_name=Str(50),
        provider_name=Str(50),
        provider_icon_url=Str(2_000),
        thumbnail_url=Str(3_000),
        video_url=Str(3_000),
    ),
}

_IMAGE = ELEMENTS["image"]
_CARD: dict[str, Spec] = {
    "type": Str(),
    "block_id": ID,
    "hero_image": _IMAGE,
    "icon": _IMAGE,
    "title": Text(150),
    "subtitle": Text(150),
    "body": Text(200),
    "subtext": Text(200),
    "actions": Items(Typed(ELEMENTS, ("button",)), 3),
}
_NEEDS_CONTENT = (("hero_image", "title", "actions", "body"),)
_TASK: dict[str, Spec] = {
    "type": Str(),
    "block_id": ID,
    "task_id": Str(255),
    "title": Str(),
    "details": _RICH_TEXT,
    "output": _RICH_TEXT,
    "sources": Items(Anything(), 100),
    "status": Str(choices=("pending", "in_progress", "complete", "error")),
}
_TASK_CARD = Obj(_TASK, ("task_id", "title", "status"), only_on=_ONLY_MESSAGE)
BLOCKS |= {
    "card": Obj(_CARD, at_least=_NEEDS_CONTENT, only_on=_ALL),
    "carousel": _block(
        ("elements",),
        elements=Items(Typed({"card": Obj(_CARD, at_least=_NEEDS_CONTENT)}), 10),
        only_on=_NO_MODAL,
    ),
    "container": _block(
        ("child_blocks",),
        at_least=(("title", "rich_text_title"),),
        title=Text(150, plain=True),
        rich_text_title=_RICH_TEXT,
        subtitle=Text(150),
        child_blocks=Items(Typed(BLOCKS), 10),
        width=Str(choices=("narrow", "standard", "wide", "full")),
        icon=_IMAGE,
        is_collapsible=Bool(),
        default_collapsed=Bool(),
        has_header_divider=Bool(),
        only_on=_NO_MODAL,
    ),
    "data_table": _block(
        ("caption", "rows"),
        caption=Str(),
        rows=Items(Items(Typed(_CELLS), 20), 201, 2),
        page_size=Number(1, 100, integer=True),
        row_header_column_index=Number(0, 19, integer=True),
        only_on=_NO_MODAL,
    ),
    "plan": _block(
        ("title",), title=Str(), tasks=Items(Typed({"task_card": _TASK_CARD}), 50, 0), only_on=_ONLY_MESSAGE
    ),
    "task_card": _TASK_CARD,
}

_VIEW_COMMON: dict[str, Spec] = {
    "type": Str(),
    "blocks": Items(Typed(BLOCKS), 100),
    "private_metadata": Str(3_000, 0),
    "callback_id": Str(255, 0),
    "external_id": Str(255, 0),
}
MODAL_VIEW = Obj(
    {
        **_VIEW_COMMON,
        "title": Text(24, plain=True),
        "submit": Text(24, plain=True),
        "close": Text(24, plain=True),
        "clear_on_close": Bool(),
        "notify_on_close": Bool(),
        "submit_disabled": Bool(),
    },
    ("title", "blocks"),
)
HOME_VIEW = Obj(_VIEW_COMMON, ("blocks",))
MESSAGE_BLOCKS = Items(Typed(BLOCKS), 50, 0)
METADATA = Obj({"event_type": Str(255), "event_payload": Anything()}, ("event_type", "event_payload"))
