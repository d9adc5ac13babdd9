"""A modal is submitted or closed: what Slack's client checks, and what it does with the answer."""

from decimal import Decimal, InvalidOperation

from sandbox import modals, payloads
from sandbox.delivery import Deliverer
from sandbox.finding import CannotDo, chosen
from sandbox.interacting import timed
from sandbox.jsontypes import Json
from sandbox.outcomes import Outcome, look, outcome
from sandbox.posting import Posting
from sandbox.state import Person, Team, View
from sandbox.validator import elements_of
from sandbox.viewstate import value_key
from sandbox.web.call import SlackError
from sandbox.world import World

CONNECTING = "We had some trouble connecting. Try again?"


class Submitting:
    """Submits and closes modals in somebody's name."""

    def __init__(self, world: World, deliverer: Deliverer, posting: Posting) -> None:
        self._world = world
        self._deliverer = deliverer
        self._posting = posting

    def fill(self, team: Team, view: View, values: dict[str, object]) -> None:
        """Enter values, by block_id, action_id or label; without sending anything."""
        for name, pick in values.items():
            block, element = _input(view, name)
            value = chosen(element, pick, team)
            view.values.setdefault(block["block_id"], {})[element["action_id"]] = value

    async def submit(self, team: Team, person: Person, view: View, values: dict[str, object]) -> Outcome:
        """Fill and submit. What Slack's client would refuse comes back as errors and is not sent."""
        self.fill(team, view, values)
        wrong = _client_errors(view)
        if wrong:
            return Outcome(acked=False, latency_ms=0.0, errors=wrong, trouble="refused_by_client")
        before = look(team, person)
        payload = payloads.submission(self._world, team, person, view)
        ack, latency_ms = await timed(self._deliverer.post("interactive", payload))
        errors: dict[str, str] = {}
        if not ack.ok:
            what = "operation_timeout" if ack.error == "timeout" else "dispatch_failed"
            self._posting.trouble(team, person.id, what, CONNECTING)
        else:
            errors = self._follow(team, person, view, ack.body)
        result = outcome(self._world, team, person, before, ack, latency_ms)
        result.errors = errors
        return result

    async def close(self, team: Team, person: Person, view: View, *, everything: bool) -> Outcome:
        """Close the topmost view (Cancel), or with `everything` the whole stack (X)."""
        stack = team.modals.get(person.id, [])
        if view not in stack:
            raise CannotDo("that modal is not open")
        told = (
            next((one for one in stack if one.content.get("notify_on_close")), None) if everything else view
        )
        before = look(team, person)
        if everything or view.content.get("clear_on_close"):
            modals.close_all(self._world, team, person.id)
        else:
            modals.close_top(self._world, team, person.id)
        if told is None or not told.content.get("notify_on_close"):
            return Outcome(acked=True, latency_ms=0.0, closed=not team.modals.get(person.id))
        payload = payloads.closing(self._world, team, person, told, cleared=everything)
        ack, latency_ms = await timed(self._deliverer.post("interactive", payload))
        return outcome(self._world, team, person, before, ack, latency_ms)

    def _follow(self, team: Team, person: Person, view: View, body: Json | None) -> dict[str, str]:
        action = (body or {}).get("response_action")
        try:
            return self._act(team, person, view, action, body or {})
        except SlackError as refused:
            detail = f"{refused.error} {refused.extra.get('errors', '')}"
            self._posting.trouble(team, person.id, "bad_response", detail)
            return {}

    def _act(self, team: Team, person: Person, view: View, action: object, body: Json) -> dict[str, str]:
        world, user = self._world, person.id
        if action is None:
            stack = team.modals.get(user, [])
            if view in stack:
                stack.remove(view)
            world.changes.touch(f"person:{user}")
        elif action == "errors":
            return _checked_errors(view, body.get("errors"))
        elif action == "update":
            modals.change_view(world, team, view, modals.checked(body.get("view")), None)
        elif action == "push":
            modals.push_modal(world, team, user, modals.checked(body.get("view")))
        elif action == "clear":
            modals.close_all(world, team, user)
        else:
            raise SlackError("invalid_response_action")
        return {}


def _checked_errors(view: View, errors: object) -> dict[str, str]:
    inputs = {block["block_id"] for block in view.content["blocks"] if block["type"] == "input"}
    if not isinstance(errors, dict) or not errors or not set(errors) <= inputs:
        raise SlackError("invalid_errors", errors=f"keys must be input blocks: {errors}")
    return {str(name): str(text) for name, text in errors.items()}


def _input(view: View, name: str) -> tuple[Json, Json]:
    blocks = [block for block in view.content["blocks"] if elements_of(block)]
    for block in blocks:
        for element in elements_of(block):
            label = (block.get("label") or {}).get("text")
            if name in (block["block_id"], element["action_id"], label) and value_key(element["type"]):
                return block, element
    known = [(block.get("label") or {}).get("text") or block["block_id"] for block in blocks]
    raise CannotDo(f"there is no input {name!r} here; there is: {', '.join(known)}")


def _client_errors(view: View) -> dict[str, str]:
    errors: dict[str, str] = {}
    for block in view.content["blocks"]:
        if block["type"] != "input":
            continue
        element = block["element"]
        key = value_key(element["type"])
        value = view.values[block["block_id"]][element["action_id"]].get(key or "")
        if value in (None, "", []):
            if not block.get("optional"):
                errors[block["block_id"]] = "Please complete this required field."
        else:
            wrong = _wrong(element, value)
            if wrong:
                errors[block["block_id"]] = wrong
    return errors


def _wrong(element: Json, value: object) -> str | None:
    kind = element["type"]
    if kind == "plain_text_input":
        length = len(str(value))
        low, high = element.get("min_length", 0), element.get("max_length", 3_000)
        return None if low <= length <= high else f"Must be {low} to {high} characters long."
    if kind == "number_input":
        return _wrong_number(element, str(value))
    if kind == "url_text_input" and not str(value).startswith(("http://", "https://")):
        return "Enter a valid URL."
    most = element.get("max_selected_items")
    if most is not None and isinstance(value, list) and len(value) > most:
        return f"No more than {most}."
    return None


def _wrong_number(element: Json, value: str) -> str | None:
    try:
        number = Decimal(value)
    except InvalidOperation:
        return "Enter a number."
    if not element["is_decimal_allowed"] and number != number.to_integral_value():
        return "Enter a whole number."
    low, high = element.get("min_value"), element.get("max_value")
    if (low is not None and number < Decimal(low)) or (high is not None and number > Decimal(high)):
        return f"Must be between {low} and {high}."
    return None
