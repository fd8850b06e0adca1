"""Lifecycle: which status may follow which, who may move a ticket there, and what the move needs.

`check` is the whole answer; screens ask it to grey a move out and to say why, handlers to refuse it.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, NamedTuple

from deskterm.rules.facts import Actor, Book, Ticket
from deskterm.rules.permissions import role_on, side_of
from deskterm.rules.problems import N_, Problem
from deskterm.rules.terms import ROLES, STATUSES

if TYPE_CHECKING:
    from deskterm.rules.rulebook import Stage, Status

__all__ = [
    "REOPEN_WINDOW",
    "TRANSITIONS",
    "Aim",
    "Way",
    "aim_at",
    "check",
    "follow_on",
    "named_by",
    "needs",
    "refusals",
    "resolve_needs",
    "verifies",
    "ways",
    "within_window",
]

REOPEN_WINDOW: Final = 7 * 86400  # wall seconds after closing; later replies become another ticket

# rules.md section 5; merging has its own action and moves nothing here
TRANSITIONS: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        "new": frozenset({"open", "pending", "on_hold", "resolved", "cancelled", "merged"}),
        "open": frozenset({"pending", "on_hold", "resolved", "cancelled", "merged"}),
        "pending": frozenset({"open", "on_hold", "resolved", "cancelled"}),
        "on_hold": frozenset({"open", "pending", "resolved"}),
        "resolved": frozenset({"open", "closed"}),
        "closed": frozenset({"open"}),
        "cancelled": frozenset({"open"}),
        "merged": frozenset({"open"}),
    }
)
_WITHDRAWN: Final = ("cancelled", "merged")  # undone by hand, however long ago
_RESOLVE_NEEDS: Final = ("cause", "solution")


class Aim(NamedTuple):
    """Where a move leads: a status, and the stage that stands for it where a blueprint guides the ticket."""

    status: str
    stage: "Stage | None" = None


def check(
    ticket: Ticket, to: str, actor: Actor, fields: Mapping[str, str], book: Book, now: int
) -> list[Problem]:
    """Why `actor` may not bring `ticket` to `to` (a status, or a stage) at `now`; nothing when he may.

    `fields` are the values that come with the move: cause, solution, reason, vendor and fields of tickets.
    """
    try:
        aim = aim_at(ticket, to, book)
    except Problem as problem:
        return [problem]
    return refusals(ticket, aim, actor, fields, book, now)


def aim_at(ticket: Ticket, to: str, book: Book) -> Aim:
    """What `to` names for this ticket; raises the Problem that says where it can go instead."""
    if book.rules is not None and book.rules.blueprints:
        from deskterm.rules.blueprint import aim_along

        found = aim_along(ticket, to, book)
        if found is not None:
            return found
    if to in book.terms.statuses:
        return Aim(to)
    raise Problem(
        "lifecycle.unknown",
        N_("%(new)s is no status of this desk, and no stage of ticket %(ticket)s."),
        kind="usage",
        choices=follow_on(ticket.status, book),
        field="status",
        new=to,
        ticket=ticket.id,
    )


class Way(NamedTuple):
    """Where a ticket may go next: a status, or the name of a stage, and why not now (nothing: it can)."""

    to: str
    status: str
    refusals: tuple[Problem, ...]


def ways(ticket: Ticket, actor: Actor, book: Book, now: int) -> tuple[Way, ...]:
    """The next stages or statuses of a ticket with what `actor` lacks for each.

    A refusal with the code "lifecycle.needs_field" goes away when its field comes with the move.
    """
    names = [name for name in follow_on(ticket.status, book) if name != "merged"]
    aims = [(name, Aim(name)) for name in names]
    if book.rules is not None and book.rules.blueprints:
        from deskterm.rules.blueprint import is_the_end, reachable, stage_of

        if stage_of(ticket, book) is not None:
            onward = reachable(ticket, book)
            ends = {name for name in names if is_the_end(ticket, name, book)}.difference(
                each.status for each in onward
            )
            aims = [(each.id, Aim(each.status, each)) for each in onward]
            aims += [(name, Aim(name)) for name in names if name in ends]
    return tuple(
        Way(name, aim.status, tuple(refusals(ticket, aim, actor, {}, book, now))) for name, aim in aims
    )


def refusals(
    ticket: Ticket, aim: Aim, actor: Actor, fields: Mapping[str, str], book: Book, now: int
) -> list[Problem]:
    """As `check`, for a move whose end is known."""
    allowed = follow_on(ticket.status, book)
    if aim.stage is None and aim.status not in allowed:
        return [_no_move(ticket, aim.status, allowed)]
    found = [_not_his(ticket, aim, actor, book), _too_late(ticket, aim, book, now)]
    found += _lacking(ticket, aim, fields, book)
    return [problem for problem in found if problem is not None]


def follow_on(status: str, book: Book) -> tuple[str, ...]:
    """The statuses that may follow `status`, the desk's own among them, in the order of the desk."""
    allowed = set(TRANSITIONS.get(status, ()))
    for own in _own_statuses(book):
        if own.id == status:
            allowed.update(own.goes_to)
        elif status in own.comes_from:
            allowed.add(own.id)
    return tuple(each for each in (*STATUSES, *_names(book)) if each in allowed)


def within_window(ticket: Ticket, book: Book, now: int) -> bool:
    """True while a closed ticket may still open again."""
    return ticket.closed_at is None or now - ticket.closed_at <= _window(book)


def verifies(book: Book) -> bool:
    """Whether the requester is asked if a resolved ticket is solved."""
    return book.rules is None or book.rules.lifecycle.verify


def resolve_needs(book: Book) -> tuple[str, ...]:
    """What has to be said of a ticket that is resolved."""
    return _RESOLVE_NEEDS if book.rules is None else book.rules.lifecycle.resolve_needs


