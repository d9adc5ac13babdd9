"""Everything a running sandbox consists of, built once from its configuration."""

import secrets

from sandbox.acting import Acting
from sandbox.config import SandboxConfig
from sandbox.delivery import Deliverer
from sandbox.events import Events
from sandbox.interacting import Interacting
from sandbox.posting import Posting
from sandbox.requesturl import RequestUrlSender
from sandbox.responding import Responder
from sandbox.sockets import SocketHub
from sandbox.state import Team
from sandbox.submitting import Submitting
from sandbox.web.call import Services
from sandbox.world import World


class Parts:
    """The wiring, and nothing else."""

    def __init__(self, config: SandboxConfig) -> None:
        self.world = World(config)
        knobs = self.world.knobs
        self.hub = SocketHub(knobs.max_sockets, self.world.app.id, knobs.socket_life, self.world.changes)
        self.sender = RequestUrlSender(self.world.app.signing_secret, knobs.max_in_flight)
        self.deliverer = Deliverer(self.world, self.hub, self.sender)
        self.events = Events(self.world, self.deliverer)
        self.posting = Posting(self.world, self.events)
        self.responder = Responder(self.world, self.posting)
        self.acting = Acting(self.world, self.events, self.posting)
        self.interacting = Interacting(self.world, self.deliverer, self.posting, self.responder)
        self.submitting = Submitting(self.world, self.deliverer, self.posting)
        self.services = Services(self.world, self.events, self.posting, self.hub)

    def new_code(self, team: Team, installer: str) -> str:
        """A code that oauth.v2.access takes once."""
        code = secrets.token_urlsafe(16)
        self.world.oauth_codes[code] = (team.id, installer)
        return code
