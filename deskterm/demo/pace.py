"""Pace: how long people take, within working hours and, unless they are to be late, within the dues."""

from random import Random

from deskterm.demo.hours import CALLER, business_days, next_open
from deskterm.rules.facts import Ticket

__all__ = ["Pace"]

MINUTE = 60
DAY = 86400

# the median in minutes and who takes it
MEDIANS = {
    "triage": (22, "crew"),
    "claim": (18, "crew"),
    "answer": (45, "crew"),
    "work": (60, "crew"),
    "solve": (150, "crew"),
    "vendor": (900, "crew"),
    "late": (150, "crew"),
    "soon": (2, ""),
    "repeat": (240, ""),
    "requester": (110, "caller"),
    "verify": (420, "caller"),
    "return": (2600, "caller"),
}
BY_PRIORITY = {"P1": 0.12, "P2": 0.45, "P3": 1.0, "P4": 1.8}
PUBLIC = ("answer", "solve")


class Pace:
    """The speed of one ticket; `zone` is where its people live, `hurry` below 1 makes them faster."""

    def __init__(self, rng: Random, zone: str, hurry: float = 1.0) -> None:
        self._rng = rng
        self._zone = zone
        self._hurry = hurry

    def moment(self, pace: str, at: int, ticket: Ticket, late: str = "") -> int:
        """When the next step happens after `at`; `late` is the pace that shall miss its due."""
        if pace == "timer":
            return business_days(at, 3, self._zone)
        due = self._due(pace, ticket)
        missed = {"answer": due, "solve": ticket.due_resolve}.get(pace) if late == pace else None
        if missed is not None:
            return self._after(max(missed, at), "late", ticket)
        moment = self._after(at, pace, ticket)
        cap = self._cap(pace, at, ticket, due)
        if cap is None or moment <= cap:
            return moment
        return cap - int((cap - at) * 0.5 * self._rng.random())

    def _cap(self, pace: str, at: int, ticket: Ticket, due: int | None) -> int | None:
        """The latest moment that leaves enough time for the steps behind it."""
        caps = [at + int((due - at) * self._share(pace))] if due is not None else []
        if pace == "answer" and ticket.due_resolve is not None:
            caps.append(at + int((ticket.due_resolve - at) * 0.45))
        return min((cap for cap in caps if cap > at), default=None)

    def _after(self, at: int, pace: str, ticket: Ticket) -> int:
        median, who = MEDIANS[pace]
        seconds = median * MINUTE * self._rng.lognormvariate(0, 0.85) * self._hurry
        if who == "crew" and pace != "late":
            seconds *= BY_PRIORITY[ticket.priority]
        if pace == "requester" and ticket.status == "pending":
            seconds *= 2
        moment = at + 20 + int(seconds)
        if pace == "verify":
            moment = min(moment, at + int(2.5 * DAY))
        if pace == "return":
            moment = min(moment, at + 6 * DAY)
        if who == "crew":
            return next_open(moment, self._zone, self._rng)
        return next_open(moment, self._zone, self._rng, CALLER) if who else moment

    def _due(self, pace: str, ticket: Ticket) -> int | None:
        """What must not be missed by this step."""
        if pace == "solve":
            dues = [ticket.due_first, ticket.due_next, ticket.due_resolve]
        elif pace in PUBLIC:
            dues = [ticket.due_first, ticket.due_next]
        else:
            dues = [ticket.next_due_at]
        return min((due for due in dues if due is not None), default=None)

    def _share(self, pace: str) -> float:
        """How much of the time that is left this step may use up."""
        if pace in PUBLIC:
            return 0.93
        return 0.6 if pace == "vendor" else 0.35
