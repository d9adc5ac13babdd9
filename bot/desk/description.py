"""What `/slipway new` collects: typed records, read from a page's fields and shown on the page again.

Reading collects one sentence per field that needs another look. Changes nothing but the initiative
it is given; knows no authority and no messages.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Final
from zoneinfo import available_timezones

from pydantic import BaseModel, ConfigDict

from bot.desk.amounts import UnclearAmount, amount, is_not_known, percentage, typed
from bot.playbook.model import Playbook, ProfileFactor
from bot.store.models import Initiative, Stage, Stakeholder
from bot.views import intake as views
from bot.views.intake import Page, Then
from bot.views.limits import clean

FieldValue = str | tuple[str, ...] | None
Fields = Mapping[str, FieldValue]

# The group whose members work with the system every day.
DAILY_GROUP: Final = "business"

_CURRENCY_SIGNS: Final = {"€": "EUR", "$": "USD", "£": "GBP", "¥": "JPY", "EURO": "EUR", "EUROS": "EUR"}
_CHANNEL: Final = re.compile(r"[CG][A-Z0-9]{1,31}")
_USER: Final = re.compile(r"[UW][A-Z0-9]{1,31}")
_MONTHS_AT_MOST: Final = 600
_WORDS_AT_MOST: Final = 3000


def is_user(user_id: str) -> bool:
    """Whether this has the form of a person's id in Slack."""
    return _USER.fullmatch(user_id) is not None


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Pilot(_Record):
    """The pilot as it stands. Empty and None: not known yet. `share_left_out` is in per cent."""

    pages: tuple[Page, ...] = ()
    """The pages of the description that were saved."""
    months_stalled: Decimal | None = None
    why_stalled: str = ""
    best_result: str = ""
    cases_chosen: str = ""
    approvals_skipped: str = ""
    share_left_out: Decimal | None = None
    rescued_by_hand: str = ""
    budget: Decimal | None = None
    currency: str = ""
    spent: Decimal | None = None


class Outcome(_Record):
    """What it is for, and the number that shall move. Empty and None: not known yet."""

    problem: str = ""
    why_first: str = ""
    number: str = ""
    unit: str = ""
    start: Decimal | None = None
    target: Decimal | None = None
    by: date | None = None


def pilot_of(initiative: Initiative) -> Pilot:
    """The pilot as it was described."""
    return Pilot.model_validate(initiative.pilot or {})


def outcome_of(initiative: Initiative) -> Outcome:
    """The purpose and the business outcome as they were described."""
    return Outcome.model_validate(initiative.outcome or {})


def saved_pages(initiative: Initiative) -> tuple[Page, ...]:
    """The pages that were sent at least once."""
    return pilot_of(initiative).pages


def mark_saved(initiative: Initiative, page: Page) -> None:
    """Remember that a page was sent."""
    pilot = pilot_of(initiative)
    if page not in pilot.pages:
        _keep_pilot(initiative, pilot.model_copy(update={"pages": (*pilot.pages, page)}))


