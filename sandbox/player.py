"""Plays people: each opens what the bot sent, reads the card, and answers as the case says.

Everything goes through the payloads that Slack would send; what to answer is found by the criterion in
the card's own values. A person can answer by clicking or by typing.
"""

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from sandbox.case import Case, Respondent
from sandbox.client import Message, Outcome, Person, Refused, Workspace
from sandbox.insisting import GIVE_UP, insist
from sandbox.jsontypes import Json

START = "Start"
ANSWER = "diagnosis.answer"
DONT_KNOW = "Don't know"
NOT_APPLICABLE = "Does not apply"
THANKS = "That was all for"

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


@dataclass(frozen=True)
class Record:
    """An answer the app has acked: `said` is a level or "dk"."""

    handle: str
    criterion: str
    said: int | str


@dataclass
class Answering:
    """One respondent's way through a conversation. `typing` answers by typed replies instead of clicks.

    `patience` is how long they look at a card that does not move before they answer it again, in seconds.
    """

    workspace: Workspace
    case: Case
    who: Respondent
    watch: Watch | None = None
    typing: bool = False
    # What is said instead of the case's answer, per criterion.
    instead: Mapping[str, int | str] = field(default_factory=dict)
    patience: float = 30.0
    records: list[Record] = field(default_factory=list)

    @property
    def person(self) -> Person:
        """The respondent in the workspace."""
        return self.workspace.person(self.who.handle)

    async def run(self, within: float = 30.0) -> int:
        """Answer everything that is asked, from the invitation to the thanks; how many questions it was."""
        invitation = await self.person.next_message("asks for your view", within=within)
        if START in invitation.buttons:
            await self._start(invitation)
        count = 0
        while (card := await self.next_card(within)) is not None:
            await self.answer(card)
            count += 1
        return count

    async def _start(self, invitation: Message) -> None:
        async def begun() -> bool:
            return await self._newest_card() is not None

        await insist(
            self.person,
            lambda: self.person.click(invitation, START),
            begun,
            patience=self.patience,
            what="the first question",
        )

    async def next_card(self, within: float = 30.0) -> Message | None:
        """The card that waits for an answer, the newest of several; None once everything is answered."""
        (card,) = await self.person.wait_until(
            self._newest_card, within, what=f"a card for {self.who.handle}"
        )
        return card

    async def _newest_card(self) -> tuple[Message | None] | None:
        """The newest card; (None,) once the thanks have come after it; None while there is neither."""
        dm = await self.person.dm()
        last = next((one for one in reversed(dm) if asked_by(one) or THANKS in one.text), None)
        if last is None:
            return None
        return (last if asked_by(last) else None,)

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
        async def choose() -> Outcome:
            if await self.moved_on(card):
                raise Refused("this card asks something else by now")
            # What counts is the face that was read, even if the next one is just coming.
            what, pick = (DONT_KNOW, None) if said == "dk" else (ANSWER, card.options(ANSWER)[int(said)])
            outcome = await self.person.click(card, what, pick, stale=True)
            if outcome.acked:
                self._note(card, said)
            return outcome

        await insist(
            self.person,
            choose,
            lambda: self.moved_on(card),
            patience=self.patience,
            what=f"the card after {asked_by(card)}",
        )

    async def _type(self, card: Message, said: int | str, link: str) -> None:
        words = "don't know" if said == "dk" else f"{said} because that is how it is {link}".strip()
        await self.person.say(words, thread_ts=card.thread_ts)
        # Slack brings a message until the app has taken it, so that nobody types it twice.
        await self.person.wait_until(
            lambda: self.moved_on(card), GIVE_UP, what=f"{self.who.handle}'s card to move on"
        )
        self._note(card, said)

    def _note(self, card: Message, said: int | str) -> None:
        self.records.append(Record(self.who.handle, asked_by(card) or "", said))

    async def moved_on(self, card: Message) -> bool:
        """Whether there is another question by now, on this card or below it, or none any more."""
        found = await self._newest_card()
        newest = found[0] if found else None
        return newest is None or (newest.ts, newest.revision) != (card.ts, card.revision)

    def _shows(self, criterion: str) -> bool:
        """Whether this person shows something for the claim: the lead of the group that answers for it."""
        return criterion in self.case.linked and self.who.is_lead and self._is_authority(criterion)

    def _is_authority(self, criterion: str) -> bool:
        """The case names the authority's answers first."""
        groups: Json = self.case.raw["answers"][criterion]
        return next(name for name in groups if name != "evidence") == self.who.group


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
