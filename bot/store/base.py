"""What every table shares: naming, identifiers, instants in UTC, encrypted text.

Knows SQLAlchemy and nothing of the tables themselves.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated

from sqlalchemy import JSON, BigInteger, DateTime, Integer, MetaData, String, TypeDecorator
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, mapped_column

# Batch migrations on SQLite need every constraint to have a name.
NAMING = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Instant(TypeDecorator[datetime]):
    """A moment, always aware and in UTC, on databases with and without time zones."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse naive moments: a time without a zone is a guess."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give SQLite's naive text its zone back."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


# SQLite counts up only in a column of type INTEGER.
BigId = BigInteger().with_variant(Integer, "sqlite")

RowId = Annotated[int, mapped_column(BigId, primary_key=True)]
SlackId = Annotated[str, mapped_column(String(32))]
Key = Annotated[str, mapped_column(String(255))]
Word = Annotated[str, mapped_column(String(32))]


class Base(DeclarativeBase):
    """The root of all tables."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy's own protocol
        datetime: Instant(),
        Mapping[str, object]: JSON(),
        Mapping[str, str]: JSON(),
    }
