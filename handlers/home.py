"""The App Home: what waits for the person who opened it."""

from bot.desk import mine
from bot.desk.work import Work
from handlers.incoming import Happened
from handlers.replies import Reply
from handlers.routing import Does, Routes


async def _opened(work: Work, event: Happened) -> Reply:
    if event.body.get("tab") == "home" and event.actor.user_id:
        await mine.show_home(work, key=event.key)
    return None


ROUTES = Routes(events={"app_home_opened": Does(_opened)})
