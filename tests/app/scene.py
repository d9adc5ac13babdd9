"""A diagnosis under way, so that attacks meet real conversations, roles and forms."""

from bot.playbook.load import load_playbook
from sandbox import Sandbox
from sandbox.client import Workspace
from tests.app.hostile import Target
from tests.handlers.stage import LEADS, Stage


async def under_way(sandbox: Sandbox, workspace: Workspace) -> Target:
    """Set up an initiative, open its first round, start some conversations; what to attack there."""
    stage = await Stage.of(sandbox, workspace)
    await stage.set_up()
    await stage.accept_all()
    asked = await stage.say("mara", "diagnose", "pilot")
    await stage.person("mara").click(asked.ephemerals[0], "Open round 1")
    channels, threads = [stage.channels["pilot"], stage.channels["quiet"]], []
    for lead in LEADS.values():
        invitation = await stage.card(lead, "Start")
        await stage.person(lead).click(invitation, "Start")
        channels.append(invitation.channel)
        threads.append(invitation.ts)
    await workspace.settled()
    found = await workspace.describe()
    return Target(
        team=found["team"]["id"],
        app=sandbox.config.app.id,
        people=[
            user for name, user in stage.ids.items() if name in ("mara", "olaf", "sina", *LEADS.values())
        ],
        channels=channels,
        threads=threads,
        values=_values(),
    )


def _values() -> list[str]:
    """What real controls carry: rows of every table that may exist, questions, levels, pages."""
    rows = [str(number) for number in range(1, 6)]
    questions = [f"{row}:{criterion.id}" for row in rows for criterion in load_playbook().criteria[:20]]
    levels = [f"{question}:{level}" for question in questions for level in (0, 4, 5)]
    return [*rows, *(f"{row}:{page}" for row in rows for page in (0, 1, 99)), *questions, *levels]
