"""What the tests here do again and again: fill in the intake, accept roles, look."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from bot.app import Application
from bot.settings import Settings
from sandbox import Sandbox
from sandbox.client import Message, Outcome, Person, View, Workspace
from tests.support.process import bot_settings

PROFILE = {
    "autonomy": "acts_within_limits",
    "audience": "customer",
    "sensitivity": "personal_data",
    "reversibility": "costly",
    "volume": "medium",
    "tempo": "same_day",
    "integrations": "two_to_three",
    "model_kind": "generative",
    "model_source": "vendor",
    "value_skew": "concentrated",
    "cost_shape": "usage_based",
    "data_tempo": "daily",
    "user_base": "medium",
}
FIRST_HALF = list(PROFILE)[:7]
LEADS = {"pilot_team": "pia", "it_ops": "ivo", "business": "bea", "data_gov": "dan"}


@asynccontextmanager
async def running(sandbox: Sandbox, database_url: str, **settings: object) -> AsyncIterator[None]:
    """The whole bot in this process, which starts sooner than one of its own."""
    given = {name.lower(): value for name, value in bot_settings(sandbox, database_url, "socket").items()}
    application = Application(Settings.given(**{**given, **settings}))
    await application.start()
    try:
        yield
    finally:
        await application.stop()


@dataclass
class Stage:
    """The workspace with the bot in it, and everybody's ids."""

    sandbox: Sandbox
    workspace: Workspace
    ids: dict[str, str]
    channels: dict[str, str]

    @classmethod
    async def of(cls, sandbox: Sandbox, workspace: Workspace) -> "Stage":
        described = await workspace.describe()
        channels = {one["name"]: one["id"] for one in described["channels"] if one.get("name")}
        return cls(sandbox, workspace, await workspace.ids(), channels)

    def person(self, name: str) -> Person:
        return self.workspace.person(name)

    async def say(self, who: str, text: str, channel: str = "dm") -> Outcome:
        return await self.person(who).command("/slipway", text, channel)

    def pages(self, name: str = "Invoices") -> list[dict[str, object]]:
        """What somebody types on the eight pages."""
        ids = self.ids
        return [
            {"stage": "stalled_pilot", "months_stalled": "7", "why_stalled": "Nobody owns it"},
            {
                "approvals_skipped": "Legal",
                "share_left_out": "12 %",
                "budget": "€ 250.000",
                "currency": "eur",
            },
            {"name": name, "problem": "Invoices wait for days"},
            {"number": "days to book", "unit": "days", "start": "9,5", "target": "2", "by": None},
            {"owner": ids["olaf"], "sponsor": ids["sina"], "home_channel": self.channels["pilot"]},
            {f"factor_{factor}": PROFILE[factor] for factor in FIRST_HALF},
            {f"factor_{factor}": PROFILE[factor] for factor in PROFILE if factor not in FIRST_HALF},
            self.team(),
        ]

    def team(self, **changed: object) -> dict[str, object]:
        """The people page."""
        people: dict[str, object] = {}
        for group, lead in LEADS.items():
            members = [self.ids[lead], *([self.ids["uma"]] if group == "business" else [])]
            people |= {f"people_{group}": members, f"lead_{group}": self.ids[lead]}
        return {**people, "daily_users": [self.ids["uma"]], **changed}

    async def open_new(self, who: str = "mara") -> View:
        await self.say(who, "new")
        return await self.modal_with(who, "The pilot as it stands")

    async def modal_with(self, who: str, words: str) -> View:
        """Wait for an open modal that says this."""
        person = self.person(who)

        async def look() -> View | None:
            modal = await person.modal()
            return modal if modal is not None and words in modal.all_text else None

        return await person.wait_until(look, what=f"a modal for {who} with {words!r}")

    async def describe(self, who: str = "mara", name: str = "Invoices") -> Outcome:
        """Fill in every page; the summary is open then."""
        await self.open_new(who)
        return await self.fill(who, self.pages(name))

    async def fill(self, who: str, pages: list[dict[str, object]]) -> Outcome:
        for page in pages:
            given = {block: value for block, value in page.items() if value is not None}
            outcome = await self.person(who).submit(given)
            assert outcome.acked, outcome
            assert not outcome.errors, outcome.errors
        return outcome

    async def set_up(self, who: str = "mara", name: str = "Invoices") -> None:
        """An initiative whose people have been asked."""
        await self.describe(who, name)
        await self.person(who).submit({})
        await self.workspace.settled()

    async def card(self, who: str, containing: str = "asks you to take part") -> Message:
        return await self.person(who).next_message(containing)

    async def accept(self, who: str) -> Outcome:
        """Say yes to everything one is asked."""
        card = await self.card(who)
        outcome = await self.person(who).click(card, "Accept")
        if who in LEADS.values():
            await self.modal_with(who, "Thank you for taking this on")
            outcome = await self.person(who).submit({"days": "10"})
        await self.workspace.settled()
        return outcome

    async def accept_all(self) -> None:
        for who in ("olaf", "sina", *LEADS.values()):
            await self.accept(who)

    async def messages_to(self, who: str) -> list[Message]:
        return [one for one in await self.person(who).dm() if one.from_bot]
