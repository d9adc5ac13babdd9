"""Opens, pushes, changes and closes views, for views.* and for answers to submissions alike.

Checks what Slack checks: the view itself, trigger, hash, external_id, and a stack of at most three.
"""

import json
import secrets
import time

from sandbox.contract import MAX_VIEW_BYTES, MAX_VIEW_STACK
from sandbox.jsontypes import Json
from sandbox.posting import named
from sandbox.state import Team, View, new_id, view_json
from sandbox.validator import view_faults
from sandbox.viewstate import fill_current_conversation, initial_values, kept_values
from sandbox.web.call import SlackError, refuse_faults
from sandbox.world import Trigger, World


def checked(view: object) -> Json:
    """The view, if Slack would take it."""
    if not isinstance(view, dict):
        raise SlackError("invalid_arguments")
    if len(json.dumps(view)) > MAX_VIEW_BYTES:
        raise SlackError("view_too_large")
    refuse_faults("invalid_arguments", view_faults(view))
    return view


def use_trigger(world: World, team: Team, trigger_id: str) -> Trigger:
    """Spend a trigger."""
    trigger = world.triggers.get(trigger_id)
    if trigger is None or trigger.team_id != team.id:
        raise SlackError("invalid_trigger_id")
    if trigger.used:
        raise SlackError("exchanged_trigger_id")
    if time.monotonic() - trigger.born > world.knobs.trigger_life:
        raise SlackError("expired_trigger_id")
    trigger.used = True
    return trigger


def open_modal(world: World, team: Team, trigger: Trigger, view: Json) -> View:
    """A new modal; whatever this person had open gives way."""
    user = trigger.user
    _unique_external_id(team, view, None)
    opened = _new(team, user, view, None)
    if trigger.channel:
        fill_current_conversation(opened.content["blocks"], opened.values, trigger.channel)
    team.modals[user] = [opened]
    world.changes.touch(f"person:{user}")
    return opened


def push_modal(world: World, team: Team, user: str, view: Json) -> View:
    """One more view on top of what the person has open."""
    stack = team.modals.get(user)
    if not stack:
        raise SlackError("not_found")
    if len(stack) >= MAX_VIEW_STACK:
        raise SlackError("push_limit_reached")
    _unique_external_id(team, view, None)
    pushed = _new(team, user, view, stack[-1])
    stack.append(pushed)
    world.changes.touch(f"person:{user}")
    return pushed


def change_view(world: World, team: Team, view: View, content: Json, expected_hash: str | None) -> None:
    """New content for an open view; what was entered stays where ids stay."""
    if expected_hash and expected_hash != view.hash:
        raise SlackError("hash_conflict")
    if content["type"] != view.content["type"]:
        raise SlackError("invalid_arguments")
    _unique_external_id(team, content, view)
    view.content = {**content, "blocks": named(content["blocks"])}
    view.values = kept_values(view.content["blocks"], view.values)
    view.hash = new_hash()
    world.changes.touch(f"person:{view.user}")


def publish_home(world: World, team: Team, user: str, content: Json, expected_hash: str | None) -> View:
    """Somebody's Home view."""
    home = team.homes.get(user)
    if home is None:
        home = _new(team, user, content, None)
        team.homes[user] = home
        world.changes.touch(f"person:{user}")
        return home
    change_view(world, team, home, content, expected_hash)
    return home


def close_top(world: World, team: Team, user: str) -> None:
    """The topmost view goes; the one below shows again."""
    stack = team.modals.get(user, [])
    if stack:
        stack.pop()
    world.changes.touch(f"person:{user}")


def close_all(world: World, team: Team, user: str) -> None:
    """The whole stack goes."""
    team.modals.pop(user, None)
    world.changes.touch(f"person:{user}")


def shown(world: World, team: Team, view: View) -> Json:
    """A view as Slack's answers give it."""
    return view_json(view, world.app.id, team.app.bot_id if team.app else "")


def new_hash() -> str:
    """A fresh view hash."""
    return f"{int(time.time())}.{secrets.token_hex(4)}"


def _new(team: Team, user: str, content: Json, below: View | None) -> View:
    view_id = new_id("V")
    full = {**content, "blocks": named(content["blocks"])}
    return View(
        id=view_id,
        team_id=team.id,
        user=user,
        content=full,
        hash=new_hash(),
        root_view_id=below.root_view_id if below else view_id,
        previous_view_id=below.id if below else None,
        values=initial_values(full["blocks"]),
    )


def _unique_external_id(team: Team, content: Json, own: View | None) -> None:
    wanted = content.get("external_id")
    if wanted and any(view.content.get("external_id") == wanted for view in team.views() if view is not own):
        raise SlackError("duplicate_external_id")
