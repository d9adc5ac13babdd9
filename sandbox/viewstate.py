"""What a person has entered into a view or message: the `state.values` of Slack's payloads.

Values start from the elements' initial ones and survive an update where block_id, action_id and the kind
of element stay the same.
"""

from sandbox.jsontypes import Json
from sandbox.validator import elements_of, options_of

Values = dict[str, dict[str, Json]]

_INITIAL = {
    "plain_text_input": ("value", "initial_value"),
    "number_input": ("value", "initial_value"),
    "email_text_input": ("value", "initial_value"),
    "url_text_input": ("value", "initial_value"),
    "rich_text_input": ("rich_text_value", "initial_value"),
    "static_select": ("selected_option", "initial_option"),
    "external_select": ("selected_option", "initial_option"),
    "radio_buttons": ("selected_option", "initial_option"),
    "checkboxes": ("selected_options", "initial_options"),
    "multi_static_select": ("selected_options", "initial_options"),
    "multi_external_select": ("selected_options", "initial_options"),
    "users_select": ("selected_user", "initial_user"),
    "multi_users_select": ("selected_users", "initial_users"),
    "conversations_select": ("selected_conversation", "initial_conversation"),
    "multi_conversations_select": ("selected_conversations", "initial_conversations"),
    "channels_select": ("selected_channel", "initial_channel"),
    "multi_channels_select": ("selected_channels", "initial_channels"),
    "datepicker": ("selected_date", "initial_date"),
    "timepicker": ("selected_time", "initial_time"),
    "datetimepicker": ("selected_date_time", "initial_date_time"),
    "file_input": ("files", "initial_files"),
}


def value_key(element_kind: str) -> str | None:
    """Under which name an element's value stands; None for what holds no value (a button)."""
    found = _INITIAL.get(element_kind)
    return found[0] if found else None


def initial_values(blocks: list[Json]) -> Values:
    """State as it is when nobody has entered anything."""
    values: Values = {}
    for block in blocks:
        for element in elements_of(block):
            names = _INITIAL.get(element["type"])
            if names is None:
                continue
            key, initial = names
            value = element.get(initial)
            if value is None and key.endswith("s"):
                value = []
            values.setdefault(block["block_id"], {})[element["action_id"]] = {
                "type": element["type"],
                key: value,
            }
    return values


def kept_values(blocks: list[Json], before: Values) -> Values:
    """State after an update: what was entered stays where its ids stay and its options still exist."""
    values = initial_values(blocks)
    for block in blocks:
        for element in elements_of(block):
            old = before.get(block["block_id"], {}).get(element["action_id"])
            if old is not None and old["type"] == element["type"] and _still_offered(element, old):
                values[block["block_id"]][element["action_id"]] = old
    return values


def fill_current_conversation(blocks: list[Json], values: Values, channel: str) -> None:
    """Pre-select where the person is, in selects that ask for it (`default_to_current_conversation`)."""
    for block in blocks:
        for element in elements_of(block):
            if not element.get("default_to_current_conversation"):
                continue
            key = value_key(element["type"])
            state = values[block["block_id"]][element["action_id"]]
            if key is not None and not state.get(key):
                state[key] = [channel] if key.endswith("s") else channel


def _still_offered(element: Json, value: Json) -> bool:
    options = options_of(element)
    if not options:
        return True
    chosen = value.get("selected_options") or (
        [value["selected_option"]] if value.get("selected_option") else []
    )
    return all(option in options for option in chosen)
