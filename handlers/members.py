"""Events about people, channels and the app itself."""

from bot.desk import happenings
from bot.desk.description import is_user
from bot.desk.people import PersonFacts
from bot.desk.work import Work
from bot.views.limits import clean
from handlers.incoming import Happened
from handlers.replies import Reply
from handlers.routing import Does, Routes


async def _person(work: Work, event: Happened) -> Reply:
    user = event.body.get("user")
    if isinstance(user, dict):
        facts = PersonFacts.from_slack(event.actor.workspace_id, user)
        if is_user(facts.user_id):
            await happenings.person_changed(work, facts, key=event.key)
    return None


async def _joined(work: Work, event: Happened) -> Reply:
    await happenings.joined_channel(
        work,
        channel_id=_word(event, "channel"),
        user_id=_word(event, "user"),
        inviter=_word(event, "inviter"),
        key=event.key,
    )
    return None


async def _channel_gone(work: Work, event: Happened) -> Reply:
    await happenings.channel_gone(work, channel_id=_word(event, "channel"), key=event.key)
    return None


async def _removed(work: Work, _event: Happened) -> Reply:
    await happenings.app_removed(work)
    return None


async def _tokens(work: Work, event: Happened) -> Reply:
    """Only the bot's own token matters; people's tokens are none of ours."""
    tokens = event.body.get("tokens")
    if isinstance(tokens, dict) and tokens.get("bot"):
        await happenings.app_removed(work)
    return None


def _word(event: Happened, name: str) -> str:
    value = event.body.get(name)
    return clean(value)[:32] if isinstance(value, str) else ""


ROUTES = Routes(
    events={
        "user_change": Does(_person),
        "member_joined_channel": Does(_joined),
        "channel_archive": Does(_channel_gone),
        "channel_left": Does(_channel_gone),
        "group_archive": Does(_channel_gone),
        "group_left": Does(_channel_gone),
        "app_uninstalled": Does(_removed),
        "tokens_revoked": Does(_tokens),
    },
)
