"""Plays people: each opens what the bot sent, reads the card, and answers as the case says.

Everything goes through the payloads that Slack would send; what to answer is found by the criterion in
the card's own values. A person can answer by clicking or by typing.
"""

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from sandbox.case import Case, Respondent
from sandbox.client import Message, Person, Workspace

START = "Start"
ANSWER = "diagnosis.answer"
DONT_KNOW = "Don't know"
NOT_APPLICABLE = "Does not apply"

# The criterion a card asks about, in the value of its first anchor: conversation, criterion, level.
_ASKED = re.compile(r"^[^:]+:(?P<criterion>[^:]+):0$")

# What somebody did, and the card they did it on.
Watch = Callable[["Turn"], Awaitable[None]]


@dataclass(frozen=True)
class Turn:
    """One answered question, for whoever watches."""

    who: Respondent
    question: str
    said: str
    number: str


@dataclass
class Answering:
    """One respondent's way through a conversation. `typing` answers by typed replies instead of clicks."""

    workspace: Workspace
    case: Case
    who: Respondent
    watch: Watch | None = None
    typing: bool = False
    # What is said instead of the case's answer, per criterion.
    instead: Mapping[str, int | str] = field(default_factory=dict)

    @property
    def person(self) -> Person:
        """The respondent in the workspace."""
        return self.workspace.person(self.who.handle)

    async def run(self, within: float = 30.0) -> int:
        """Answer everything that is asked, from the invitation to the thanks; how many questions it was."""
        invitation = await self.person.next_message("asks for your view", within=within)
        if START in invitation.buttons:
            await self.person.click(invitation, START)
        count = 0
        while (card := await self.next_card(within)) is not None:
            await self.answer(card)
            count += 1
        return count

    async def next_card(self, within: float = 30.0) -> Message | None:
        """The card that waits for an answer, the newest of several; None once everything is answered."""

        async def look() -> tuple[Message | None] | None:
            dm = await self.person.dm()
            cards = [one for one in dm if asked_by(one) is not None]
            if cards:
                return (cards[-1],)
            return (None,) if any("That was all for" in one.text for one in dm) else None

        (card,) = await self.person.wait_until(look, within, what=f"a card for {self.who.handle}")
        return card

    async def answer(self, card: Message) -> None:
        """Answer one card, and wait until it has moved on."""
        criterion = asked_by(card) or ""
        said = self.instead.get(criterion, self.who.answers.get(criterion, "dk"))
        link = f"https://wiki.example.com/{criterion}" if self._shows(criterion) else ""
        if self.typing or link:
            await self._type(card, said, link)
        else:
            await self._click(card, said)
        if self.watch is not None:
            await self.watch(Turn(self.who, question_of(card), words_of(card, said), number_of(card)))

    async def _click(self, card: Message, said: int | str) -> None:
        if said == "dk":
            await self.person.click(card, DONT_KNOW)
        else:
            await self.person.click(card, ANSWER, pick=card.options(ANSWER)[int(said)])
        await self._moved_on(card)

    async def _type(self, card: Message, said: int | str, link: str) -> None:
        words = "don't know" if said == "dk" else f"{said} because that is how it is {link}".strip()
        await self.person.say(words, thread_ts=card.thread_ts)
        await self._moved_on(card)

    async def _moved_on(self, card: Message) -> None:
        """Wait until this card asks something else, or nothing."""

        async def look() -> bool:
            thread = await self.workspace.thread(card.channel, card.ts)
            now = next((one for one in thread if one.ts == card.ts), None)
            return now is None or now.revision > card.revision

        await self.person.wait_until(look, 30.0, what=f"{self.who.handle}'s card to move on")

    def _shows(self, criterion: str) -> bool:
        """Whether this person shows something for the claim: the lead of the group that answers for it."""
        return criterion in self.case.linked and self.who.is_lead and self._is_authority(criterion)

    def _is_authority(self, criterion: str) -> bool:
        """The case names the authority's answers first."""
        return (
            next(name for name in self.case.raw["answers"][criterion] if name != "evidence") == self.who.group
        )


def asked_by(message: Message) -> str | None:
    """The criterion a card asks about; None for any other message."""
    for element in message.elements:
        if element["action_id"].partition("~")[0] == ANSWER:
            found = _ASKED.match(element["options"][0]["value"])
            return found["criterion"] if found else None
    return None


def question_of(card: Message) -> str:
    """The question's wording."""
    return next((text.strip("*") for text in card.all_text.split("\n") if text.startswith("*")), card.text)


def number_of(card: Message) -> str:
    """How far: `6 of 20`."""
    found = re.search(r"\d+ of \d+", card.all_text)
    return found[0] if found else ""


def words_of(card: Message, said: int | str) -> str:
    """An answer in the card's own words."""
    return "I don't know" if said == "dk" else card.options(ANSWER)[int(said)]
