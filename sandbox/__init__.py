"""A Slack workspace on your own machine: the demo, and what the tests talk to.

`Sandbox` serves it, `SandboxConfig` describes it, `sandbox.client.Workspace` acts in it.
"""

from sandbox.config import (
    AppConfig,
    ChannelConfig,
    Knobs,
    PersonConfig,
    RateKnobs,
    SandboxConfig,
    UserGroupConfig,
    WorkspaceConfig,
)
from sandbox.server import Sandbox

__all__ = [
    "AppConfig",
    "ChannelConfig",
    "Knobs",
    "PersonConfig",
    "RateKnobs",
    "Sandbox",
    "SandboxConfig",
    "UserGroupConfig",
    "WorkspaceConfig",
]
