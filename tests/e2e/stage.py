"""A pilot whose people have accepted their roles, in a sandbox with a real bot: where the conversations play.

One town (sandbox, bot process, database) lasts for a module; every test gets people and an initiative of
its own, so that nobody's DM holds somebody else's test.
"""

import itertools
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from sqlalchemy import select, update

from bot.store.engine import Database
from bot.store.models import (
    Answer,
    Audit,
    Conversation,
    Initiative,
    Role,
    Round,
    Stakeholder,
)
from sandbox import Knobs, RateKnobs, Sandbox, SandboxConfig
from sandbox.case import worked_case
from sandbox.client import Message, Outcome, Person, View, Workspace
from tests.support.process import BotProcess, Mode, running_bot

T = TypeVar("T")

ANSWER = "diagnosis.answer"
WORDS = "diagnosis.word"
CASE = worked_case()
# Everybody by short name and group; the first of a group leads it.
GROUPS: Mapping[str, Sequence[str]] = {
    "pilot_team": ("pia", "paul"),
    "it_ops": ("ivo", "ines"),
    "business": ("bea", "bruno", "carla"),
    "data_gov": ("dora", "dan"),
}
PEOPLE = [name for group in GROUPS.values() for name in group]
_numbers = itertools.count(1)


@dataclass
class Town:
    """A sandbox, the bot in it, and the database between."""

    sandbox: Sandbox
    workspace: Workspace
    bot: BotProcess
    database: Database
    team: str

    async def scene(self, **changed: object) -> "Scene":
        """A new initiative with new people; round 1 is not open yet. Keywords are Initiative's columns."""
        number = next(_numbers)
        handles = {name: f"{name}{number}" for name in ("lena", "sven", "otto", *PEOPLE)}
        persons = {name: await self.workspace.add_person(handle) for name, handle in handles.items()}
        ids = {name: await person.id() for name, person in persons.items()}
        channel = f"home-{number}"
        members = [handles[name] for name in handles if name != "otto"]
        home = await self.workspace.add_channel(channel, members=members, bot_in=True)
        scene = Scene(self, f"Invoices {number}", channel, persons, ids)
        await scene.seed(home, changed)
        return scene

    async def advance(self, **duration: float) -> None:
        """Let time pass, and wait until the bot's clock has followed."""
        await self.workspace.set_clock(advance=timedelta(**duration).total_seconds())


@asynccontextmanager
async def town(
    database_url: str, *, mode: Mode = "socket", env: Mapping[str, str] | None = None
) -> AsyncIterator[Town]:
    """A running town. What it logged must hold no traceback at the end."""
    knobs = Knobs(rates=RateKnobs(off=True), retry_delays=[0.0, 0.3, 0.6])
    async with (
        Sandbox(SandboxConfig(knobs=knobs)) as sandbox,
        Workspace(sandbox.url) as workspace,
        running_bot(sandbox, database_url, mode=mode, env=env) as bot,
    ):
        # A Tuesday morning, whatever day the tests run on: working hours and days come into it.
        now = datetime.fromisoformat((await workspace.clock())["now"])
        tuesday = now + timedelta(days=(1 - now.weekday()) % 7)
        await workspace.set_clock(offset=(tuesday.replace(hour=9) - now).total_seconds())
        database = Database(database_url)
        described = await workspace.describe()
        try:
            yield Town(sandbox, workspace, bot, database, described["team"]["id"])
        finally:
            await database.close()
        assert "Traceback" not in bot.text, bot.text[-4000:]


