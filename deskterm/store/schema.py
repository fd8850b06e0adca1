"""The schema of a desk: made on the first start, upgraded later, refused when it is too new."""

from typing import Final

from sqlalchemy import Connection, insert, inspect, text
from sqlalchemy.exc import OperationalError, ProgrammingError

from deskterm.rules.problems import N_, Problem
from deskterm.store.engine import Store
from deskterm.store.migrations import SHIPPED, VERSION_TABLE, Migrations
from deskterm.store.tables import settings

__all__ = ["SEED", "ensure", "missing", "newer", "revision_of"]

SEED: Final = [{"name": "book", "value": "1"}]
"""The settings of an empty desk: the number of its empty book of people."""

_REVISION: Final = text(f"SELECT version_num FROM {VERSION_TABLE}")


def ensure(store: Store, migrations: Migrations = SHIPPED, *, make: bool = True) -> bool:
    """Give the desk the schema that this deskterm knows; True when an empty place became a desk just now.

    Making and upgrading each happen in one transaction: a kill leaves the old schema or the new one. Raises
    Problem "store.newer" when the desk's schema is newer than this deskterm, and "store.missing" for an empty
    place when none is to be made.
    """
    with store.read() as connection:
        revision = revision_of(connection)
    if revision == migrations.head:
        return False
    if revision is None and not make:
        raise missing(store.place)
    if revision is None:
        return _create(store, migrations)
    _upgrade(store, migrations, revision)
    return False


def revision_of(connection: Connection) -> str | None:
    """The schema's revision, None where there is no schema of ours. One statement when there is one."""
    try:
        return str(connection.execute(_REVISION).scalar_one())
    except (OperationalError, ProgrammingError):
        if inspect(connection).has_table(VERSION_TABLE):
            raise
        return None


def missing(place: str) -> Problem:
    """The Problem of a place that holds no desk."""
    sentence = N_(
        'There is no desk at %(place)s: make one with "deskterm init", or name another one with --db.'
    )
    return Problem("store.missing", sentence, kind="store", place=place)


def newer(place: str, revision: str, migrations: Migrations = SHIPPED) -> Problem:
    """The Problem of a desk that a newer deskterm has upgraded."""
    sentence = N_(
        "A newer deskterm has upgraded the desk %(place)s (schema %(revision)s, this one knows %(known)s); "
        "install the newer one here: pip install --upgrade deskterm."
    )
    return Problem(
        "store.newer", sentence, kind="store", place=place, revision=revision, known=migrations.head
    )


def _create(store: Store, migrations: Migrations) -> bool:
    """All tables at once, unless somebody else has made them meanwhile."""
    from deskterm.store.tables.indexes import complete_metadata  # needed on the first start only

    store.prepare()
    with store.reshape() as connection:
        if not inspect(connection).has_table(VERSION_TABLE):
            metadata = complete_metadata()
            _refuse_foreign(store, connection, set(metadata.tables))
            metadata.create_all(connection, checkfirst=False)
            _seed(connection, migrations.head)
            return True
    return ensure(store, migrations)


def _refuse_foreign(store: Store, connection: Connection, names: set[str]) -> None:
    """Somebody else's file stays as it is; a database on a server may have others' tables of other names."""
    found = set(inspect(connection).get_table_names())
    ours = found & names
    if ours or (found and store.dialect == "sqlite"):
        sentence = N_(
            "%(place)s holds tables that are not a desk's (%(tables)s); name another one with --db."
        )
        tables = ", ".join(sorted(ours or found)[:3])
        raise Problem("store.foreign", sentence, kind="store", place=store.place, tables=tables)


def _seed(connection: Connection, revision: str) -> None:
    connection.exec_driver_sql(
        f"CREATE TABLE {VERSION_TABLE} "
        f"(version_num VARCHAR(32) NOT NULL, CONSTRAINT {VERSION_TABLE}_pkc PRIMARY KEY (version_num))"
    )
    connection.exec_driver_sql(f"INSERT INTO {VERSION_TABLE} VALUES ('{revision}')")
    connection.execute(insert(settings), SEED)


def _upgrade(store: Store, migrations: Migrations, revision: str) -> None:
    from deskterm.store.migrations import runner  # imports Alembic, which takes 0.4 s

    if not runner.is_known(migrations, revision):
        raise newer(store.place, revision, migrations)
    with store.reshape() as connection:
        if revision_of(connection) == revision:
            runner.upgrade(connection, migrations)
            return
    ensure(store, migrations)
