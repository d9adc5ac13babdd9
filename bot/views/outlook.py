"""What a plan would be made of: what closes each blocking gap, when, by whom, and whether it fits."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from slack_sdk.models.blocks import Block

from bot.views import kit
from bot.views.limits import fit
from bot.views.render import Modal, modal


@dataclass(frozen=True, slots=True)
class Step:
    """What closes one blocking gap."""

    title: str
    task: str
    owner: str
    """The group that does it."""
    days: float
    after: Sequence[str] = ()
    """Titles of what has to be done first."""


@dataclass(frozen=True, slots=True)
class Outlook:
    """The blocking gaps' work, by window, in order of priority."""

    initiative: str
    windows: Mapping[str, Sequence[Step]]
    """A window's name (`Weeks 5-8, infrastructure remediation`) to its steps."""
    over: Mapping[str, float]
    """Group to the days it is short of in weeks 5-8."""
    capacity_known: bool
    alternative: str = ""
    """What would block with less autonomy, in a sentence."""


def outlook_modal(outlook: Outlook) -> Modal:
    """The work ahead on one page; one section per window."""
    blocks: list[Block] = [
        kit.section(
            f"*What has to be done for {kit.said(outlook.initiative)}*, the most pressing first. Owners and "
            "dates are agreed with the groups before anything becomes a task."
        ),
        *(kit.section(_window(name, steps)) for name, steps in outlook.windows.items() if steps),
        kit.section(_fits(outlook)),
    ]
    if not any(outlook.windows.values()):
        blocks[1:] = [kit.section("Nothing blocks, so there is nothing to plan before launch.")]
    return modal("assessment.outlook", "What has to be done", blocks)


def _window(name: str, steps: Sequence[Step]) -> str:
    return fit(f"*{kit.said(name)}*\n" + "\n".join(_step(step) for step in steps), 2_900)


def _step(step: Step) -> str:
    after = f" _After: {kit.said(', '.join(step.after))}._" if step.after else ""
    who = f"{kit.said(step.owner)}, {_days(step.days)}"
    return f"• *{kit.said(step.title)}* ({who}): {kit.said(step.task)}.{after}"


def _fits(outlook: Outlook) -> str:
    if not outlook.capacity_known:
        return "Nobody has said yet how many days their group has in weeks 5 to 8."
    if not outlook.over:
        return ":white_check_mark: It fits the days each group has in weeks 5 to 8."
    short = ", ".join(f"{kit.said(group)} is {_days(days)} short" for group, days in outlook.over.items())
    ways = "more people, less scope, a later date, or stopping"
    lower = f" {kit.said(outlook.alternative)}" if outlook.alternative else ""
    return f":warning: It does not fit weeks 5 to 8: {short}. The honest ways out: {ways}.{lower}"


def _days(days: float) -> str:
    return kit.plural(int(days), "day") if days == int(days) else f"{days:.1f} days"
