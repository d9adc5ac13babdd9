"""Whatever a form holds, the use case takes it or says what to change: nothing else comes out."""

import random
from collections.abc import Iterator
from contextlib import suppress

import pytest

from bot.desk import intake, profile, roles, settings
from bot.desk.checks import Checked
from bot.desk.description import Fields
from bot.desk.errors import Told
from bot.desk.people import PersonFacts
from bot.views.actions import IntakeRef
from bot.views.intake import LINES, Page
from tests.desk.town import LEADS, PROFILE, TEAM, Town

ODD = (
    None,
    "",
    " ",
    "\x00\x07",
    "\ud800",
    "‮ ",
    "x" * 5000,
    "ß" * 100,
    "#1",
    "<!channel>",
    "9" * 60,
    "-1",
    "1.200",
    "2026-02-30",
    "UMEMBER",
    "U" + "A" * 400,
    "C1",
    "D1",
    (),
    ("UMEMBER", "UMEMBER", "UFAC"),
    ("\ud800", "x"),
    "Europe/Berlin",
    "acts_alone",
    "Kim, nowhere\n,\nLee, it_ops",
)
KNOWN = Checked.of([PersonFacts(TEAM, one, one) for one in ("UMEMBER", "UFAC", *LEADS.values())])


def forms(chance: random.Random, blocks: list[str], count: int) -> Iterator[Fields]:
    for _ in range(count):
        yield {block: chance.choice(ODD) for block in blocks if chance.random() < 0.9}


def blocks_of(page: Page) -> list[str]:
    groups = [f"{kind}_{group}" for kind in ("people", "lead") for group in LEADS]
    return {
        Page.CARRIERS: ["owner", "sponsor", "home_channel", "zone"],
        Page.PEOPLE: [*groups, "daily_users", "without_slack"],
        Page.PROFILE: [f"factor_{factor}" for factor in PROFILE],
    }.get(page, ["stage", *(line.id for line in LINES.get(page, ()))])


@pytest.mark.parametrize("page", [page for page in Page if page is not Page.PROFILE_MORE])
async def test_a_page_of_settings_is_saved_or_told(town: Town, page: Page) -> None:
    chance = random.Random(page)
    for number, fields in enumerate(forms(chance, blocks_of(page), 60)):
        with suppress(Told):
            async with town.work("UFAC") as work:
                ref = IntakeRef(town.initiative, page, "settings")
                await settings.save_page(work, ref, fields, KNOWN, key=f"k{number}")


async def test_roles_and_profile_are_answered_or_told(town: Town) -> None:
    chance = random.Random(7)
    lead, owner = await town.role("lead", "it_ops"), await town.role("owner")
    for number, fields in enumerate(forms(chance, ["days", "profile", "person", "roles", "because"], 60)):
        for who, use_case in (
            (LEADS["it_ops"], roles.accept_as_lead),
            (LEADS["pilot_team"], profile.dispute),
        ):
            subject = lead.id if use_case is roles.accept_as_lead else town.initiative
            with suppress(Told):
                async with town.work(who) as work:
                    await use_case(work, subject, fields, key=f"{who}{number}")
        with suppress(Told):
            async with town.work("UFAC") as work:
                await roles.name_another(work, owner.id, fields, KNOWN, key=f"name{number}")


async def test_references_to_what_never_was_are_told(town: Town) -> None:
    for page, then in (("nowhere", "new"), ("pilot", "later")):
        with pytest.raises(Told):
            async with town.work("UFAC") as work:
                await intake.show_page(work, IntakeRef(town.initiative, page, then), key="k", view_id="V")
    with pytest.raises(Told):
        async with town.work("UFAC") as work:
            await roles.accept(work, 2**61, key="k", response_url="")