def factors_on(page: Page, then: Then, playbook: Playbook) -> Sequence[ProfileFactor]:
    """The profile factors a page asks for: the first half, or the rest; in settings all at once.

    Settings save the whole profile in one go, so that the leads hear of a change once.
    """
    if then is Then.SETTINGS:
        return playbook.profile_factors
    half = -(-len(playbook.profile_factors) // 2)
    first = page is Page.PROFILE
    return playbook.profile_factors[:half] if first else playbook.profile_factors[half:]


class Reading:
    """Reads one page's fields and notes what needs another look, by block id."""

    def __init__(self, fields: Fields) -> None:
        self._fields = fields
        self.errors: dict[str, str] = {}

    def words(self, block_id: str) -> str:
        """Free words; what says "not known yet" is empty."""
        value = self._fields.get(block_id)
        words = clean(value).strip()[:_WORDS_AT_MOST] if isinstance(value, str) else ""
        return "" if is_not_known(words) else words

    def person(self, block_id: str, ask: str) -> str:
        """One person, who must be there."""
        user_id = self.needed(block_id, ask)
        return user_id if is_user(user_id) else ""

    def several(self, block_id: str) -> tuple[str, ...]:
        """Several people, each once."""
        value = self._fields.get(block_id)
        if value is None:
            return ()
        several = (value,) if isinstance(value, str) else value
        return tuple(dict.fromkeys(one for one in several if is_user(one)))

    def number(self, block_id: str, *, money: bool = False) -> Decimal | None:
        """A number, or None where it isn't known yet."""
        try:
            return amount(self.words(block_id), money=money)
        except UnclearAmount as unclear:
            self.errors[block_id] = str(unclear)
            return None

    def not_negative(self, block_id: str, *, money: bool = False) -> Decimal | None:
        """A number of zero or more."""
        number = self.number(block_id, money=money)
        if number is not None and number < 0:
            self.errors[block_id] = "This can't be less than zero."
        return number

    def share(self, block_id: str) -> Decimal | None:
        """A share in per cent."""
        try:
            return percentage(self.words(block_id))
        except UnclearAmount as unclear:
            self.errors[block_id] = str(unclear)
            return None

    def needed(self, block_id: str, ask: str) -> str:
        """Words that must be there; `ask` says what is missing."""
        words = self.words(block_id)
        if not words:
            self.errors[block_id] = ask
        return words


def read_pilot(initiative: Initiative, reading: Reading) -> None:
    """The first page."""
    stage = reading.words(views.STAGE)
    if stage not in tuple(Stage):
        reading.errors[views.STAGE] = "Choose what you bring in."
        return
    months = reading.not_negative("months_stalled")
    if months is not None and months > _MONTHS_AT_MOST:
        reading.errors["months_stalled"] = "That is more than 50 years. How many months is it?"
    initiative.stage = stage
    _keep_pilot(
        initiative,
        pilot_of(initiative).model_copy(
            update={
                "months_stalled": months,
                "why_stalled": reading.words("why_stalled"),
                "best_result": reading.words("best_result"),
                "cases_chosen": reading.words("cases_chosen"),
            }
        ),
    )


def read_shortcuts(initiative: Initiative, reading: Reading) -> None:
    """What the pilot was spared, and its money."""
    budget = reading.not_negative("budget", money=True)
    spent = reading.not_negative("spent", money=True)
    currency = _currency(reading, asked=budget is not None or spent is not None)
    _keep_pilot(
        initiative,
        pilot_of(initiative).model_copy(
            update={
                "approvals_skipped": reading.words("approvals_skipped"),
                "share_left_out": reading.share("share_left_out"),
                "rescued_by_hand": reading.words("rescued_by_hand"),
                "budget": budget,
                "currency": currency,
                "spent": spent,
            }
        ),
    )


def _currency(reading: Reading, *, asked: bool) -> str:
    typed_in = reading.words("currency").upper()
    currency = _CURRENCY_SIGNS.get(typed_in, typed_in)
    if currency and not re.fullmatch(r"[A-Z]{3}", currency):
        reading.errors["currency"] = "Type the three letters of the currency, such as EUR or USD."
    elif asked and not currency:
        reading.errors["currency"] = "In which currency? Three letters, such as EUR."
    return currency


def read_aim(initiative: Initiative, reading: Reading) -> None:
    """Name, problem, and why this one first."""
    name = " ".join(reading.needed("name", "Give it a name that everybody will recognise.").split())
    if name.startswith("#"):
        reading.errors["name"] = "A name can't begin with #. Start with a letter."
    initiative.name = name[:80]
    outcome = outcome_of(initiative).model_copy(
        update={
            "problem": reading.needed("problem", "Which problem does it solve, and for whom?"),
            "why_first": reading.words("why_first"),
        }
    )
    initiative.outcome = outcome.model_dump(mode="json")


def read_outcome(initiative: Initiative, reading: Reading, today: date) -> None:
    """The number that shall move."""
    before = outcome_of(initiative)
    start, target = reading.number("start"), reading.number("target")
    if start is not None and start == target:
        reading.errors["target"] = "The target is the same as the start: nothing would move. Which is it?"
    by = _day(reading, before.by, today)
    outcome = before.model_copy(
        update={
            "number": reading.words("number"),
            "unit": reading.words("unit"),
            "start": start,
            "target": target,
            "by": by,
        }
    )
    initiative.outcome = outcome.model_dump(mode="json")


def _day(reading: Reading, before: date | None, today: date) -> date | None:
    words = reading.words("by")
    try:
        by = date.fromisoformat(words) if words else None
    except ValueError:
        reading.errors["by"] = "Choose a day from the calendar."
        return None
    if by is not None and by <= today and by != before:
        reading.errors["by"] = "That day has passed. By when shall the target be reached?"
    return by


def read_carriers(initiative: Initiative, reading: Reading) -> None:
    """Owner, sponsor, home channel and zone."""
    initiative.owner_id = reading.person(views.OWNER, "Who answers for the result in the business?")
    initiative.sponsor_id = reading.person(views.SPONSOR, "Who can stop the money?")
    home = reading.needed(views.HOME, "In which channel shall the assessment be posted?")
    if home and not _CHANNEL.fullmatch(home):
        reading.errors[views.HOME] = "Choose a channel, not a direct message."
    initiative.home_channel_id = home
    zone = _zones().get(_zone_key(reading.words(views.ZONE)))
    if zone is None:
        reading.errors[views.ZONE] = "I don't know this time zone. Type it like Europe/Berlin or New York."
    else:
        initiative.zone = zone


def read_profile(initiative: Initiative, reading: Reading, factors: Sequence[ProfileFactor]) -> None:
    """One half of what production demands."""
    initiative.profile = {**(initiative.profile or {}), **read_factors(reading, factors)}


def read_factors(reading: Reading, factors: Sequence[ProfileFactor]) -> dict[str, str]:
    """A choice for each factor, out of the playbook's."""
    chosen = {}
    for factor in factors:
        block = views.factor_block(factor.id)
        value = reading.words(block)
        if value not in {choice.id for choice in factor.values}:
            reading.errors[block] = "Choose the line that fits best."
        chosen[factor.id] = value
    return chosen


def filled(
    initiative: Initiative, page: Page, stakeholders: Sequence[Stakeholder], playbook: Playbook
) -> dict[str, str | tuple[str, ...]]:
    """What a page shows, by block id."""
    match page:
        case Page.PROFILE | Page.PROFILE_MORE:
            return {views.factor_block(factor): value for factor, value in (initiative.profile or {}).items()}
        case Page.PEOPLE:
            return _filled_people(stakeholders, playbook)
        case Page.CARRIERS:
            return {
                views.OWNER: initiative.owner_id or "",
                views.SPONSOR: initiative.sponsor_id or "",
                views.HOME: initiative.home_channel_id or "",
                views.ZONE: initiative.zone,
            }
        case _:
            known = {**_shown(pilot_of(initiative)), **_shown(outcome_of(initiative))}
            known |= {views.STAGE: initiative.stage, "name": initiative.name or ""}
            return {block: known[block] for block in _blocks(page)}


def _blocks(page: Page) -> list[str]:
    stage = [views.STAGE] if page is Page.PILOT else []
    return [*stage, *(line.id for line in views.LINES[page])]


def _shown(record: Pilot | Outcome) -> dict[str, str | tuple[str, ...]]:
    shown: dict[str, str | tuple[str, ...]] = {}
    for name in type(record).model_fields:
        value = getattr(record, name)
        shown[name] = typed(value) if isinstance(value, Decimal) else "" if value is None else str(value)
    return shown


def _filled_people(
    stakeholders: Sequence[Stakeholder], playbook: Playbook
) -> dict[str, str | tuple[str, ...]]:
    known: dict[str, tuple[str, ...]] = {views.DAILY: ()}
    leads: dict[str, str] = {}
    names = []
    for one in stakeholders:
        if one.user_id is None:
            names.append(f"{one.name}, {playbook.group_names.get(one.group, one.group)}")
            continue
        block = views.people_block(one.group)
        known[block] = (*known.get(block, ()), one.user_id)
        if one.is_lead:
            leads[views.lead_block(one.group)] = one.user_id
        if one.is_daily_user:
            known[views.DAILY] = (*known[views.DAILY], one.user_id)
    return {**known, **leads, views.WITHOUT_SLACK: "\n".join(names)}


def _keep_pilot(initiative: Initiative, pilot: Pilot) -> None:
    initiative.pilot = pilot.model_dump(mode="json")


def _zone_key(words: str) -> str:
    return words.strip().casefold().replace(" ", "_")


@cache
def _zones() -> dict[str, str]:
    """Zones by full name, and by city where only one zone has it."""
    names = sorted(available_timezones())
    cities: dict[str, list[str]] = {}
    for name in names:
        cities.setdefault(_zone_key(name.rpartition("/")[2]), []).append(name)
    single = {city: found[0] for city, found in cities.items() if len(found) == 1}
    return {**single, **{_zone_key(name): name for name in names}}
