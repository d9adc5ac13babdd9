"""People as Slack describes them: kept, looked up, and noticed when they change."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from zoneinfo import available_timezones

from sqlalchemy import select

from bot.desk.work import Work
from bot.store.models import Person
from bot.store.upsert import upsert
from bot.views.limits import clean

_ZONES = frozenset(available_timezones())


@dataclass(frozen=True)
class PersonFacts:
    """What one look-up in Slack says about a person."""

    workspace_id: str
    user_id: str
    name: str = ""
    zone: str = "UTC"
    is_admin: bool = False
    is_guest: bool = False
    is_external: bool = False
    is_bot: bool = False
    is_deactivated: bool = False

    @classmethod
    def unknown(cls, workspace_id: str, user_id: str) -> "PersonFacts":
        """Somebody Slack could not be asked about: a plain member, in UTC."""
        return cls(workspace_id, user_id)

    @classmethod
    def from_slack(cls, workspace_id: str, user: Mapping[str, object]) -> "PersonFacts":
        """From a `user` object of users.info or user_change."""
        profile = user.get("profile")
        names: Mapping[str, object] = profile if isinstance(profile, Mapping) else {}
        name = names.get("display_name") or names.get("real_name") or user.get("real_name") or ""
        zone = user.get("tz")
        team = user.get("team_id")
        return cls(
            workspace_id=workspace_id,
            user_id=str(user.get("id", "")),
            name=clean(str(name or user.get("name") or ""))[:255],
            zone=zone if isinstance(zone, str) and zone in _ZONES else "UTC",
            is_admin=bool(user.get("is_admin") or user.get("is_owner")),
            is_guest=bool(user.get("is_restricted") or user.get("is_ultra_restricted")),
            is_external=bool(user.get("is_stranger")) or (isinstance(team, str) and team != workspace_id),
            is_bot=bool(user.get("is_bot")) or user.get("id") == "USLACKBOT",
            is_deactivated=bool(user.get("deleted")),
        )


async def keep(work: Work, people: Iterable[PersonFacts]) -> None:
    """Store what was looked up; the newest look-up wins."""
    for facts in people:
        await upsert(
            work.session, Person, (Person.workspace_id, Person.user_id), **asdict(facts), read_at=work.now
        )


async def known(work: Work, user_ids: Sequence[str]) -> dict[str, Person]:
    """The people of this workspace that are already known, by user id."""
    found = await work.session.scalars(
        select(Person).where(Person.workspace_id == work.actor.workspace_id, Person.user_id.in_(user_ids))
    )
    return {person.user_id: person for person in found}
