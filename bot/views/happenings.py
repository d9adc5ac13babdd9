"""What the bot says when something happened around it: people left, channels went, a message was refused.

Each says what happened and offers the way out. Knows no use case.
"""

from collections.abc import Sequence
from typing import Final

from bot.views import actions as act
from bot.views import kit
from bot.views.actions import AGAIN, InitiativeRef, RoleRef, encode
from bot.views.render import Message, message


def hello(inviter: str, home_of: Sequence[str]) -> Message:
    """To a channel the bot was added to; `home_of` names the initiatives that live there."""
    thanks = f"Thank you for the invitation, {kit.person(inviter)}. " if inviter else ""
    if home_of:
        names = " and ".join(f"*{kit.said(name)}*" for name in home_of)
        words = f"{thanks}This channel is the home of {names}: the assessment comes here."
    else:
        words = (
            f"{thanks}I take stalled AI pilots to production. `/slipway new` brings one in; until then "
            f"I'm quiet."
        )
    return message([kit.section(words)])


def deactivated(
    initiative: int, name: str, user_id: str, person: str, roles: Sequence[tuple[int, str]], *, answers: bool
) -> Message:
    """To the facilitator: somebody's account was deactivated. `roles` are what they carried, id and name."""
    what = " and ".join(kit.said(role) for _, role in roles) or "somebody who answers"
    who = kit.said(person) if person else kit.person(user_id)
    buttons = [
        kit.button(
            f"Name another: {role}" if len(roles) > 1 else "Name another", act.ROLE_NAME, encode(RoleRef(id_))
        )
        for id_, role in roles
    ]
    if answers:
        buttons.append(kit.button("Change people", act.PEOPLE_EDIT, encode(InitiativeRef(initiative))))
    return message(
        [
            kit.section(
                f"*{kit.said(name)}*: the account of {who} was deactivated. They were {what}, and no message "
                "reaches them any more. What they have answered is kept."
            ),
            *([kit.actions(*buttons)] if buttons else []),
        ]
    )


def facilitator_gone(initiative: int, name: str, person: str) -> Message:
    """To the owner: nobody runs it any more."""
    return message(
        [
            kit.section(
                f"*{kit.said(name)}*: the account of {kit.said(person)}, who ran it, was deactivated. "
                f"Somebody "
                "else has to run it: choose “Change facilitator” in the settings."
            ),
            kit.actions(kit.button("Settings", AGAIN, f"settings #{initiative}", style="primary")),
        ]
    )


def home_gone(initiative: int, name: str, channel: str) -> Message:
    """To the facilitator: the home channel can't be posted to any more."""
    return message(
        [
            kit.section(
                f"*{kit.said(name)}*: I can't post to its home channel {kit.channel(channel)} any more, "
                f"because it "
                "was archived or I was removed from it. Nothing is lost. Invite me again with "
                "`/invite @Slipway`, or choose another channel under “Who carries it, and where”."
            ),
            kit.actions(kit.button("Settings", AGAIN, f"settings #{initiative}", style="primary")),
        ]
    )


def no_longer_asked(name: str) -> Message:
    """What an invitation and an open question turn into for somebody who no longer takes part."""
    return message(
        [
            kit.section(
                f"*{kit.said(name)}*: somebody else answers this now, so there is nothing more for you "
                f"to do. "
                "Thank you for your time."
            )
        ]
    )


_WHY: Final = {
    "not_in_channel": ("I'm not in that channel", "Somebody there types `/invite @Slipway`."),
    "channel_not_found": ("I can't see that channel", "Somebody there types `/invite @Slipway`."),
    "is_archived": ("that channel is archived", "Choose another home channel in the settings."),
    "user_disabled": ("that account is deactivated", "Name somebody else under “People”."),
    "account_inactive": ("that account is deactivated", "Name somebody else under “People”."),
    "user_not_found": ("Slack doesn't know that person", "Name somebody else under “People”."),
    "cannot_dm_bot": ("that account is an app", "Name somebody else under “People”."),
}

_WHAT: Final = {
    "role": "asking them to take on their role",
    "invitation": "inviting them to answer",
    "assessment": "with the assessment",
    "welcome": "saying hello",
    "picture": "with the picture",
}


def undelivered(initiative: int, name: str, to: str, kind: str, error: str) -> Message:
    """To the facilitator: Slack refused a message for good."""
    whom = kit.channel(to) if to[:1] in "CG" else kit.person(to)
    why, then = _WHY.get(
        error, (f"Slack said `{kit.said(error)[:60]}`", "Talk to them, or look at the settings.")
    )
    what = f" {_WHAT[kind]}" if kind in _WHAT else ""
    return message(
        [
            kit.section(
                f"*{kit.said(name)}*: my message to {whom}{what} could not be delivered: {why}. {then}"
            ),
            kit.actions(
                kit.button("People", AGAIN, f"people #{initiative}"),
                kit.button("Settings", AGAIN, f"settings #{initiative}"),
            ),
        ]
    )
