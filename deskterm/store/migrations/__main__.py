"""For maintainers: python -m deskterm.store.migrations WORDS ... writes the next revision from the tables.

Read what was written, add what it needs to know about old rows and what no tool sees (the full-text index of
`tables.fulltext`: a rebuilt `ticket_texts` loses it), and see that the tests of the schema pass.
"""

import sys
from typing import Any, Literal

from alembic.autogenerate import produce_migrations, render_python_code
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, TypeDecorator, create_engine

from deskterm.store.migrations import SHIPPED, Migrations
from deskterm.store.migrations.runner import OPTIONS, upgrade
from deskterm.store.tables.indexes import complete_metadata

__all__ = ["script"]

_SCRIPT = '''"""{words}."""

import sqlalchemy as sa
from alembic import op

revision = "{revision}"
down_revision = {before!r}
branch_labels = None
depends_on = None


def upgrade() -> None:
    {body}
'''


def script(words: str, revision: str, before: str) -> str:
    """The text of the revision that leads from `before` to the tables as they are."""
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        upgrade(connection, Migrations(SHIPPED.folder, before))
        body = _body(connection)
    engine.dispose()
    return _SCRIPT.format(words=words, revision=revision, before=before, body=body)


def _body(connection: Connection) -> str:
    """SQLite changes a table by making it anew, in a batch."""
    metadata = complete_metadata()
    context = MigrationContext.configure(connection, opts={"target_metadata": metadata, **OPTIONS})
    steps = produce_migrations(context, metadata).upgrade_ops
    assert steps is not None
    text = render_python_code(steps, render_as_batch=True, render_item=_render_type)
    return "\n".join(line for line in text.splitlines() if not line.strip().startswith("#")).strip()


def _render_type(kind: str, item: Any, _context: object) -> str | Literal[False]:
    """A frozen migration does not import the types of today: what they are made of is enough."""
    if kind == "type" and isinstance(item, TypeDecorator):
        return f"sa.{item.impl_instance!r}"
    return False


def main(arguments: list[str]) -> int:
    """Write one file and say which."""
    if not arguments:
        sys.stderr.write(f"{__doc__}\n")
        return 2
    words, revision = " ".join(arguments), f"{int(SHIPPED.head) + 1:04}"
    path = SHIPPED.folder / "versions" / f"{revision}_{'_'.join(words.lower().split())}.py"
    path.write_text(script(words, revision, SHIPPED.head), encoding="utf-8")
    sys.stderr.write(f"{path} is written: format it, and let SHIPPED name {revision} as the head\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
