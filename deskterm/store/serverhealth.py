"""The health of a desk's Postgres: whether it can be reached, is new enough and keeps what it confirms."""

from collections.abc import Iterator
from typing import Final

from deskterm.rules.problems import N_
from deskterm.store.engine import Store
from deskterm.store.findings import Finding, fault, ok, warning

__all__ = ["OLDEST", "examine_server"]

OLDEST: Final = 14
"""The oldest major version of Postgres that a desk works on."""


def examine_server(store: Store) -> Iterator[Finding]:
    """The findings about the server; raises Problem when it cannot be reached."""
    with store.read() as connection:

        def show(name: str) -> str:
            return str(connection.exec_driver_sql(f"SHOW {name}").scalar_one())

        version = int(show("server_version_num")) // 10000
        encoding, fsync, pages = show("server_encoding"), show("fsync"), show("full_page_writes")
    if version < OLDEST:
        sentence = N_("%(place)s is Postgres %(version)d, older than %(oldest)d.")
        cure = N_("Upgrade the server to a version that is still maintained.")
        yield fault("server", sentence, cure, place=store.place, version=version, oldest=OLDEST)
    else:
        yield ok("server", N_("%(place)s answers: Postgres %(version)d."), place=store.place, version=version)
    if encoding != "UTF8":
        sentence = N_("The database is in %(encoding)s and cannot hold every letter.")
        yield fault("encoding", sentence, N_("Make it anew: createdb --encoding=UTF8"), encoding=encoding)
    if "off" in (fsync, pages):
        sentence = N_(
            "A power loss would destroy the database: fsync is %(fsync)s, full_page_writes %(pages)s."
        )
        cure = N_("Set both to on in postgresql.conf, unless the server is only for tests.")
        yield warning("durability", sentence, cure, fsync=fsync, pages=pages)
    else:
        yield ok("durability", N_("What the server confirms survives a power loss."))
