"""What tests of importing share: an export and a mapping written into a folder, and the desk they become."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deskterm.desk import Desk
from deskterm.desk.importing import ImportReport, import_file
from deskterm.store.rows import TicketDetail, TicketRow

__all__ = ["STATES", "TICKETS", "Case"]

TICKETS = """
source = "old"
[file]
times = ["%Y-%m-%d %H:%M", "iso"]
null = ["?"]
[rows]
key = "id"
[ticket]
subject = "title"
created_at = "opened"
resolved_at = "solved"
closed_at = "closed"
[ticket.status]
column = "state"
map = { "N" = "new", "O" = "open", "W" = "on_hold", "R" = "resolved", "C" = "closed", "X" = "cancelled" }
"""
STATES = """
source = "old"
[file]
null = ["?"]
[rows]
key = "id"
are = "states"
at = "at"
order = "n"
[ticket]
subject = "title"
created_at = "opened"
[ticket.status]
column = "state"
map = { "N" = "new", "O" = "open", "W" = "on_hold", "P" = "pending", "R" = "resolved", "C" = "closed" }
[ticket.reason]
column = "why"
[ticket.priority]
column = "prio"
map = { "1" = "P1", "2" = "P2", "3" = "P3" }
[group]
name = "team"
[assignee]
login = "who"
"""


@dataclass
class Case:
    """A desk, and a folder for what is brought into it."""

    desk: Desk
    folder: Path

    def write(self, export: str | bytes, mapping: str, name: str = "export.csv") -> tuple[Path, Path]:
        """The two files."""
        paths = self.folder / name, self.folder / "mapping.toml"
        content = export.encode("utf-8", "surrogateescape") if isinstance(export, str) else export
        paths[0].write_bytes(content)
        paths[1].write_text(mapping, encoding="utf-8")
        return paths

    def brings(
        self, export: str | bytes, mapping: str = TICKETS, name: str = "export.csv", **how: Any
    ) -> ImportReport:
        """Import it."""
        return import_file(self.desk, *self.write(export, mapping, name), **how)

    def rows(self, query: str = "sort:id") -> list[TicketRow]:
        """The tickets that a query finds."""
        return list(self.desk.each(query, viewer=self.desk.agent("ada")))

    def ticket(self, number: int = 1) -> TicketDetail:
        """A ticket in full."""
        return self.desk.ticket(number, viewer=self.desk.agent("ada"))

    def story(self, number: int = 1) -> list[str]:
        """The timeline in a few words a line."""
        return [
            f"{line.at} v{line.version} {line.actor} {line.kind} "
            + " ".join(
                str(line.data[name]) for name in ("name", "old", "new", "reason") if line.data.get(name)
            )
            for line in self.ticket(number).timeline
        ]

    def rejects(self, name: str = "export.csv.rejects.jsonl") -> str:
        """The file of rejected rows."""
        return (self.folder / name).read_text(encoding="ascii")
