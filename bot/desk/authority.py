"""Who may do what: one table, and one `authorise` in front of every use case. Deny by default.

A person is weighed first (deactivated, from another workspace, a bot: refused whatever they try),
then by what they are in the initiative. Every refusal gives its reason.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from sqlalchemy import select

from bot.desk.errors import Refused
from bot.desk.work import Work
from bot.store.models import Initiative, Person, Stakeholder

# How long what Slack said about a person is believed without asking again.
PERSON_KEEPS = timedelta(hours=24)


class Standing(StrEnum):
    """What somebody is, seen from one initiative."""

    MEMBER = "a member of this workspace"
    GUEST = "a guest"
    ADMIN = "a workspace admin"
    FACILITATOR = "the facilitator"
    OWNER = "the business owner"
    SPONSOR = "the sponsor"
    LEAD = "a group's lead"
    STAKEHOLDER = "somebody who answers"


class Action(StrEnum):
    """What can be done; the text completes "You can't … ."."""

    USE = "use Slipway"
    CREATE = "start an initiative"
    SEE_STATUS = "see where this initiative stands"
    CHANGE_SETTINGS = "change this initiative"
    CHANGE_PEOPLE = "change who takes part"
    NAME_ANOTHER = "name somebody else for a role"
    OPEN_ROUND = "open or close a round of questions"
    SEE_PROGRESS = "see who has answered"
    SEE_ASSESSMENT_EARLY = "see the assessment before the channel does"
    SEE_ASSESSMENT = "see the assessment"
    POST_ASSESSMENT = "post the assessment"
    CORRECT = "correct the assessment"
    SEE_NAMES = "see names with answers"
    CONFIRM_NOT_APPLICABLE = "confirm that a question does not apply"
    RECORD_FOR_OTHERS = "record answers for somebody else"


_TEAM = frozenset(
    {Standing.FACILITATOR, Standing.OWNER, Standing.SPONSOR, Standing.LEAD, Standing.STAKEHOLDER}
)

# The one table: an action, and who may. ADMIN is named where an admin may act without a role.
MAY: dict[Action, frozenset[Standing]] = {
    Action.USE: frozenset(Standing),
    Action.CREATE: frozenset({Standing.MEMBER, Standing.ADMIN}),
    Action.SEE_STATUS: _TEAM | {Standing.ADMIN},
    Action.CHANGE_SETTINGS: frozenset({Standing.FACILITATOR, Standing.OWNER, Standing.ADMIN}),
    Action.CHANGE_PEOPLE: frozenset({Standing.FACILITATOR, Standing.OWNER, Standing.ADMIN}),
    # The sponsor is asked for help where somebody stays silent.
    Action.NAME_ANOTHER: frozenset({Standing.FACILITATOR, Standing.OWNER, Standing.SPONSOR, Standing.ADMIN}),
    Action.OPEN_ROUND: frozenset({Standing.FACILITATOR}),
    Action.SEE_PROGRESS: _TEAM,
    Action.SEE_ASSESSMENT_EARLY: frozenset({Standing.FACILITATOR, Standing.OWNER, Standing.LEAD}),
    Action.SEE_ASSESSMENT: _TEAM,
    Action.POST_ASSESSMENT: frozenset({Standing.FACILITATOR, Standing.OWNER, Standing.LEAD}),
    Action.CORRECT: frozenset({Standing.FACILITATOR, Standing.OWNER, Standing.LEAD}),
    Action.SEE_NAMES: frozenset({Standing.FACILITATOR}),
    Action.CONFIRM_NOT_APPLICABLE: frozenset({Standing.FACILITATOR}),
    Action.RECORD_FOR_OTHERS: frozenset({Standing.LEAD}),
}


class UnknownPerson(Exception):
    """Slack has not been asked about this person lately; whoever can, asks and tries again."""

    def __init__(self, user_id: str) -> None:
        super().__init__(user_id)
        self.user_id = user_id


@dataclass(frozen=True)
class Who:
    """A person weighed against one initiative, or against none."""

    person: Person
    standings: frozenset[Standing]
    stakeholder: Stakeholder | None = None

    def may(self, action: Action) -> bool:
        """Whether the table lets this person do it."""
        return bool(self.standings & MAY[action])


async def acting_person(work: Work) -> Person:
    """The person who acts, if they may act at all.

    Raises Refused for people from other workspaces, deactivated people and bots, UnknownPerson when
    Slack must be asked first.
    """
    actor = work.actor
    if actor.is_stranger:
        raise Refused(
            "Slipway answers people of its own workspace only. Ask a colleague there to do this for you.",
            action=Action.USE,
        )
    person = await work.session.get(Person, (actor.workspace_id, actor.user_id))
    if person is None or person.read_at is None or work.now - person.read_at > PERSON_KEEPS:
        raise UnknownPerson(actor.user_id)
    if person.is_external:
        raise Refused(
            "Slipway answers people of its own workspace only. Ask a colleague there to do this for you.",
            action=Action.USE,
        )
    if person.is_deactivated or person.is_bot:
        raise Refused("This account can't use Slipway: it is deactivated or not a person.", action=Action.USE)
    return person


async def weigh(work: Work, initiative: Initiative | None) -> Who:
    """What the person who acts is, in this initiative."""
    person = await acting_person(work)
    standings = {Standing.GUEST if person.is_guest else Standing.MEMBER}
    if person.is_admin:
        standings.add(Standing.ADMIN)
    if initiative is None:
        return Who(person, frozenset(standings))
    stakeholder = await work.session.scalar(
        select(Stakeholder).where(
            Stakeholder.initiative_id == initiative.id,
            Stakeholder.user_id == person.user_id,
            Stakeholder.left_at.is_(None),
        )
    )
    standings |= _roles(initiative, person.user_id, stakeholder)
    return Who(person, frozenset(standings), stakeholder)


async def authorise(work: Work, action: Action, initiative: Initiative | None = None) -> Who:
    """Let the person who acts pass, or raise Refused with the reason. Stands before every use case."""
    who = await weigh(work, initiative)
    if who.may(action):
        return who
    raise Refused(
        _reason(action, initiative),
        action=action.name.lower(),
        initiative_id=initiative.id if initiative else None,
    )


def _roles(initiative: Initiative, user_id: str, stakeholder: Stakeholder | None) -> set[Standing]:
    found = set()
    if initiative.facilitator_id == user_id:
        found.add(Standing.FACILITATOR)
    if initiative.owner_id == user_id:
        found.add(Standing.OWNER)
    if initiative.sponsor_id == user_id:
        found.add(Standing.SPONSOR)
    if stakeholder is not None:
        found.add(Standing.STAKEHOLDER)
        if stakeholder.is_lead:
            found.add(Standing.LEAD)
    return found


def _reason(action: Action, initiative: Initiative | None) -> str:
    """Why not, and whom to ask instead."""
    allowed = [s.value for s in Standing if s in MAY[action] and s is not Standing.MEMBER]
    if action is Action.CREATE:
        return "Guests can't start an initiative. Ask a full member of this workspace to run `/slipway new`."
    if action in (Action.SEE_STATUS, Action.SEE_ASSESSMENT, Action.SEE_PROGRESS):
        return (
            f"You can't {action.value}: it is for the people who take part. "
            f"<@{initiative.facilitator_id if initiative else ''}> runs it and can add you."
        )
    listed = allowed[0] if len(allowed) == 1 else ", ".join(allowed[:-1]) + " or " + allowed[-1]
    ask = f" <@{initiative.facilitator_id}> runs this initiative." if initiative else ""
    return f"You can't {action.value}: that is for {listed}.{ask}"
