"""All tables in one place, for migrations and for those who need many of them."""

from bot.store.base import Base
from bot.store.diagnosis import (
    Answer,
    Conversation,
    ConversationState,
    Correction,
    NotApplicable,
    PlaybookText,
    Round,
    RoundState,
    Said,
)
from bot.store.initiatives import (
    Initiative,
    InitiativeState,
    ProfileDispute,
    Role,
    RoleKind,
    RoleState,
    Stage,
    Stakeholder,
)
from bot.store.ledger import Audit, Due, DueState, Inbox, Outbox, OutboxState
from bot.store.people import InstallState, Person, Workspace

__all__ = [
    "Answer",
    "Audit",
    "Base",
    "Conversation",
    "ConversationState",
    "Correction",
    "Due",
    "DueState",
    "Inbox",
    "Initiative",
    "InitiativeState",
    "InstallState",
    "NotApplicable",
    "Outbox",
    "OutboxState",
    "Person",
    "PlaybookText",
    "ProfileDispute",
    "Role",
    "RoleKind",
    "RoleState",
    "Round",
    "RoundState",
    "Said",
    "Stage",
    "Stakeholder",
    "Workspace",
]
