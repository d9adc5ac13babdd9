"""The ground that all parts of the playbook's model stand on: frozen, strict, no key unknown."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints


class Part(BaseModel):
    """A piece of the playbook: never changes once read, converts nothing, takes no key it does not know."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid", allow_inf_nan=False)


Id = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,59}$")]
"""A name for code; it also has to fit into Slack's action and block ids."""

Text = Annotated[str, StringConstraints(min_length=1, max_length=1000)]
"""Words for people, or a formula."""

Label = Annotated[str, StringConstraints(min_length=1, max_length=75)]
"""Words that become an option's text in Slack, where 75 characters is the limit."""

Level = Annotated[int, Field(ge=0, le=4)]
"""A level of the scale, from 0 (absent) to 4 (managed)."""

Count = Annotated[int, Field(ge=0)]

Days = Annotated[int | float, Field(ge=0, le=1000)]
"""Working days of effort; halves are fine."""

Criticality = Literal["hard", "compensable", "supporting"]

Status = Literal["blocking", "unknown", "manageable", "proof_gap", "met", "not_applicable"]

STATUSES: tuple[Status, ...] = ("blocking", "unknown", "manageable", "proof_gap", "met", "not_applicable")
"""All statuses, worst first."""

Evidence = Literal["none", "linked", "verified", "rejected", "expired"]

Operator = Literal["eq", "gt", "gte", "lt", "lte"]
