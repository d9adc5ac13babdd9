"""Block Kit's elements and composition objects as tables: buttons, selects, inputs, options, confirms.

Used by `sandbox.blockspec`; limits as Slack documents them, the stricter number where its pages disagree.
"""

from collections.abc import Mapping

from sandbox.specs import Anything, Bool, Items, Number, Obj, Spec, Str, Text

ID = Str(255)
PLACEHOLDER = Text(150, plain=True)
STYLE = Str(choices=("primary", "danger"))
CONFIRM = Obj(
    {
        "title": Text(100, plain=True),
        "text": Text(300),
        "confirm": Text(30, plain=True),
        "deny": Text(30, plain=True),
        "style": STYLE,
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
IMAGE_FIELDS: Mapping[str, Spec] = {
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
    common: dict[str, Spec] = {"placeholder": PLACEHOLDER, "confirm": CONFIRM, "focus_on_load": Bool()}
    return _element(required, exactly, **common, **own)


_FROM_LIST = (("options", "option_groups"),)
_USERS = Items(Str(), 1_000, 0)

ELEMENTS: dict[str, Obj] = {
    "button": _element(
        ("text",),
        text=Text(75, plain=True),
        value=Str(2_000, 0),
        url=Str(3_000),
        style=STYLE,
        confirm=CONFIRM,
        accessibility_label=Str(75),
    ),
    "overflow": _element(("options",), options=Items(_LINK_OPTION, 5), confirm=CONFIRM),
    "checkboxes": _element(
        ("options",),
        options=Items(_RICH_OPTION, 10),
        initial_options=Items(_RICH_OPTION, 10),
        confirm=CONFIRM,
        focus_on_load=Bool(),
    ),
    "radio_buttons": _element(
        ("options",),
        options=Items(_RICH_OPTION, 10),
        initial_option=_RICH_OPTION,
        confirm=CONFIRM,
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
        confirm=CONFIRM,
        focus_on_load=Bool(),
    ),
    "plain_text_input": _element(
        initial_value=Str(3_000, 0),
        multiline=Bool(),
        min_length=Number(0, 3_000, integer=True),
        max_length=Number(1, 3_000, integer=True),
        placeholder=PLACEHOLDER,
        dispatch_action_config=_DISPATCH,
        focus_on_load=Bool(),
    ),
    "number_input": _element(
        ("is_decimal_allowed",),
        is_decimal_allowed=Bool(),
        initial_value=Str(pattern=r"-?\d+(\.\d+)?"),
        min_value=Str(pattern=r"-?\d+(\.\d+)?"),
        max_value=Str(pattern=r"-?\d+(\.\d+)?"),
        placeholder=PLACEHOLDER,
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
    "image": Obj(IMAGE_FIELDS, ("alt_text",), exactly=(("image_url", "slack_file"),)),
    "workflow_button": _element(
        ("text", "workflow"),
        text=Text(75, plain=True),
        workflow=Obj(
            {"trigger": Obj({"url": Str(3_000), "customizable_input_parameters": Anything()}, ("url",))},
            ("trigger",),
        ),
        style=STYLE,
        accessibility_label=Str(75),
    ),
}

_FEEDBACK = Obj(
    {"text": Text(75, plain=True), "value": Str(2_000), "accessibility_label": Str(75)}, ("text", "value")
)
CONTEXT_ACTIONS: dict[str, Obj] = {
    "feedback_buttons": _element(
        ("positive_button", "negative_button"), positive_button=_FEEDBACK, negative_button=_FEEDBACK
    ),
    "icon_button": _element(
        ("icon", "text"),
        icon=Str(choices=("trash",)),
        text=Text(75, plain=True),
        value=Str(2_000),
        accessibility_label=Str(75),
        visible_to_user_ids=Items(Str(), 10),
        confirm=CONFIRM,
    ),
}
