"""views.* and blocks.validate."""

import json

from sandbox import modals
from sandbox.jsontypes import Json
from sandbox.state import View
from sandbox.validator import message_faults, view_faults
from sandbox.web.call import Call, MethodFunction, SlackError, refuse_faults

_MAX_VALIDATED = 100_000


def open_(call: Call) -> Json:
    """views.open"""
    view = _view(call, "modal")
    trigger = modals.use_trigger(call.world, call.team, _trigger(call))
    return _shown(call, modals.open_modal(call.world, call.team, trigger, view))


def push(call: Call) -> Json:
    """views.push"""
    view = _view(call, "modal")
    trigger = modals.use_trigger(call.world, call.team, _trigger(call))
    return _shown(call, modals.push_modal(call.world, call.team, trigger.user, view))


def update(call: Call) -> Json:
    """views.update"""
    content = _view(call, None)
    view_id, external_id = call.text("view_id"), call.text("external_id")
    if not view_id and not external_id:
        raise SlackError("invalid_arguments")
    found = call.team.view(view_id) if view_id else _by_external_id(call, external_id)
    if found is None:
        raise SlackError("not_found")
    modals.change_view(call.world, call.team, found, content, call.text("hash") or None)
    return _shown(call, found)


def publish(call: Call) -> Json:
    """views.publish"""
    content = _view(call, "home")
    if not call.world.app.home_tab:
        raise SlackError("not_enabled")
    user = call.text("user_id")
    if user not in call.team.people:
        raise SlackError("invalid_arguments", response_metadata={"messages": ["[ERROR] invalid `user_id`"]})
    expected = call.text("hash") or None
    return _shown(call, modals.publish_home(call.world, call.team, user, content, expected))


def validate(args: Json) -> Json:
    """blocks.validate: exactly one of blocks, view, message. Needs no token, so no workspace either."""
    given = [name for name in ("blocks", "view", "message") if args.get(name) is not None]
    if len(given) != 1:
        raise SlackError("invalid_arguments")
    name = given[0]
    value = args[name]
    if isinstance(value, str):
        if len(value) > _MAX_VALIDATED:
            raise SlackError("invalid_arguments")
        try:
            value = json.loads(value)
        except json.JSONDecodeError:
            raise SlackError(f"invalid_{name}") from None
    if name == "view":
        refuse_faults("invalid_view", view_faults(value))
    elif name == "blocks":
        refuse_faults("invalid_blocks", message_faults(value))
    else:
        blocks = value.get("blocks", []) if isinstance(value, dict) else None
        refuse_faults("invalid_message", message_faults(blocks))
    return {}


def _view(call: Call, kind: str | None) -> Json:
    view = modals.checked(call.structure("view", "invalid_arguments"))
    if kind and view["type"] != kind:
        raise SlackError("invalid_arguments")
    return view


def _trigger(call: Call) -> str:
    trigger = call.text("trigger_id") or call.text("interactivity_pointer")
    if not trigger:
        raise SlackError("invalid_arguments")
    return trigger


def _by_external_id(call: Call, external_id: str) -> View | None:
    return next((view for view in call.team.views() if view.content.get("external_id") == external_id), None)


def _shown(call: Call, view: View) -> Json:
    return {"view": modals.shown(call.world, call.team, view)}


METHODS: dict[str, MethodFunction] = {
    "views.open": open_,
    "views.publish": publish,
    "views.push": push,
    "views.update": update,
}