def _own_statuses(book: Book) -> "tuple[Status, ...]":
    return () if book.rules is None else book.rules.lifecycle.statuses


def _names(book: Book) -> tuple[str, ...]:
    return tuple(each.id for each in _own_statuses(book))


def _window(book: Book) -> int:
    return REOPEN_WINDOW if book.rules is None else book.rules.lifecycle.reopen_window


def _no_move(ticket: Ticket, to: str, allowed: tuple[str, ...]) -> Problem:
    return Problem(
        "lifecycle.move",
        N_("A ticket that is %(old)s cannot become %(new)s."),
        choices=allowed,
        field="status",
        old=ticket.status,
        new=to,
    )


def _too_late(ticket: Ticket, aim: Aim, book: Book, now: int) -> Problem | None:
    left = book.terms.category(ticket.status) == "closed" and ticket.status not in _WITHDRAWN
    if not left or not book.terms.is_open(aim.status) or within_window(ticket, book, now):
        return None
    days, rest = divmod(_window(book), 86400)
    if not rest:
        return Problem(
            "lifecycle.window",
            N_("Ticket %(ticket)s was closed more than %(days)s days ago: open a new ticket."),
            field="status",
            ticket=ticket.id,
            days=days,
        )
    from deskterm.rules.duration import format_duration

    return Problem(
        "lifecycle.window",
        N_("Ticket %(ticket)s was closed more than %(window)s ago: open a new ticket."),
        field="status",
        ticket=ticket.id,
        window=format_duration(_window(book)),
    )


def _not_his(ticket: Ticket, aim: Aim, actor: Actor, book: Book) -> Problem | None:
    """What the actor's role lacks for the move; the requester brings his ticket back, and may confirm."""
    if actor.kind == "system":
        return None
    who = named_by(ticket, aim, book)
    if side_of(actor, ticket, book) == "requester" and _requesters(ticket, aim, who, book):
        return None
    role = role_on(actor, ticket.group_id, book)
    staff = [each for each in who if each != "requester"]
    least = min(staff, key=ROLES.index) if staff else "admin" if who else _least(ticket, aim)
    if role and ROLES.index(role) >= ROLES.index(least):
        return None
    return Problem(
        "permission.role",
        N_("This needs the role %(least)s; you are %(role)s."),
        least=least,
        role=role or N_("not active"),
    )


def named_by(ticket: Ticket, aim: Aim, book: Book) -> tuple[str, ...]:
    """The roles that the rules name for the move; none: whoever may usually."""
    if aim.stage is not None:
        return aim.stage.who
    own = {each.id: each for each in _own_statuses(book)}
    named = own.get(aim.status) or own.get(ticket.status)
    return named.who if named is not None else ()


def _requesters(ticket: Ticket, aim: Aim, who: tuple[str, ...], book: Book) -> bool:
    """Whether the move is one for the requester: back to the desk, or closed once it is solved."""
    if "requester" in who:
        return True
    if aim.stage is not None and who:
        return False
    if aim.status == "open":
        return ticket.status != "cancelled"
    return aim.status == "closed" and book.terms.category(ticket.status) == "solved"


def _least(ticket: Ticket, aim: Aim) -> str:
    return "lead" if "cancelled" in (ticket.status, aim.status) or aim.status == "closed" else "agent"


def _lacking(ticket: Ticket, aim: Aim, given: Mapping[str, str], book: Book) -> list[Problem]:
    """Words and fields without which nobody gets there: cause and solution, a reason, what a stage asks."""
    found: list[Problem] = []
    if book.terms.category(aim.status) == "solved":
        for name in resolve_needs(book):
            # how it was solved the last time says nothing of this time
            if not (given.get(name, "").strip() if name in _RESOLVE_NEEDS else _said(ticket, name, given)):
                found.append(_lacks(name, N_("To resolve a ticket say its %(field)s.")))
    if aim.status == "on_hold" and not (given.get("reason", "").strip() or given.get("vendor", "").strip()):
        found.append(_lacks("reason", N_("To put a ticket on hold name the vendor or give a %(field)s.")))
    if aim.status == "cancelled" and not given.get("reason", "").strip():
        found.append(_lacks("reason", N_("To cancel a ticket give a %(field)s.")))
    if aim.stage is not None:
        missing = [name for name in aim.stage.needs if not _said(ticket, name, given)]
        if missing:
            found.append(_stage_lacks(aim.stage.id, missing))
    return found


def needs(ticket: Ticket, aim: Aim, book: Book) -> tuple[str, ...]:
    """The fields that a move there has to bring, by name; a reason stands for a vendor too."""
    found = [each.field for each in _lacking(ticket, Aim(aim.status), {}, book)]
    stage = aim.stage.needs if aim.stage is not None else ()
    return tuple(dict.fromkeys([*found, *(name for name in stage if not _said(ticket, name, {}))]))


def _said(ticket: Ticket, name: str, given: Mapping[str, str]) -> bool:
    """Whether a field has a value, or gets one with the move."""
    if name in given:
        return bool(given[name].strip())
    if name.startswith("cf."):
        return bool(ticket.custom.get(name[3:], "").strip())
    if name == "wait_reason":
        return bool(given.get("reason", "").strip())
    value = getattr(ticket, f"{name}_id" if name in ("queue", "group", "assignee") else name)
    return value is not None and value != ""


def _lacks(field: str, sentence: str) -> Problem:
    return Problem("lifecycle.needs_field", sentence, field=field)


def _stage_lacks(stage: str, missing: list[str]) -> Problem:
    return Problem(
        "lifecycle.needs_field",
        N_("Before the stage %(stage)s say: %(fields)s."),
        field=missing[0],
        stage=stage,
        fields=", ".join(missing),
    )
