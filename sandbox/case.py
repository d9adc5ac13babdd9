"""The worked case: its cast, and what each of them answers. Read from the file beside; changes nothing.

Knows the case's own format and nothing of the bot.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from importlib.resources import files

import yaml

from sandbox.config import ChannelConfig, PersonConfig, WorkspaceConfig
from sandbox.jsontypes import Json

HOME = "invoice-matching"
NAME = "Invoice matching"

# What the programme lead knows about the pilot beside its profile, by the names of the intake's inputs.
_FACTS: Mapping[str, str] = {
    "stage": "stalled_pilot",
    "months_stalled": "5",
    "why_stalled": "Nobody agreed on a next step, and nobody in finance operations was asked.",
    "best_result": "94% of 1,200 invoices matched in eight weeks",
    "cases_chosen": "Hand-picked from 40 well-behaved suppliers.",
    "approvals_skipped": "Security review, and the works council.",
    "share_left_out": "12",
    "rescued_by_hand": "About 70 invoices, by two people of the innovation team.",
    "budget": "250,000",
    "currency": "EUR",
    "spent": "180k",
    "name": NAME,
    "problem": "Fourteen clerks check every invoice by hand, and suppliers are paid late.",
    "why_first": "It touches every supplier; contract reading waits because of it.",
    "number": "Touch-free match rate",
    "unit": "percent",
    "start": "62",
    "target": "80",
    "zone": "Europe/Berlin",
}

# Handle, name and group, in the order of the case's respondents; the first of each group leads it.
_RESPONDENTS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "pilot_team": (("pia", "Pia Data"), ("paul", "Paul Innovation")),
    "it_ops": (("ivo", "Ivo Platform"), ("ines", "Ines Service")),
    "business": (("bea", "Bea Payables"), ("bruno", "Bruno Supervisor"), ("carla", "Carla Clerk")),
    "data_gov": (("dora", "Dora Governance"), ("dan", "Dan Steward")),
}
LEAD = "lena"
SPONSOR = "sven"
FINANCE = "finn"
STRANGER = "otto"
_OTHERS = (
    (LEAD, "Lena Programme"),
    (SPONSOR, "Sven Sponsor"),
    (FINANCE, "Finn Finance"),
    (STRANGER, "Otto Other"),
)


@dataclass(frozen=True)
class Respondent:
    """Somebody who answers: what they say to each criterion they are asked."""

    handle: str
    name: str
    group: str
    is_lead: bool
    answers: Mapping[str, int | str]


@dataclass(frozen=True)
class Case:
    """A pilot, the people who know it, and what they answer."""

    title: str
    story: str
    profile: Mapping[str, str]
    respondents: Sequence[Respondent]
    capacity: Mapping[str, int]
    # Criteria whose authority shows something for its claim.
    linked: frozenset[str]
    raw: Json

    @property
    def leads(self) -> Mapping[str, Respondent]:
        """Each group's lead."""
        return {one.group: one for one in self.respondents if one.is_lead}

    @property
    def owner(self) -> str:
        """The business owner's handle: the payables manager."""
        return self.leads["business"].handle

    def description(self, by: date) -> Mapping[str, object]:
        """What the programme lead enters into the intake, by the names of its inputs.

        `by` is when the target shall be reached.
        """
        groups = {
            group: [one.handle for one in self.respondents if one.group == group] for group in self.leads
        }
        return {
            **_FACTS,
            "by": by.isoformat(),
            "owner": self.owner,
            "sponsor": SPONSOR,
            "home_channel": HOME,
            **{f"factor_{factor}": value for factor, value in self.profile.items()},
            **{f"people_{group}": members for group, members in groups.items()},
            **{f"lead_{group}": lead.handle for group, lead in self.leads.items()},
        }

    def workspace(self) -> WorkspaceConfig:
        """The case's people in a workspace of their own, with the home channel."""
        named = [*_OTHERS, *((one.handle, one.name) for one in self.respondents)]
        people = [
            PersonConfig(name=handle, real_name=name, is_admin=handle == LEAD) for handle, name in named
        ]
        members = [handle for handle, _ in named if handle != STRANGER]
        return WorkspaceConfig(
            name="Fabrikam Wholesale",
            people=people,
            channels=[ChannelConfig(name=HOME, members=members, bot_in=True)],
        )


def worked_case() -> Case:
    """The case that ships with the sandbox."""
    raw: Json = yaml.safe_load((files("sandbox") / "cases" / "worked_case.yaml").read_text(encoding="utf-8"))
    return read_case(raw)


def read_case(raw: Json) -> Case:
    """A case from its data. The groups have the cast's size, as in the case that ships."""
    answers: Mapping[str, Json] = raw["answers"]
    return Case(
        title=raw["title"],
        story=raw["story"],
        profile=raw["profile"],
        respondents=[
            Respondent(
                handle,
                name,
                group,
                is_lead=place == 0,
                answers={
                    criterion: said[group][place] for criterion, said in answers.items() if group in said
                },
            )
            for group, members in _RESPONDENTS.items()
            for place, (handle, name) in enumerate(members)
        ],
        capacity=raw["capacity_days_weeks_5_8"],
        linked=frozenset(
            criterion for criterion, said in answers.items() if said["evidence"] in ("linked", "verified")
        ),
        raw=raw,
    )
