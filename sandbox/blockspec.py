"""Block Kit as tables: every block, element and view field with its limits, as Slack documents them.

Where Slack's pages disagree the stricter number stands. Checked by `sandbox.validator`; knows no state.
"""

from collections.abc import Mapping

from sandbox.specs import Anything, Bool, Items, Number, Obj, Spec, Str, Text, Typed

MESSAGE, MODAL, HOME = "message", "modal", "home"
_ALL = frozenset({MESSAGE, MODAL, HOME})

ID = Str(255)
_PLACEHOLDER = Text(150, plain=True)
_STYLE = Str(choices=("primary", "danger"))
_CONFIRM = Obj(
    {
        "title": Text(100, plain=True),
        "text": Text(300),
        "confirm": Text(30, plain=True),
        "deny": Text(30, plain=True),
        "style": _STYLE,
    },
    ("title", "text", "confirm", "deny"),
)
_OPTION = Obj(
    {"text": Text(75, plain=True), "value": Str(150), "description": Text(75, plain=True)}, ("text", "value")
)
_RICH_OPTION = Obj({"text": Text(75), "value": Str(150), "description": Text(75)}, ("text", "value"))
_LINK_OPTION = Obj({**_OPTION.fields, "url": Str(3_000)}, ("text", "value"))
_OPTIONS = Items(_OPTION, 100)
_GROUPS = Items(Obj({"label": Text(75, plain=True), "options": _OPTIONS}, ("label", "options")), 100)
_FILTER = Obj(
    {
        "include": Items(Str(choices=("im", "mpim", "private", "public")), 4),
        "exclude_external_shared_channels": Bool(),
        "exclude_bot_users": Bool(),
    }
)
_DISPATCH = Obj(
    {"trigger_actions_on": Items(Str(choices=("on_enter_pressed", "on_character_entered")), 2)},
    ("trigger_actions_on",),
)
_SLACK_FILE = Obj(
    {"id": Str(pattern=r"F[A-Z0-9]{8,}"), "url": Str(3_000)},
    exactly=(("id", "url"),),
)
_IMAGE_FIELDS: Mapping[str, Spec] = {
    "type": Str(),
    "image_url": Str(3_000),
    "slack_file": _SLACK_FILE,
    "alt_text": Str(2_000),
}
_DATE = Str(pattern=r"\d{4}-\d{2}-\d{2}")
_MAX_SELECTED = Number(1, integer=True)


def _element(required: tuple[str, ...] = (), exactly: tuple[tuple[str, ...], ...] = (), **own: Spec) -> Obj:
    return Obj({"type": Str(), "action_id": ID, **own}, required, exactly)


def _select(required: tuple[str, ...] = (), exactly: tuple[tuple[str, ...], ...] = (), **own: Spec) -> Obj:
    common: dict[str, Spec] = {"placeholder": _PLACEHOLDER, "confirm": _CONFIRM, "focus_on_load": Bool()}
    return _element(required, exactly, **common, **own)


_FROM_LIST = (("options", "option_groups"),)
_USERS = Items(Str(), 1_000, 0)

