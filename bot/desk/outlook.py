"""From the blocking gaps to what closing them takes, by window and group."""

from bot.desk.assessing import Assessed
from bot.playbook.model import Playbook
from bot.store.models import Initiative
from bot.views import outlook as views


def outlook_of(result: Assessed, initiative: Initiative, *, capacity_known: bool) -> views.Outlook:
    """What a plan would be made of."""
    playbook, assessment = result.playbook, result.assessment
    blocking = [one.criterion for one in assessment.blocking_in_priority_order]
    figures = result.figures(initiative)
    lower = figures.alternatives[0] if figures.alternatives else None
    return views.Outlook(
        initiative=initiative.name or "",
        windows={
            f"Weeks {window.id}, {window.name.lower()}": [
                _step(playbook, one, blocking)
                for one in blocking
                if playbook.criterion(one).remediation.window == window.id
            ]
            for window in playbook.windows
        },
        over={playbook.group_names[group]: days for group, days in assessment.over_capacity.items()},
        capacity_known=capacity_known,
        alternative=f"If {lower.label}, {lower.blocking} would block instead of {len(blocking)}."
        if lower
        else "",
    )


def _step(playbook: Playbook, criterion_id: str, blocking: list[str]) -> views.Step:
    criterion = playbook.criterion(criterion_id)
    remedy = criterion.remediation
    return views.Step(
        title=criterion.title,
        task=remedy.task,
        owner=playbook.group_names[remedy.owner],
        days=remedy.effort_days,
        after=[playbook.criterion(one).title for one in remedy.depends_on if one in blocking],
    )