@dataclass
class Scene:
    """One initiative and its people."""

    town: Town
    name: str
    channel: str
    persons: Mapping[str, Person]
    ids: Mapping[str, str]
    initiative: int = 0

    def __getitem__(self, name: str) -> "Who":
        return Who(self, name, self.persons[name])

    @property
    def workspace(self) -> Workspace:
        return self.town.workspace

    async def seed(self, home: str, changed: Mapping[str, object]) -> None:
        """The initiative as it is once everybody has accepted."""
        now, ids, team = datetime.now(UTC), self.ids, self.town.team
        described: dict[str, object] = {
            "workspace_id": team,
            "state": "open",
            "name": self.name,
            "name_key": self.name.casefold(),
            "facilitator_id": ids["lena"],
            "owner_id": ids["bea"],
            "sponsor_id": ids["sven"],
            "home_channel_id": home,
            "zone": "Europe/Berlin",
            "profile": dict(CASE.profile),
            "created_by": ids["lena"],
            "created_at": now,
        }
        async with self.town.database.begin() as session:
            initiative = Initiative(**{**described, **changed})
            session.add(initiative)
            await session.flush()
            self.initiative = initiative.id
            common = {"workspace_id": team, "initiative_id": initiative.id}
            accepted = {**common, "state": "accepted", "asked_at": now}
            session.add(Role(**accepted, kind="owner", user_id=ids["bea"]))
            for group, members in GROUPS.items():
                for place, name in enumerate(members):
                    session.add(
                        Stakeholder(
                            **common,
                            user_id=ids[name],
                            group=group,
                            is_lead=place == 0,
                            added_at=now,
                            capacity_days=CASE.capacity[group] if place == 0 else None,
                        )
                    )
                session.add(Role(**accepted, kind="lead", group=group, user_id=ids[members[0]]))

    async def stakeholder(self, name: str, **changed: object) -> None:
        """Change somebody's row before the round opens."""
        async with self.town.database.begin() as session:
            await session.execute(
                update(Stakeholder)
                .where(Stakeholder.initiative_id == self.initiative, Stakeholder.user_id == self.ids[name])
                .values(**changed)
            )

    async def join(self, *names: str) -> None:
        """More people in the business group; nobody plays them."""
        persons = [await self.workspace.add_person(f"{name}-{self.initiative}") for name in names]
        user_ids = [await person.id() for person in persons]
        async with self.town.database.begin() as session:
            for user_id in user_ids:
                session.add(
                    Stakeholder(
                        workspace_id=self.town.team,
                        initiative_id=self.initiative,
                        user_id=user_id,
                        group="business",
                        added_at=datetime.now(UTC),
                    )
                )

    async def without_slack(self, name: str, group: str) -> None:
        """Somebody who is not in Slack; their group's lead records what they say."""
        async with self.town.database.begin() as session:
            session.add(
                Stakeholder(
                    workspace_id=self.town.team,
                    initiative_id=self.initiative,
                    name=name,
                    group=group,
                    recorded_by=self.ids[GROUPS[group][0]],
                    added_at=datetime.now(UTC),
                )
            )

    async def only(self, *names: str) -> None:
        """Leave just these people (and nobody else) answering."""
        gone = [self.ids[name] for name in PEOPLE if name not in names]
        async with self.town.database.begin() as session:
            await session.execute(
                update(Stakeholder)
                .where(Stakeholder.initiative_id == self.initiative, Stakeholder.user_id.in_(gone))
                .values(left_at=datetime.now(UTC))
            )

    async def open_round(self, *criteria: str, first: int = 0) -> None:
        """The facilitator opens round 1. With `criteria` or `first`, everybody is asked just those."""
        preview = await self["lena"].command("diagnose")
        await self["lena"].click(preview.ephemerals[-1], "Open round 1")
        await self.workspace.settled()
        if criteria or first:
            await self._narrow(criteria, first)

    async def _narrow(self, criteria: Sequence[str], first: int) -> None:
        async with self.town.database.begin() as session:
            found = await session.scalars(
                select(Conversation).where(Conversation.initiative_id == self.initiative)
            )
            for one in found:
                asked = [each for each in one.criteria if not criteria or each in criteria]
                one.criteria = asked[: first or None]
                if not one.criteria:
                    one.state = "finished"

    async def answers(self, name: str, *, revisions: bool = False) -> list[Answer]:
        """What somebody's own conversations hold in round 1; with `revisions`, everything ever said."""
        async with self.town.database.begin() as session:
            found = await session.scalars(
                select(Answer)
                .join(Conversation, Conversation.id == Answer.conversation_id)
                .join(Stakeholder, Stakeholder.id == Conversation.stakeholder_id)
                .join(Round, Round.id == Answer.round_id)
                .where(
                    Stakeholder.initiative_id == self.initiative,
                    Stakeholder.user_id == self.ids.get(name)
                    if name in self.ids
                    else Stakeholder.name == name,
                    Round.number == 1,
                    Answer.is_current if not revisions else Answer.id > 0,
                )
                .order_by(Answer.id)
            )
            return list(found)

    async def round(self, number: int = 1) -> Round | None:
        """A round's row."""
        async with self.town.database.begin() as session:
            found: Round | None = await session.scalar(
                select(Round).where(Round.initiative_id == self.initiative, Round.number == number)
            )
            return found

    async def refusals(self) -> list[Audit]:
        """What was refused and kept in the audit log."""
        async with self.town.database.begin() as session:
            found = await session.scalars(
                select(Audit).where(Audit.action == "refused", Audit.actor.in_(list(self.ids.values())))
            )
            return list(found)

    async def home(self) -> list[Message]:
        """What the bot has said in the home channel."""
        return [one for one in await self.workspace.messages(self.channel) if one.from_bot]

    async def until(self, look: Callable[[], Awaitable[T | None]], what: str) -> T:
        """Wait for something that does not show on anybody's screen alone."""
        return await self.workspace.wait_until(look, 15.0, what=what)


