"""Asking people to take on a role: the card, what it turns into, the forms behind its buttons.

Knows no use case. The words say what the role is, how much time it takes, and that no is an answer.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from slack_sdk.models.blocks import Block

from bot.views import actions as act
from bot.views import kit
from bot.views.actions import AGAIN, RoleRef, encode
from bot.views.render import Message, Modal, message, modal

PERSON: Final = "person"
WHY: Final = "why"
ROLES: Final = "roles"
DAYS: Final = "days"
PROFILE: Final = "profile"

CONFIRM: Final = "confirm"
DISPUTE: Final = "dispute"

State = Literal["asked", "accepted", "declined", "replaced"]


@dataclass(frozen=True, slots=True)
class AskedRole:
    """One role somebody is asked to take. `group` is the name of a lead's group."""

    id: int
    kind: Literal["owner", "sponsor", "lead"]
    group: str = ""
    state: State = "asked"

    @property
    def name(self) -> str:
        """The role in two or three words."""
        return {"owner": "Business owner", "sponsor": "Sponsor", "lead": f"Lead of {self.group}"}[self.kind]


@dataclass(frozen=True, slots=True)
class Ask:
    """What one person is asked, in one message."""

    initiative: str
    facilitator: str
    problem: str
    roles: Sequence[AskedRole]
    idea: bool = False

    @property
    def ref(self) -> str:
        """The value of the card's buttons."""
        return encode(RoleRef(self.roles[0].id))

    @property
    def is_open(self) -> bool:
        """Whether anything is still to be answered."""
        return any(role.state == "asked" for role in self.roles)

    @property
    def asks_a_lead(self) -> bool:
        """Whether a group's lead is asked."""
        return any(role.kind == "lead" and role.state == "asked" for role in self.roles)


_WHAT: Final = {
    "owner": "You answer for the result in the business: what counts as success, and whether it is worth it. "
    "About an hour a week; you see the assessment before the channel does.",
    "sponsor": "You can stop the money, and you clear the way when something is stuck above the team. "
    "About an hour a month.",
    "lead": "You answer for your group, name who else answers, and say how many days it has. About half an "
    "hour for the questions, then an hour a week while gaps are closed; you see the assessment before the "
    "channel does.",
}

_SETTLED: Final = {
    "accepted": "You accepted. Thank you!",
    "declined": "You said: not me.",
    "replaced": "Somebody else has been asked instead. Nothing more to do for you.",
}


def card(ask: Ask) -> Message:
    """The one message that asks somebody; the same card once it is answered, without its buttons."""
    about = f" It is about: {kit.said(ask.problem)[:300]}" if ask.problem else ""
    what = "the check of an idea before its pilot" if ask.idea else "bringing a stalled pilot to production"
    blocks: list[Block] = [
        kit.section(
            f"{kit.person(ask.facilitator)} asks you to take part in *{kit.said(ask.initiative)}*, "
            f"{what}.{about}"
        )
    ]
    for role in ask.roles:
        words = _WHAT[role.kind] if role.state == "asked" else _SETTLED[role.state]
        blocks.append(kit.section(f"*{kit.said(role.name)}*\n{words}"))
    if ask.is_open:
        accept = act.ROLE_ACCEPT_LEAD if ask.asks_a_lead else act.ROLE_ACCEPT
        blocks += [
            kit.actions(
                kit.button("Accept", accept, ask.ref, style="primary", says="Accept this role"),
                kit.button("Not me", act.ROLE_NOT_ME, ask.ref, says="This is not for me"),
                kit.button("See an example", act.ROLE_EXAMPLE, ask.ref, says="See an example assessment"),
            ),
            kit.context("Nothing is assigned: you can say no, and name somebody better."),
        ]
    return message(blocks)


def accept_as_lead(ask: Ask, profile: Sequence[tuple[str, str]]) -> Modal:
    """A lead's acceptance: the group's days, and the profile to confirm in one click or to dispute."""
    lead = next(role for role in ask.roles if role.kind == "lead")
    lines = "\n".join(f"• {kit.said(question)} *{kit.said(label)}*" for question, label in profile)
    choices = [
        kit.option("Yes, this is how production will be", CONFIRM),
        kit.option("I see some lines differently", DISPUTE),
    ]
    return modal(
        act.ROLE_LEAD_SUBMIT,
        "Accept",
        [
            kit.section(
                f"*{kit.said(ask.initiative)}*: {kit.said(lead.name)}. Thank you for taking this on."
            ),
            kit.field(
                f"How many days has {lead.group} in weeks 5 to 8?",
                kit.text_input(at_most=20, placeholder="10"),
                DAYS,
                hint="All people of the group together, in whole days. A fair guess is enough; 0 counts too.",
            ),
            kit.section(f"This is what production will demand:\n{lines}"),
            kit.field("Is that right?", kit.radio(choices, chosen=CONFIRM), PROFILE),
        ],
        submit="Accept",
        metadata=ask.ref,
    )


def not_me(ask: Ask) -> Modal:
    """No is an answer; a better name helps."""
    still = [role for role in ask.roles if role.state == "asked"]
    options = [kit.option(role.name, str(role.id)) for role in still]
    which = kit.field(
        "Which of these is not for you?",
        kit.checkboxes(options, chosen=[o.value or "" for o in options]),
        ROLES,
    )
    return modal(
        act.ROLE_NOT_ME_SUBMIT,
        "Not me",
        [
            kit.section(f"That is fine. {kit.person(ask.facilitator)} is told and asks somebody else."),
            *([which] if len(still) > 1 else []),
            kit.field("Who would be better?", kit.users_select(), PERSON, optional=True),
            kit.field(
                "A word on why",
                kit.text_input(at_most=500),
                WHY,
                optional=True,
                hint="Only the facilitator reads it.",
            ),
        ],
        submit="Send",
        metadata=ask.ref,
    )


