"""auth.*, apps.*, oauth.v2.access: installing, checking and revoking."""

import base64
import binascii

from sandbox.jsontypes import Json
from sandbox.state import Installation, Team
from sandbox.web.call import Call, MethodFunction, Services, SlackError


def auth_test(call: Call) -> Json:
    """auth.test"""
    return {
        "url": f"https://{call.team.domain}.slack.com/",
        "team": call.team.name,
        "user": call.world.app.name,
        "team_id": call.team.id,
        "user_id": call.app.bot_user_id,
        "bot_id": call.app.bot_id,
        "is_enterprise_install": False,
    }


def auth_revoke(call: Call) -> Json:
    """auth.revoke"""
    if not call.flag("test"):
        uninstall(call.services, call.team, call.app)
    return {"revoked": not call.flag("test")}


def uninstall(services: Services, team: Team, app: Installation) -> None:
    """Take the app out of a workspace: its token dies, and it is told so."""
    services.events.uninstalled(team, app.bot_user_id)
    app.active = False


def open_connection(services: Services) -> Json:
    """apps.connections.open"""
    address = services.world.base_url.replace("http://", "ws://", 1)
    return {"url": f"{address}/link/?ticket={services.hub.new_ticket()}&app_id={services.world.app.id}"}


def oauth_access(services: Services, args: Json, authorization: str | None) -> Json:
    """oauth.v2.access: a code for a bot token."""
    world = services.world
    client_id, secret = _credentials(args, authorization)
    if client_id != world.app.client_id:
        raise SlackError("invalid_client_id")
    if secret != world.app.client_secret:
        raise SlackError("bad_client_secret")
    code = world.oauth_codes.pop(str(args.get("code", "")), None)
    if code is None:
        raise SlackError("invalid_code")
    team_id, installer = code
    team = world.teams[team_id]
    app = world.install(team, installer, world.app.scopes)
    return {
        "access_token": app.bot_token,
        "token_type": "bot",
        "scope": ",".join(app.scopes),
        "bot_user_id": app.bot_user_id,
        "app_id": world.app.id,
        "team": {"id": team.id, "name": team.name},
        "enterprise": None,
        "authed_user": {"id": installer},
        "is_enterprise_install": False,
    }


def _credentials(args: Json, authorization: str | None) -> tuple[str, str]:
    if authorization and authorization.startswith("Basic "):
        try:
            plain = base64.b64decode(authorization.removeprefix("Basic "), validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            raise SlackError("invalid_client_id") from None
        client_id, _, secret = plain.partition(":")
        return client_id, secret
    return str(args.get("client_id", "")), str(args.get("client_secret", ""))


METHODS: dict[str, MethodFunction] = {"auth.revoke": auth_revoke, "auth.test": auth_test}
