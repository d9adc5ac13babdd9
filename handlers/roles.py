"""Roles: accept, not me, name another, and the profile that leads confirm or dispute."""

from bot.desk import profile, roles
from bot.desk.checks import Checked
from bot.desk.ledger import is_being_posted, posted
from bot.desk.work import Work
from bot.views import actions as act
from bot.views import notices
from bot.views import roles as views
from bot.views.actions import InitiativeRef, ProfileRef, RoleRef, decode
from handlers.front import Front
from handlers.incoming import Click, Submission
from handlers.looking_up import checked, look_up
from handlers.replies import CloseAll, NextView, Reply, Whisper
from handlers.routing import Asks, Does, Opens, Routes

_THANKS = "Thank you, that is noted. `/slipway mine` shows whether anything else waits for you."


async def _accept(work: Work, click: Click) -> Reply:
    ref = decode(RoleRef, click.value)
    on_card = await _on_own_card(work, click)
    await roles.accept(work, ref.role, key=click.key, response_url=click.response_url if on_card else "")
    return None if on_card else Whisper(notices.told(_THANKS))


async def _on_own_card(work: Work, click: Click) -> bool:
    """Whether the click was on the message that asks, rather than in a list."""
    if not (click.message_ts and click.response_url):
        return False
    # In this order: what is settled in between is found by its place.
    if await is_being_posted(work, "role", click.actor.user_id):
        return True
    message = await posted(work, click.channel_id, click.message_ts)
    return message is not None and message.kind == "role"


async def _open_acceptance(work: Work, click: Click, view_id: str) -> Reply:
    ref = decode(RoleRef, click.value)
    await roles.open_acceptance(work, ref.role, key=click.key, view_id=view_id)
    return None


async def _accept_as_lead(work: Work, sent: Submission) -> Reply:
    ref = decode(RoleRef, sent.metadata)
    dispute = await roles.accept_as_lead(work, ref.role, sent.fields, key=sent.key)
    return NextView(dispute) if dispute is not None else CloseAll()


async def _open_not_me(work: Work, click: Click, view_id: str) -> Reply:
    ref = decode(RoleRef, click.value)
    await roles.open_not_me(work, ref.role, key=click.key, view_id=view_id)
    return None


async def _ask_person(front: Front, sent: Submission) -> Checked:
    return await look_up(front, sent, people=(views.PERSON,))


async def _decline(work: Work, sent: Submission, answer: object) -> Reply:
    ref = decode(RoleRef, sent.metadata)
    await roles.decline(work, ref.role, sent.fields, checked(answer), key=sent.key)
    return CloseAll()


async def _example(work: Work, click: Click, view_id: str) -> Reply:
    await work.fill(views.example(), view_id=view_id, key=f"{click.key}:view")
    return None


async def _open_naming(work: Work, click: Click, view_id: str) -> Reply:
    ref = decode(RoleRef, click.value)
    await roles.open_naming(work, ref.role, key=click.key, view_id=view_id)
    return None


async def _name(work: Work, sent: Submission, answer: object) -> Reply:
    ref = decode(RoleRef, sent.metadata)
    await roles.name_another(work, ref.role, sent.fields, checked(answer), key=sent.key)
    return CloseAll()


async def _confirm_profile(work: Work, click: Click) -> Reply:
    ref = decode(ProfileRef, click.value)
    await profile.confirm(work, ref, key=click.key, response_url=click.response_url)
    return None


async def _open_dispute(work: Work, click: Click, view_id: str) -> Reply:
    ref = decode(InitiativeRef, click.value)
    await profile.open_dispute(work, ref.initiative, key=click.key, view_id=view_id)
    return None


async def _dispute(work: Work, sent: Submission) -> Reply:
    ref = decode(InitiativeRef, sent.metadata)
    await profile.dispute(work, ref.initiative, sent.fields, key=sent.key)
    return CloseAll()


ROUTES = Routes(
    clicks={
        act.ROLE_ACCEPT: Does(_accept),
        act.ROLE_ACCEPT_LEAD: Opens(_open_acceptance, "Accept"),
        act.ROLE_NOT_ME: Opens(_open_not_me, "Not me"),
        act.ROLE_EXAMPLE: Opens(_example, "An example"),
        act.ROLE_NAME: Opens(_open_naming, "Name another"),
        act.PROFILE_CONFIRM: Does(_confirm_profile),
        act.PROFILE_DISPUTE: Opens(_open_dispute, "How it will be"),
    },
    submissions={
        act.ROLE_LEAD_SUBMIT: Does(_accept_as_lead),
        act.ROLE_NOT_ME_SUBMIT: Asks(_ask_person, _decline),
        act.ROLE_NAME_SUBMIT: Asks(_ask_person, _name),
        act.PROFILE_DISPUTE_SUBMIT: Does(_dispute),
    },
)