def name_another(role: AskedRole, initiative: str, now: str, suggested: str | None) -> Modal:
    """Somebody else for a role."""
    return modal(
        act.ROLE_NAME_SUBMIT,
        "Name another",
        [
            kit.section(f"*{kit.said(initiative)}*: {kit.said(role.name)}, so far {kit.person(now)}."),
            kit.field("Who shall be asked instead?", kit.users_select(chosen=suggested), PERSON),
            kit.context("I ask the new person in one message; the earlier message is withdrawn kindly."),
        ],
        submit="Ask them",
        metadata=encode(RoleRef(role.id)),
    )


def example() -> Modal:
    """What comes out in the end, with invented figures."""
    return modal(
        "notice.told",
        "An example",
        [
            kit.context("Invented figures of a pilot that reads supplier invoices."),
            kit.section("*Not ready for production: 6 of 39 block.*"),
            kit.section(
                "• Architecture: red, 3 block\n• Data: red, 2 block\n• Workflow: red, 1 blocks\n"
                "• Lifecycle: amber\n• Strategy: green"
            ),
            kit.section(
                "*First of all*\n1. Who is called at night when it stops? Pilot team says 3, IT "
                "operations says 0; "
                "3 is needed because it acts alone.\n2. Rules for wrong supplier names: nobody can see "
                "them; 3 is "
                "needed."
            ),
            kit.section("*Where you differ*: 4 questions on which the groups are two or more levels apart."),
            kit.context(
                "Each line says who sees what and why it matters. No name stands beside an answer, and "
                "owner and "
                "leads see it a working day before the channel does."
            ),
        ],
    )


@dataclass(frozen=True, slots=True)
class AboutRole:
    """What the facilitator or sponsor is told about one person and one message's roles."""

    initiative: str
    who: str
    roles: Sequence[AskedRole]


def declined(about: AboutRole, suggested: str | None, why: str) -> Message:
    """To the facilitator: somebody said no."""
    better = f" They suggest {kit.person(suggested)}." if suggested else ""
    blocks: list[Block] = [
        kit.section(
            f"*{kit.said(about.initiative)}*: {kit.person(about.who)} says “not me” to "
            f"{_named(about.roles)}.{better}"
        )
    ]
    if why:
        blocks.append(kit.section(kit.quoted(why)))
    return message([*blocks, _name_buttons(about.roles)])


def silent_two(about: AboutRole) -> Message:
    """To the facilitator: two working days without an answer."""
    return message(
        [
            kit.section(
                f"*{kit.said(about.initiative)}*: {kit.person(about.who)} hasn't answered for two "
                f"working days "
                f"whether they take on {_named(about.roles)}. A word from you may help, or name "
                f"somebody else."
            ),
            _name_buttons(about.roles),
            kit.context("I don't remind them. After two more working days I ask the sponsor for help."),
        ]
    )


def silent_four(about: AboutRole, *, to_sponsor: bool) -> Message:
    """To the sponsor (or the facilitator where it is the sponsor who is silent): four working days."""
    why = "You are its sponsor, so I ask you: can" if to_sponsor else "Can"
    return message(
        [
            kit.section(
                f"*{kit.said(about.initiative)}* waits: {kit.person(about.who)} hasn't answered for "
                f"four working "
                f"days whether they take on {_named(about.roles)}. {why} you talk to them, or name "
                "somebody else?"
            ),
            _name_buttons(about.roles),
        ]
    )


def _named(roles: Sequence[AskedRole]) -> str:
    return " and ".join(kit.said(role.name) for role in roles)


def _name_buttons(roles: Sequence[AskedRole]) -> Block:
    many = len(roles) > 1
    return kit.actions(
        *(
            kit.button(
                f"Name another: {role.name}" if many else "Name another",
                act.ROLE_NAME,
                encode(RoleRef(role.id)),
                says=f"Name another {role.name}",
            )
            for role in roles
        )
    )


def named(about: AboutRole, by: str, now: str) -> Message:
    """To the facilitator, where the sponsor or owner named somebody else."""
    return message(
        [
            kit.section(
                f"*{kit.said(about.initiative)}*: {kit.person(by)} named {kit.person(now)} instead of "
                f"{kit.person(about.who)} for {_named(about.roles)}. I have asked them."
            )
        ]
    )


def all_accepted(initiative: int, name: str) -> Message:
    """To the facilitator: the questions can start."""
    return message(
        [
            kit.section(
                f"*{kit.said(name)}*: owner and leads have all accepted. You can open the questions "
                f"now; before "
                "anything is sent you see whom it writes to, and until when."
            ),
            kit.actions(
                kit.button("See what it would send", AGAIN, f"diagnose #{initiative}", style="primary"),
                kit.button("Status", AGAIN, f"status #{initiative}"),
            ),
        ]
    )


def handed_over(initiative: int, name: str, by: str) -> Message:
    """To a new facilitator."""
    return message(
        [
            kit.section(
                f"{kit.person(by)} has made you the facilitator of *{kit.said(name)}*. You run it day "
                f"to day: "
                "you open and close the questions, and see who has answered."
            ),
            kit.actions(
                kit.button("Where it stands", AGAIN, f"status #{initiative}", style="primary"),
                kit.button("Settings", AGAIN, f"settings #{initiative}"),
            ),
        ]
    )


def welcome(name: str, facilitator: str) -> Message:
    """To the home channel, once: who set it up, and what happens next."""
    return message(
        [
            kit.section(
                f"{kit.person(facilitator)} has set up *{kit.said(name)}* with me; this channel is its home. "
                "First the people who carry it say yes; then a few people are asked questions in a direct "
                "message. The result comes here."
            )
        ]
    )