@dataclass
class Who:
    """One person of a scene."""

    scene: Scene
    name: str
    person: Person

    @property
    def id(self) -> str:
        return self.scene.ids[self.name]

    async def command(self, text: str) -> Outcome:
        """`/slipway …` in the initiative's home channel."""
        return await self.person.command("/slipway", text, self.scene.channel)

    async def click(self, where: Message | View, what: str, pick: object = None, **how: object) -> Outcome:
        outcome = await self.person.click(where, what, pick, **how)  # type: ignore[arg-type]
        assert outcome.acked, outcome
        return outcome

    async def told(self, containing: str) -> Message:
        """Wait for something said to this person alone."""

        async def look() -> Message | None:
            shown = await self.person.ephemerals()
            return next((one for one in shown if containing in f"{one.text}\n{one.all_text}"), None)

        return await self.person.wait_until(look, 10.0, what=f"{self.name} to be told {containing!r}")

    async def modal(self, containing: str) -> View:
        """Wait for an open modal that says this."""

        async def look() -> View | None:
            modal = await self.person.modal()
            return modal if modal is not None and containing in modal.all_text else None

        return await self.person.wait_until(look, 10.0, what=f"a modal for {self.name} with {containing!r}")

    async def message(self, containing: str, **where: str) -> Message:
        return await self.person.next_message(containing, **where)  # type: ignore[arg-type]

    async def invitation(self) -> Message:
        return await self.person.next_message("asks for your view")

    async def start(self) -> Message:
        """Click *Start*; the first card."""
        await self.click(await self.invitation(), "Start")
        return await self.card()

    async def cards(self) -> list[Message]:
        return [one for one in await self.person.dm() if one.has(ANSWER)]

    async def card(self, after: Message | None = None) -> Message:
        """The newest question card; with `after`, once it is no longer what that one was."""

        async def look() -> Message | None:
            cards = await self.cards()
            if not cards or (after and _face(cards[-1]) == _face(after)):
                return None
            return cards[-1]

        return await self.person.wait_until(look, 10.0, what=f"a card for {self.name}")

    async def choose(self, card: Message, said: int | str) -> Outcome:
        """Choose an anchor by its level, or *Don't know*."""
        if said == "dk":
            return await self.click(card, "Don't know")
        return await self.click(card, ANSWER, pick=card.options(ANSWER)[int(said)])

    async def answer(self, card: Message, said: int | str) -> Message:
        """Choose, and wait for what the card becomes."""
        await self.choose(card, said)
        return await self.person.changed(card)

    async def say(self, text: str, card: Message) -> Message:
        """Type into the card's thread."""
        return await self.person.say(text, thread_ts=card.thread_ts)

    async def answer_all(self, said: int | str = 2) -> Message:
        """Start, and answer everything the same; gives the thanks."""
        card = await self.start()
        while card.has(ANSWER):
            card = await self.answer(card, said)
        return card


def _face(card: Message) -> tuple[str, int]:
    return (card.ts, card.revision)


def progress_of(card: Message) -> str:
    """`6 of 20, about 5 minutes left`."""
    return card.all_text.split("\n")[0]


def question_of(card: Message) -> str:
    """The question's words."""
    return next(line for line in card.all_text.split("\n") if line.startswith("*")).strip("*")
