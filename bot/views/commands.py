"""Answers to `/slipway help`, `status`, `people`, `mine`, to what is no verb, and the App Home.

Each says what comes next and offers it as a button. Knows no use case.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from slack_sdk.models.blocks import Block

from bot.views import actions as act
from bot.views import kit
from bot.views.actions import AGAIN, ConversationRef, InitiativeRef, RoleRef, encode
from bot.views.render import Home, Message, home, message

INITIATIVES_SHOWN: Final = 12
WAITING_SHOWN: Final = 15
_PEOPLE_A_GROUP: Final = 30


def usage(verbs: Iterable[tuple[str, str]]) -> Message:
    """Every verb with what it does."""
    lines = "\n".join(f"• `/slipway {verb}` – {what}" for verb, what in verbs)
    return message(
        [
            kit.section(
                "Slipway takes a stalled AI pilot to production: it asks four groups the same hard "
                "questions in "
                "their own words, and says what blocks and what can be carried."
            ),
            kit.section(lines),
            kit.context(
                "A name may follow the verb where you take part in several: `/slipway status invoices`"
            ),
            kit.actions(
                kit.button("What waits for me", AGAIN, "mine", style="primary"),
                kit.button("Bring in a pilot", AGAIN, "new"),
            ),
        ]
    )


def unknown(typed: str, nearest: str | None, again: str, verbs: Sequence[str]) -> Message:
    """What was typed is no verb; `again` is the nearest one with what followed it."""
    blocks: list[Block] = [kit.section(f"I don't know “{kit.said(typed[:80])}”, so nothing was done.")]
    if nearest:
        blocks.append(
            kit.section(
                f"Did you mean `/slipway {nearest}`?",
                accessory=kit.button(f"Yes, {nearest}", AGAIN, again, style="primary"),
            )
        )
    known = ", ".join(f"`{verb}`" for verb in verbs)
    return message(
        [*blocks, kit.context(f"What I know: {known}"), kit.actions(kit.button("Help", AGAIN, "help"))]
    )


def nothing_yet(*, has_draft: bool) -> Message:
    """Before anything exists."""
    return message(_nothing_yet(has_draft=has_draft))


def _nothing_yet(*, has_draft: bool) -> list[Block]:
    if has_draft:
        words, label = (
            "You have begun to describe an initiative. It becomes visible once you finish it.",
            "Go on",
        )
    else:
        words = (
            "You take part in no initiative yet. Bring in a pilot that stalled, or an idea to check before a "
            "pilot: eight short pages, each saved as you go on."
        )
        label = "Bring in a pilot"
    return [kit.section(words), kit.actions(kit.button(label, AGAIN, "new", style="primary"))]


@dataclass(frozen=True, slots=True)
class Next:
    """What comes next, and the command that does it where the reader may."""

    words: str
    label: str = ""
    command: str = ""


@dataclass(frozen=True, slots=True)
class Status:
    """Where an initiative stands. `accepted`, `waiting` and `declined` are roles with who carries them."""

    initiative: int
    name: str
    facilitator: str
    is_idea: bool
    next: Next
    accepted: Sequence[str] = ()
    waiting: Sequence[str] = ()
    declined: Sequence[str] = ()
    round: str = ""
    open_disputes: int = 0


def status(shown: Status) -> Message:
    """A few lines: roles, round, who is waited for in counts, and the next step."""
    kind = "An idea, checked before its pilot" if shown.is_idea else "A pilot on its way to production"
    lines = []
    if shown.accepted:
        lines.append(f"Accepted: {', '.join(shown.accepted)}")
    if shown.waiting:
        lines.append(f"Asked, not answered yet: {', '.join(shown.waiting)}")
    if shown.declined:
        lines.append(f"Said no, somebody else is needed: {', '.join(shown.declined)}")
    if shown.open_disputes:
        lines.append(
            f"The profile: {kit.plural(shown.open_disputes, 'line')} seen differently, to be settled"
        )
    if shown.round:
        lines.append(shown.round)
    blocks: list[Block] = [
        kit.section(f"*{kit.said(shown.name)}*\n{kind}, run by {kit.person(shown.facilitator)}."),
        *([kit.section("\n".join(lines))] if lines else []),
        kit.section(f"*Next:* {shown.next.words}"),
    ]
    buttons = [kit.button("People", AGAIN, f"people #{shown.initiative}")]
    if shown.next.command:
        buttons.insert(0, kit.button(shown.next.label, AGAIN, shown.next.command, style="primary"))
    return message([*blocks, kit.actions(*buttons)])


@dataclass(frozen=True, slots=True)
class GroupPeople:
    """A group with its people, a line each."""

    name: str
    people: Sequence[str]


def people(
    initiative: int, name: str, groups: Sequence[GroupPeople], carriers: str, *, may_edit: bool
) -> Message:
    """Who is in which group, who leads it, and who has accepted."""
    blocks: list[Block] = [kit.section(f"*{kit.said(name)}*\n{carriers}")]
    for group in groups:
        shown = [f"• {line}" for line in group.people[:_PEOPLE_A_GROUP]]
        more = len(group.people) - len(shown)
        shown += [f"• and {more} more"] if more > 0 else []
        words = "\n".join(shown) or "_Nobody yet._"
        blocks.append(kit.section(f"*{kit.said(group.name)}*\n{words}"))
    if may_edit:
        edit = kit.button(
            "Change people", act.PEOPLE_EDIT, encode(InitiativeRef(initiative)), style="primary"
        )
        blocks.append(kit.actions(edit))
    return message(blocks)


@dataclass(frozen=True, slots=True)
class RoleWaiting:
    """Somebody is asked to take on roles."""

    role: int
    names: str
    initiative: str
    is_lead: bool


@dataclass(frozen=True, slots=True)
class TalkWaiting:
    """Questions wait for somebody. `answered` of `total`."""

    conversation: str
    initiative: str
    answered: int
    total: int
    started: bool
    answer_by: datetime | None = None


@dataclass(frozen=True, slots=True)
class ToDo:
    """Something else that waits, with the command that leads to it."""

    words: str
    label: str
    command: str


@dataclass(frozen=True, slots=True)
class Replacement:
    """A role nobody carries: somebody else has to be named."""

    role: int
    words: str


@dataclass(frozen=True, slots=True)
class Listed:
    """One of a person's initiatives, with its next step in a sentence."""

    initiative: int
    name: str
    next: str
    is_closed: bool = False


