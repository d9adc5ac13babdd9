"""users.*, usergroups.*, team.info, bots.info: who is who."""

from sandbox.jsontypes import Json
from sandbox.state import Person, person_json
from sandbox.web.call import Call, MethodFunction, SlackError, page


def info(call: Call) -> Json:
    """users.info"""
    return {"user": _shown(call, call.person())}


def list_(call: Call) -> Json:
    """users.list"""
    everybody = [_shown(call, person) for person in call.team.people.values()]
    shown, cursor = page(everybody, call.limit(), call.text("cursor"))
    now = int(call.world.clock.now())
    return {"members": shown, "cache_ts": now, "response_metadata": {"next_cursor": cursor}}


def groups(call: Call) -> Json:
    """usergroups.list"""
    shown = []
    for group in call.team.usergroups.values():
        entry: Json = {"id": group.id, "team_id": call.team.id, "handle": group.handle, "name": group.handle}
        if call.flag("include_users"):
            entry["users"] = group.members
        if call.flag("include_count"):
            entry["user_count"] = len(group.members)
        shown.append(entry)
    return {"usergroups": shown}


def group_members(call: Call) -> Json:
    """usergroups.users.list"""
    wanted = call.text("usergroup")
    for group in call.team.usergroups.values():
        if group.id == wanted:
            return {"users": group.members}
    raise SlackError("no_such_subteam")


def team_info(call: Call) -> Json:
    """team.info"""
    team = call.team
    return {"team": {"id": team.id, "name": team.name, "domain": team.domain, "email_domain": ""}}


def bot_info(call: Call) -> Json:
    """bots.info"""
    if call.text("bot") != call.app.bot_id:
        raise SlackError("bot_not_found")
    bot = {
        "id": call.app.bot_id,
        "app_id": call.world.app.id,
        "user_id": call.app.bot_user_id,
        "name": call.world.app.name,
        "deleted": False,
        "updated": 0,
        "icons": {},
    }
    return {"bot": bot}


def _shown(call: Call, person: Person) -> Json:
    shown = person_json(person, with_email=call.world.granted(call.team, "users:read.email"))
    if call.flag("include_locale") and not person.is_stranger:
        shown["locale"] = person.locale
    return shown


METHODS: dict[str, MethodFunction] = {
    "bots.info": bot_info,
    "team.info": team_info,
    "usergroups.list": groups,
    "usergroups.users.list": group_members,
    "users.info": info,
    "users.list": list_,
}
