"""Internal: the clocks of the desk's own promises (OLAs) and of its vendors (UCs). They touch no SLA."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from deskterm.rules.facts import Event
from deskterm.rules.retrace import Retraced, after
from deskterm.rules.sla.clock import Clock, Span, Terms

if TYPE_CHECKING:
    from deskterm.rules.rulebook import Ola, RuleBook, Uc
    from deskterm.rules.sla.folding import Fold

__all__ = ["Internal"]

_CANCELLING = ("cancelled", "merged")


class _Vendor(NamedTuple):
    """A contract with the revision that it is of, and whether it holds for a ticket.

    The loader allows no condition that depends on the moment.
    """

    uc: "Uc"
    book: "RuleBook"
    holds: Callable[[Any], bool]


class Internal:
    """Runs beside a Fold whose editions have OLAs or UCs: `take` every event after the Fold took it.

    What a vendor's condition says counts at the end of an instant, for an action may change what it asks for
    in several steps.
    """

    def __init__(self, fold: "Fold") -> None:
        self._fold = fold
        self._book: RuleBook | None = None
        self._clocks: list[tuple[str, Clock]] = []
        self._stay: dict[str, Clock] = {}
        self._ola: Ola | None = None
        self._entered: Event | None = None
        self._vendors: dict[str, _Vendor] = {}
        self._held: dict[str, dict[str, Clock]] = {}
        self._ticket = Retraced()
        self._turned: dict[str, tuple[bool, bool, Event]] = {}
        self._at = 0

    def take(self, event: Event) -> None:
        """One more event happened."""
        if event.at > self._at:
            self._settle_vendors()
            self._at = event.at
        ticket, rebooked = after(self._ticket, event), self._fold.book is not self._book
        turned = ticket is not self._ticket or rebooked or event.kind in ("exempt", "merged_into")
        self._ticket = ticket
        if self._fold.created is None:
            return
        if rebooked:
            self._rebook(event)
        self._stays(event)
        if self._vendors and turned:
            self._ask_vendors(event)

    def finish(self) -> list[tuple[str, Clock]]:
        """Every clock there was, with the beginning of its keys."""
        self._settle_vendors()
        return self._clocks

    def _rebook(self, event: Event) -> None:
        """Another revision is active: what it has of the same id goes on under its terms."""
        from deskterm.rules.conditions import conditions_of

        book = self._book = self._fold.book
        for uc in book.ucs:
            self._vendors[uc.id] = _Vendor(uc, book, conditions_of(book).test(uc.when))
            for metric, clock in self._held.get(uc.id, {}).items():
                clock.retarget(_terms(uc, book, metric), event.seq, event.at)
        kept = {uc.id for uc in book.ucs} | {name for name, clocks in self._held.items() if clocks}
        self._vendors = {name: vendor for name, vendor in self._vendors.items() if name in kept}
        if self._entered is None:
            return
        if self._ola is None:
            self._enter(event)
            return
        ola = next((each for each in book.olas if each.id == self._ola.id), None)
        if ola is not None:
            for metric, clock in self._stay.items():
                clock.retarget(_terms(ola, book, metric), event.seq, event.at)

    # stays in a group

    def _stays(self, event: Event) -> None:
        fold = self._fold
        if fold.exempt is not None or fold.over:
            cancelled = fold.exempt is not None or fold.status in _CANCELLING
            self._leave(event.at, cancelled=cancelled)
            return
        if self._entered is None or event.kind == "group":
            self._leave(event.at)
            self._enter(event)
        elif event.kind == "assigned":
            self._taken(event)
        elif event.kind == "message" and _answers(event.data):
            self._stop("own", event.at)

    def _enter(self, event: Event) -> None:
        """The group has it from here on; whoever brings an assignee along has taken it up already."""
        self._entered = event
        book = self._fold.book
        self._ola = next((each for each in book.olas if each.group == self._fold.group), None)
        if self._ola is not None:
            for metric in self._ola.targets:
                if metric != "own" or not self._fold.assignee:
                    self._begin(self._ola, book, metric, event)

    def _taken(self, event: Event) -> None:
        if self._fold.assignee:
            self._stop("own", event.at)
        elif self._entered is not None and self._entered.at == event.at and "own" not in self._stay:
            ola = self._ola  # the group came first, and then its assignee left
            if ola is not None and "own" in ola.targets:
                self._begin(ola, self._fold.book, "own", self._entered)

    def _begin(self, ola: "Ola", book: "RuleBook", metric: str, event: Event) -> None:
        self._stay[metric] = self._clock(f"ola/{ola.id}", _terms(ola, book, metric), metric, event)

    def _leave(self, at: int, *, cancelled: bool = False) -> None:
        for metric in list(self._stay):
            self._stop(metric, at, cancelled=cancelled)
        self._entered = None

    def _stop(self, metric: str, at: int, *, cancelled: bool = False) -> None:
        clock = self._stay.pop(metric, None)
        if clock is not None:
            clock.stop(at, cancelled=cancelled)

    # vendors

    def _ask_vendors(self, event: Event) -> None:
        withdrawn = self._fold.exempt is not None or self._fold.status in _CANCELLING
        working = not self._fold.over and not withdrawn
        for name, vendor in self._vendors.items():
            told = working and vendor.holds(self._ticket)
            if told != self._turned.get(name, (False,))[0]:
                self._turned[name] = (told, withdrawn, event)

    def _settle_vendors(self) -> None:
        """The instant is over: begin and end what its events came to."""
        for name, (told, withdrawn, event) in self._turned.items():
            held = self._held.get(name)
            if told and not held:
                uc, book, _ = self._vendors[name]
                self._held[name] = {
                    metric: self._clock(f"uc/{name}", _terms(uc, book, metric), metric, event)
                    for metric in uc.targets
                }
            elif held and not told:
                for clock in held.values():
                    clock.stop(event.at, cancelled=withdrawn)
                held.clear()

    def _clock(self, prefix: str, terms: Terms, metric: str, event: Event) -> Clock:
        number = 1 + sum(each == prefix and clock.metric == metric for each, clock in self._clocks)
        log: list[Span] | None = [] if self._fold.ledger else None
        clock = Clock(metric, number, event.seq, event.at, terms, log)
        self._clocks.append((prefix, clock))
        return clock


def _answers(data: Mapping[str, object]) -> bool:
    return bool(data.get("public")) and not data.get("auto") and data.get("side") == "agent"


def _terms(spec: "Ola | Uc", book: "RuleBook", metric: str) -> Terms:
    levels = tuple(level for level in spec.levels if level.metric == metric)
    return spec.targets.get(metric), book.calendars[spec.calendar], levels, spec.id, book.rev, ""
