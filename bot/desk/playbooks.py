"""The playbook in force and the ones earlier rounds were asked by.

A round keeps the hash of its playbook; its answers are scored by that text and by no other.
"""

from sqlalchemy.ext.asyncio import AsyncSession

from bot.playbook.load import parse_playbook
from bot.playbook.model import Playbook
from bot.store.models import PlaybookText
from bot.store.upsert import insert_new


class Playbooks:
    """The playbook in force, and a look-up of kept ones. Holds no state that another process lacks."""

    def __init__(self, current: Playbook) -> None:
        """`current` is asked by every round that opens from now on."""
        self.current = current
        self._read = {current.sha256: current}

    async def keep(self, session: AsyncSession) -> str:
        """Store the playbook in force, if it is not yet stored; returns its hash."""
        playbook = self.current
        await insert_new(
            session,
            PlaybookText,
            sha256=playbook.sha256,
            playbook_id=playbook.id,
            version=playbook.version,
            text=playbook.text,
        )
        return playbook.sha256

    async def get(self, session: AsyncSession, sha256: str) -> Playbook:
        """The playbook with this hash, from memory or from the database."""
        if sha256 not in self._read:
            kept = await session.get_one(PlaybookText, sha256)
            self._read[sha256] = parse_playbook(kept.text)
        return self._read[sha256]
