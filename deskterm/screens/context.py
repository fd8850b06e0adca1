"""Context: what every screen is given when it is made."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from deskterm.clock import Clock
from deskterm.config import Settings, zone
from deskterm.i18n import moment
from deskterm.rules.facts import Actor
from deskterm.screens.drafts import Drafts
from deskterm.screens.glyphs import ASCII, UNICODE, Glyphs
from deskterm.store.rows import TicketRow

if TYPE_CHECKING:
    from datetime import tzinfo

    from deskterm.desk import Desk

__all__ = ["Context", "Done"]


MOST_KEPT = 50  # deeds


class Done(NamedTuple):
    """A deed that was done to tickets: in words, and the version that it made of each."""

    words: str
    tickets: tuple[TicketRow, ...]
    versions: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class Context:
    """The desk, who sits at it, and how he wants it shown; `login` and `name` are the actor's."""

    desk: "Desk"
    actor: Actor
    settings: Settings
    drafts: Drafts
    login: str
    name: str
    written: dict[int, int] = field(default_factory=dict)  # ticket -> the version he himself made last
    done: list[Done] = field(default_factory=list)  # what he can take back, the last at the end

    @property
    def clock(self) -> Clock:
        """The desk's clock."""
        return self.desk.clock

    @property
    def glyphs(self) -> Glyphs:
        """The signs his terminal can show."""
        return ASCII if self.settings.ascii else UNICODE

    @property
    def zone(self) -> "tzinfo | None":
        """His time zone, None for this machine's."""
        return zone(self.settings.timezone)

    def seen(self, row: TicketRow) -> int:
        """The version of a ticket he knows: the one shown, or his own that is not shown yet."""
        return max(row.version, self.written.get(row.id, 0))

    def wrote(self, ticket: int, version: int) -> None:
        """He made this version himself: it is no news to him."""
        self.written[ticket] = version

    def did(self, done: Done) -> None:
        """He did this: it is the first to be taken back."""
        self.done.append(done)
        del self.done[:-MOST_KEPT]

    def when(self, at: int) -> str:
        """An instant in his zone, without the year when it is this one."""
        shown, today = moment(at, self.zone), moment(self.clock.now(), self.zone)
        if shown[:10] == today[:10]:
            return shown[11:]
        return shown[5:] if shown[:4] == today[:4] else shown

    def date(self, at: int) -> str:
        """An instant in his zone with its day, without the year when it is this one."""
        shown = moment(at, self.zone)
        return shown[5:] if shown[:4] == moment(self.clock.now(), self.zone)[:4] else shown