@dataclass(frozen=True, slots=True)
class Mine:
    """What waits for one person, over all initiatives, and where they take part."""

    waiting: Sequence[RoleWaiting | TalkWaiting | ToDo | Replacement] = ()
    initiatives: Sequence[Listed] = ()
    has_draft: bool = False


def mine(shown: Mine) -> Message:
    """What waits for the person."""
    return message(_mine(shown))


def app_home(shown: Mine) -> Home:
    """The App Home: what waits, one's initiatives, how to start."""
    return home(
        [
            kit.header("Slipway"),
            *_mine(shown),
            kit.divider(),
            kit.actions(
                kit.button("Bring in a pilot", AGAIN, "new"),
                kit.button("Help", AGAIN, "help"),
            ),
            kit.context("Everything here also works by typing `/slipway` in any channel."),
        ]
    )


def home_refused(words: str) -> Home:
    """The App Home of somebody who can't use Slipway, with the reason."""
    return home([kit.header("Slipway"), kit.section(words)])


def _mine(shown: Mine) -> list[Block]:
    if not shown.waiting and not shown.initiatives:
        return _nothing_yet(has_draft=shown.has_draft)
    blocks: list[Block] = [
        kit.section("*Waiting for you*" if shown.waiting else "Nothing waits for you. Enjoy the quiet.")
    ]
    for one in shown.waiting[:WAITING_SHOWN]:
        blocks += _waiting(one)
    hidden = len(shown.waiting) - WAITING_SHOWN
    if hidden > 0:
        blocks.append(kit.context(f"And {hidden} more, shown as these are done."))
    return [*blocks, *_listed(shown.initiatives)]


def _waiting(one: RoleWaiting | TalkWaiting | ToDo | Replacement) -> list[Block]:
    match one:
        case RoleWaiting():
            return _role_waiting(one)
        case TalkWaiting():
            ref = encode(ConversationRef(one.conversation))
            label, action = ("Go on", act.CONTINUE) if one.started else ("Start", act.START)
            by = f", by {kit.moment(one.answer_by)}" if one.answer_by else ""
            words = f"*{kit.said(one.initiative)}*: {one.answered} of {one.total} questions answered{by}"
            says = f"{label}: {one.initiative}"
            return [kit.section(words, accessory=kit.button(label, action, ref, style="primary", says=says))]
        case Replacement():
            name = kit.button("Name another", act.ROLE_NAME, encode(RoleRef(one.role)))
            return [kit.section(one.words, accessory=name)]
        case ToDo():
            return [
                kit.section(one.words, accessory=kit.button(one.label, AGAIN, one.command, style="primary"))
            ]


def _role_waiting(one: RoleWaiting) -> list[Block]:
    ref = encode(RoleRef(one.role))
    accept = act.ROLE_ACCEPT_LEAD if one.is_lead else act.ROLE_ACCEPT
    return [
        kit.section(f"*{kit.said(one.initiative)}*: you are asked to be {kit.said(one.names)}"),
        kit.actions(
            kit.button("Accept", accept, ref, style="primary", says=f"Accept: {one.initiative}"),
            kit.button("Not me", act.ROLE_NOT_ME, ref, says=f"Not me: {one.initiative}"),
        ),
    ]


def _listed(initiatives: Sequence[Listed]) -> list[Block]:
    if not initiatives:
        return []
    blocks: list[Block] = [kit.divider(), kit.section("*Your initiatives*")]
    for one in initiatives[:INITIATIVES_SHOWN]:
        status_ = kit.button("Status", AGAIN, f"status #{one.initiative}", says=f"Status of {one.name}")
        closed = " (closed)" if one.is_closed else ""
        blocks.append(kit.section(f"*{kit.said(one.name)}*{closed}\n{one.next}", accessory=status_))
    hidden = len(initiatives) - INITIATIVES_SHOWN
    if hidden > 0:
        blocks.append(kit.context(f"And {hidden} more: `/slipway status name` shows any of them."))
    return blocks
