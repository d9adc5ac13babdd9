"""However long the words and many the people, every message and form stays within Slack's limits."""

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.views import commands, happenings, intake, intake_summary, notices, profile, roles
from bot.views import settings as menus
from bot.views.actions import FinishRef, IntakeRef, ProfileRef
from bot.views.intake import Page, Then

words = st.one_of(
    st.text(max_size=30),
    st.sampled_from(
        ["<!channel>", "*" * 3000, "a" * 4000, "😀" * 2000, "<@U1>" * 500, "\n" * 50, "&" * 3000]
    ),
)
several = st.lists(words, max_size=60)


@settings(max_examples=8, deadline=None)
@given(name=words, problem=words, group=words, why=words)
def test_roles(name: str, problem: str, group: str, why: str) -> None:
    asked = [roles.AskedRole(1, "owner"), roles.AskedRole(2, "sponsor"), roles.AskedRole(3, "lead", group)]
    ask = roles.Ask(name, "UFAC", problem, asked)
    about = roles.AboutRole(name, "U1", asked)
    card = roles.card(ask)
    assert "<!channel>" not in card.text
    roles.accept_as_lead(ask, [(problem, why)] * 13)
    roles.not_me(ask)
    roles.name_another(asked[2], name, "U1", None)
    for message in (
        roles.declined(about, "U2", why),
        roles.silent_two(about),
        roles.silent_four(about, to_sponsor=True),
        roles.named(about, "U1", "U2"),
        roles.all_accepted(1, name),
        roles.handed_over(1, name, "U1"),
        roles.welcome(name, "U1"),
        happenings.undelivered(1, name, "U1", "role", why),
        happenings.deactivated(1, name, "U1", why, [(1, group), (2, name)], answers=True),
        happenings.hello("U1", [name, problem]),
        happenings.facilitator_gone(1, name, why),
        menus.closed(name, "U1"),
    ):
        assert "<!channel>" not in message.text


@settings(max_examples=8, deadline=None)
@given(name=words, lines=several, because=words)
def test_the_profile(name: str, lines: list[str], because: str) -> None:
    compared = [profile.ProfileLine(line, line, line) for line in lines]
    ref = ProfileRef(1, "abc")
    for message in (
        profile.disputed(1, name, "U1", compared, because),
        profile.changed(ref, name, "U1", compared),
        profile.settled(ref, name, "U1", compared),
        profile.confirmed(name),
    ):
        assert "<!channel>" not in message.text


@settings(max_examples=8, deadline=None)
@given(name=words, lines=several, number=st.integers(0, 60))
def test_commands(name: str, lines: list[str], number: int) -> None:
    people = [f"<@U{index}>" for index in range(number)]
    commands.status(
        commands.Status(
            1,
            name,
            "U1",
            False,
            commands.Next("Wait.", "Look", "gaps #1"),
            people,
            people,
            people,
            "Round 1",
            3,
        )
    )
    commands.people(1, name, [commands.GroupPeople(name, people)] * 4, "Owner: x", may_edit=True)
    waiting: list[commands.RoleWaiting | commands.TalkWaiting | commands.ToDo | commands.Replacement] = []
    for line in lines:
        waiting += [
            commands.RoleWaiting(1, line, line, True),
            commands.TalkWaiting("1", line, 1, 2, True),
            commands.ToDo("It waits", "Do it", "mine"),
            commands.Replacement(1, "Somebody"),
        ]
    mine = commands.Mine(waiting, [commands.Listed(1, line, "Wait.") for line in lines])
    notices.whisper_in_modal(commands.mine(mine))
    commands.app_home(mine)
    commands.unknown(name, "status", "status", ["new", "status"])
    notices.which("status", list(enumerate([name, name, *lines], 1)))


@settings(max_examples=8, deadline=None)
@given(name=words, lines=several)
def test_the_intake(name: str, lines: list[str]) -> None:
    groups = [intake.GroupLine(f"group_{index}", name, name, index == 2) for index in range(4)]
    factors = [intake.FactorLine(f"f{index}", name, (("a", name), ("b", name))) for index in range(13)]
    filled = {line.id: name for page in intake.LINES.values() for line in page if line.kind != "date"}
    for page in Page:
        for then in Then:
            intake.page(intake.Form(IntakeRef(1, page, then), filled, factors, groups, name))
    parts = [intake_summary.Part(page, lines) for page in Page]
    intake_summary.summary(FinishRef(1, "C1"), parts, [f"<@U{index}>" for index in range(9)], name)
    intake_summary.opened(name, ["<@U1>"], name)
    intake_summary.drafts([(IntakeRef(1, Page.AIM, Then.NEW), name[:80])] * 20)
    menus.menu(menus.Menu(1, name, "U1", False, name, lines))
    menus.facilitator(1, name, "U1")
    profile.dispute(1, name, factors, {})
