"""Insert or ignore, insert or update: the two statements SQL has no common words for.

Knows the two databases' dialects; knows no table.
"""

from collections.abc import Sequence

from sqlalchemy import Integer, literal_column
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from bot.store.base import Base


async def insert_new(session: AsyncSession, model: type[Base], **values: object) -> bool:
    """Insert a row unless a unique key of it is taken; True when it was inserted.

    The second of two concurrent callers waits for the first to commit, and then gets False.
    """
    # Asked by RETURNING: the row count of an insert is kept on one database and not on the other.
    statement = _insert(session, model).values(**values).on_conflict_do_nothing()
    returned = await session.scalars(statement.returning(literal_column("1", Integer)))
    return returned.first() is not None


async def upsert(
    session: AsyncSession, model: type[Base], keys: Sequence[InstrumentedAttribute[str]], **values: object
) -> None:
    """Insert a row, or overwrite the given values where a row with these unique keys exists.

    Objects of that row already loaded in this session are not refreshed.
    """
    names = [key.key for key in keys]
    changed = {name: value for name, value in values.items() if name not in names}
    statement = _insert(session, model).values(**values)
    await session.execute(statement.on_conflict_do_update(index_elements=names, set_=changed))


def _insert(session: AsyncSession, model: type[Base]) -> "postgresql.Insert | sqlite.Insert":
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    return insert(model)
