"""The runner: Alembic on a connection that has its transaction already. It takes 0.4 s to import."""

from typing import Any, Final

from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from deskterm.store.migrations import VERSION_TABLE, Migrations
from deskterm.store.tables.indexes import complete_metadata

__all__ = ["OPTIONS", "differences", "is_known", "upgrade"]


def is_known(migrations: Migrations, revision: str) -> bool:
    """Whether `revision` is one of `migrations`."""
    return any(script.revision == revision for script in _scripts(migrations).walk_revisions())


def upgrade(connection: Connection, migrations: Migrations) -> None:
    """Run what is missing up to the head, in the transaction that `connection` is in."""
    scripts = _scripts(migrations)

    def steps(revision: Any, _context: MigrationContext) -> Any:
        return scripts._upgrade_revs(migrations.head, revision)

    with EnvironmentContext(Config(), scripts, fn=steps) as environment:
        environment.configure(connection, target_metadata=complete_metadata(), **OPTIONS)
        environment.run_migrations()


def differences(connection: Connection) -> list[Any]:
    """What Alembic would change to make the database of `connection` equal to the tables; [] is well."""
    metadata = complete_metadata()
    context = MigrationContext.configure(connection, opts={"target_metadata": metadata, **OPTIONS})
    return list(compare_metadata(context, metadata))


def _is_ours(name: str | None, kind: str, _parents: Any) -> bool:
    """The full-text index is made by hand, on SQLite with shadow tables that no model knows."""
    return kind not in ("table", "index") or name is None or "_fts" not in name


OPTIONS: Final[dict[str, Any]] = {
    "version_table": VERSION_TABLE,
    "render_as_batch": True,
    "compare_type": True,
    "include_name": _is_ours,
}


def _scripts(migrations: Migrations) -> ScriptDirectory:
    return ScriptDirectory(str(migrations.folder))
