"""An initiative in a database, and somebody who acts in it."""

import pytest

from bot.desk.playbooks import Playbooks
from bot.desk.work import House
from bot.playbook.load import load_playbook
from bot.playbook.model import Playbook
from bot.store.engine import Database
from tests.desk.town import Town
from tests.support.clock import FakeClock


@pytest.fixture(scope="session")
def playbook() -> Playbook:
    return load_playbook()


@pytest.fixture
def house(database: Database, clock: FakeClock, playbook: Playbook) -> House:
    return House(database.sessions, clock, Playbooks(playbook))


@pytest.fixture
async def town(house: House, clock: FakeClock) -> Town:
    """An open initiative whose owner, sponsor and leads have just been asked."""
    return await Town.built(house, clock)
