"""Whether the people somebody named in a form can take part, and why not.

What Slack says about them was asked before; nothing here waits on the network.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.desk import people
from bot.desk.people import PersonFacts
from bot.desk.work import Work


@dataclass(frozen=True)
class Checked:
    """What Slack said about the people and the channel in a form.

    `in_channel` is None where Slack could not say, or no channel was named.
    """

    people: Mapping[str, PersonFacts]
    in_channel: bool | None = None

    @classmethod
    def of(cls, facts: Iterable[PersonFacts], in_channel: bool | None = None) -> "Checked":
        """From what was looked up."""
        return cls({one.user_id: one for one in facts}, in_channel)

    async def keep(self, work: Work) -> None:
        """Remember what Slack said."""
        await people.keep(work, self.people.values())

    def why_not(self, user_ids: Sequence[str], *, as_member: bool = False) -> str:
        """Why these people can't take part, in a sentence each; empty when all can.

        With `as_member`, guests can't either: who carries a role belongs to the organisation.
        """
        return " ".join(reason for reason in (self._why_not(one, as_member) for one in user_ids) if reason)

    def _why_not(self, user_id: str, as_member: bool) -> str:
        facts = self.people.get(user_id)
        if facts is None:
            return f"Slack doesn't know {user_id}. Choose somebody else."
        name = facts.name or user_id
        if facts.is_deactivated:
            return (
                f"{name}'s account is deactivated, so they would never see a message. Choose somebody else."
            )
        if facts.is_bot:
            return f"{name} is an app, not a person. Choose somebody else."
        if facts.is_external:
            return f"{name} belongs to another organisation. Choose somebody from this workspace."
        if as_member and facts.is_guest:
            return f"{name} is a guest here. Guests may answer questions, but not carry this role."
        return ""
