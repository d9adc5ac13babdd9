"""Plays the worked case from `/slipway new` to the assessment in the channel, everybody by Slack payloads.

Looks at what is on each person's screen and goes on from there, so that it copes with an app that went
away in between. Knows the visible words and the names of inputs, and nothing behind them.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sandbox.case import HOME, LEAD, SPONSOR, Case, Respondent
from sandbox.client import Message, Outcome, Person, View, Workspace
from sandbox.insisting import insist
from sandbox.player import Answering, Record, Watch

COMMAND = "/slipway"
ROLE_CARD = "asks you to take part"
ALL_ACCEPTED = "have all accepted"
SEE_FIRST = "You see this first"
POSTED = "overall index"
# Whoever answers at these places in the case types instead of clicking.
_TYPES_EVERY = 3
# The target's day, from the day the case is played.
_TARGET_IN = timedelta(days=180)
_STEPS = 40

Act = Callable[[], Awaitable[Outcome]]


@dataclass
class Programme:
    """The case in one workspace. `patience` is how long people wait before they try again, in seconds."""

    workspace: Workspace
    case: Case
    patience: float = 30.0

    async def run(self, watch: Watch | None = None) -> Message:
        """Everything; gives the assessment in the channel."""
        await self.take_in()
        await self.accept_roles()
        await self.open_round()
        await self.answer_all(watch)
        return await self.post()

    async def take_in(self) -> None:
        """The programme lead describes the pilot, page by page, and has the roles asked for."""
        lead = self.workspace.person(LEAD)
        for _ in range(_STEPS):
            modal = await lead.modal()
            if modal is not None and "is set up" in modal.all_text:
                await lead.close(modal)
                return
            await self._one_step_in(lead, modal)
        raise AssertionError("the intake did not come to an end")

    async def _one_step_in(self, lead: Person, modal: View | None) -> None:
        """Whatever the open form wants next."""

        async def changed() -> bool:
            now = await lead.modal()
            return now is not None and (modal is None or (now.id, now.hash) != (modal.id, modal.hash))

        if modal is None:
            await insist(lead, self._typed(lead, "new"), changed, patience=self.patience, what="the intake")
            return
        act = await self._next_act(lead, modal)
        if act is None:
            await self._wait_or_close(lead, modal, changed)
        else:
            await insist(lead, act, changed, patience=self.patience, what=f"what follows {modal.heading}")

    async def _next_act(self, lead: Person, modal: View) -> Act | None:
        """Fill and send the page, or go on with an unfinished one; None while there is nothing to do."""
        if "Go on" in modal.buttons:
            return lambda: lead.click(modal, "Go on")
        if modal.submit is None:
            return None
        known = self.case.description((await self._today()).date() + _TARGET_IN)
        values = {name: known[name] for name in modal.labels if name in known}
        return lambda: _accepted_by_slack(lead, modal, values)

    async def _wait_or_close(self, lead: Person, modal: View, changed: Callable[[], Awaitable[bool]]) -> None:
        """A form that stays empty was left behind by an app that went away: close it and begin again."""
        try:
            await lead.wait_until(changed, min(self.patience, 10.0), "the form to be filled")
        except AssertionError:
            await lead.close(modal, everything=True)

    async def accept_roles(self) -> None:
        """Sponsor, owner and leads accept; leads enter their days and confirm the profile."""
        asked = [SPONSOR, *(lead.handle for lead in self.case.leads.values())]
        await asyncio.gather(*(self._accept(handle) for handle in asked))
        await self.workspace.person(LEAD).next_message(ALL_ACCEPTED, within=60)

    async def _accept(self, handle: str) -> None:
        person = self.workspace.person(handle)
        card = await person.next_message(ROLE_CARD, within=60)
        days = self._days(handle)
        taken = asyncio.Event()

        async def accepted() -> bool:
            dm = await person.dm()
            return taken.is_set() or any(one.ts == card.ts and "You accepted" in one.all_text for one in dm)

        async def accept() -> Outcome:
            outcome = await person.click(card, "Accept")
            if days is not None and not outcome.trouble:
                modal = await person.wait_until(lambda: _form(person), self.patience, "the acceptance")
                outcome = await person.submit({"days": days}, modal)
            if outcome.acked and not outcome.errors:
                taken.set()
            return outcome

        await insist(person, accept, accepted, patience=self.patience, what="that the role is accepted")

    def _days(self, handle: str) -> str | None:
        """What a lead's group has in weeks 5-8; None for whoever leads no group."""
        led = next((one.group for one in self.case.leads.values() if one.handle == handle), None)
        return None if led is None else str(self.case.capacity[led])

    async def open_round(self) -> None:
        """The programme lead sees what would be sent, and opens round 1."""
        lead = self.workspace.person(LEAD)
        last = self.workspace.person(self.case.respondents[-1].handle)

        async def open_it() -> Outcome:
            shown = await lead.command(COMMAND, "diagnose", HOME)
            if not shown.ephemerals:
                return shown
            return await lead.click(shown.ephemerals[-1], "Open round 1")

        async def invited() -> bool:
            return any("asks for your view" in one.all_text for one in await last.dm())

        await insist(last, open_it, invited, patience=self.patience, what="the invitations")

    async def answer_all(self, watch: Watch | None = None) -> list[Record]:
        """All respondents answer at the same time; what each of them said, as far as the app took it."""
        answering = [self._answering(one, place, watch) for place, one in enumerate(self.case.respondents)]
        await asyncio.gather(*(one.run(within=90.0) for one in answering))
        return [record for one in answering for record in one.records]

    def _answering(self, who: Respondent, place: int, watch: Watch | None) -> Answering:
        typing = place % _TYPES_EVERY == 1
        return Answering(self.workspace, self.case, who, watch, typing, patience=self.patience)

    async def post(self) -> Message:
        """The owner, who has seen it first, posts the assessment; the channel's message."""
        owner = self.workspace.person(self.case.owner)
        preview = await owner.next_message(SEE_FIRST, within=90)

        async def posted() -> Message | None:
            messages = await self.workspace.messages(HOME)
            return next((one for one in messages if POSTED in one.text), None)

        return await insist(
            owner,
            lambda: owner.click(preview, "Post now"),
            posted,
            patience=self.patience,
            what="the assessment in the channel",
        )

    def _typed(self, person: Person, text: str) -> Act:
        return lambda: person.command(COMMAND, text, HOME)

    async def _today(self) -> datetime:
        return datetime.fromtimestamp(float((await self.workspace.clock())["epoch"]), UTC)


async def _accepted_by_slack(person: Person, modal: View, values: dict[str, object]) -> Outcome:
    """Send a page off. Inputs that are refused are a mistake in the case, not something to try again."""
    outcome = await person.submit(values, modal)
    if outcome.errors:
        raise AssertionError(f"{modal.heading}: {outcome.errors}")
    return outcome


async def _form(person: Person) -> View | None:
    """The open form, once it is filled."""
    modal = await person.modal()
    return modal if modal is not None and modal.submit is not None else None