ELEMENTS: dict[str, Obj] = {
    "button": _element(
        ("text",),
        text=Text(75, plain=True),
        value=Str(2_000, 0),
        url=Str(3_000),
        style=_STYLE,
        confirm=_CONFIRM,
        accessibility_label=Str(75),
    ),
    "overflow": _element(("options",), options=Items(_LINK_OPTION, 5), confirm=_CONFIRM),
    "checkboxes": _element(
        ("options",),
        options=Items(_RICH_OPTION, 10),
        initial_options=Items(_RICH_OPTION, 10),
        confirm=_CONFIRM,
        focus_on_load=Bool(),
    ),
    "radio_buttons": _element(
        ("options",),
        options=Items(_RICH_OPTION, 10),
        initial_option=_RICH_OPTION,
        confirm=_CONFIRM,
        focus_on_load=Bool(),
    ),
    "static_select": _select(
        exactly=_FROM_LIST, options=_OPTIONS, option_groups=_GROUPS, initial_option=_OPTION
    ),
    "multi_static_select": _select(
        exactly=_FROM_LIST,
        options=_OPTIONS,
        option_groups=_GROUPS,
        initial_options=_OPTIONS,
        max_selected_items=_MAX_SELECTED,
    ),
    "external_select": _select(initial_option=_OPTION, min_query_length=Number(0, integer=True)),
    "multi_external_select": _select(
        initial_options=_OPTIONS, min_query_length=Number(0, integer=True), max_selected_items=_MAX_SELECTED
    ),
    "users_select": _select(initial_user=Str()),
    "multi_users_select": _select(initial_users=_USERS, max_selected_items=_MAX_SELECTED),
    "conversations_select": _select(
        initial_conversation=Str(),
        default_to_current_conversation=Bool(),
        response_url_enabled=Bool(),
        filter=_FILTER,
    ),
    "multi_conversations_select": _select(
        initial_conversations=_USERS,
        default_to_current_conversation=Bool(),
        filter=_FILTER,
        max_selected_items=_MAX_SELECTED,
    ),
    "channels_select": _select(initial_channel=Str(), response_url_enabled=Bool()),
    "multi_channels_select": _select(initial_channels=_USERS, max_selected_items=_MAX_SELECTED),
    "datepicker": _select(initial_date=_DATE),
    "timepicker": _select(initial_time=Str(pattern=r"([01]\d|2[0-3]):[0-5]\d"), timezone=Str()),
    "datetimepicker": _element(
        initial_date_time=Number(1_000_000_000, 9_999_999_999, integer=True),
        confirm=_CONFIRM,
        focus_on_load=Bool(),
    ),
    "plain_text_input": _element(
        initial_value=Str(3_000, 0),
        multiline=Bool(),
        min_length=Number(0, 3_000, integer=True),
        max_length=Number(1, 3_000, integer=True),
        placeholder=_PLACEHOLDER,
        dispatch_action_config=_DISPATCH,
        focus_on_load=Bool(),
    ),
    "number_input": _element(
        ("is_decimal_allowed",),
        is_decimal_allowed=Bool(),
        initial_value=Str(pattern=r"-?\d+(\.\d+)?"),
        min_value=Str(pattern=r"-?\d+(\.\d+)?"),
        max_value=Str(pattern=r"-?\d+(\.\d+)?"),
        placeholder=_PLACEHOLDER,
        dispatch_action_config=_DISPATCH,
        focus_on_load=Bool(),
    ),
    "email_text_input": _select(initial_value=Str(), dispatch_action_config=_DISPATCH),
    "url_text_input": _select(initial_value=Str(), dispatch_action_config=_DISPATCH),
    "rich_text_input": _select(
        initial_value=Anything(),
        dispatch_action_config=_DISPATCH,
        min_lines=Number(1, 100, integer=True),
        max_lines=Number(1, 100, integer=True),
    ),
    "file_input": _element(filetypes=Items(Str(), 100), max_files=Number(1, 10, integer=True)),
    "image": Obj(_IMAGE_FIELDS, ("alt_text",), exactly=(("image_url", "slack_file"),)),
}

_IN_INPUT = tuple(kind for kind in ELEMENTS if kind not in ("button", "overflow", "image"))
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
        {**_IMAGE_FIELDS, "block_id": ID, "title": Text(2_000, plain=True)},
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
    "markdown": _block(("text",), text=Str(12_000), only_on=frozenset({MESSAGE})),
    "table": _block(
        ("rows",),
        rows=Items(Items(Typed(_CELLS), 20), 100),
        column_settings=Items(_COLUMN, 20),
        only_on=frozenset({MESSAGE, HOME}),
    ),
    "data_visualization": _block(
        ("title", "chart"), title=Str(50), chart=Typed(_CHARTS), only_on=frozenset({MESSAGE, HOME})
    ),
    "alert": _block(
        ("text",),
        text=Text(200),
        level=Str(choices=("default", "info", "warning", "error", "success")),
        only_on=frozenset({MODAL}),
    ),
    "context_actions": _block(("elements",), elements=Items(Anything(), 5), only_on=frozenset({MESSAGE})),
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
