"""Asking: what a step of a test asks of the desk, and in whose name."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

from deskterm.rules import actions as a, upkeep as u
from deskterm.rules.facts import SYSTEM, Actor, Book, Ticket
from deskterm.rules.names import agent_named
from deskterm.rules.ruletests.case import Case, Seat, Step
from deskterm.rules.ruletests.world import REQUESTER

__all__ = ["action_of", "opening", "somebody"]

_REQUESTERS: Final = ("message", "confirm", "reject")
_LEADS: Final = ("close", "cancel", "exempt", "due")
_OPENED: Final = (
    *("body", "queue", "group", "assignee", "priority", "type", "category", "impact", "urgency", "channel"),
    *("tags", "custom", "lang", "region", "vendor"),
)

Words = Mapping[str, Any]

_ACTIONS: Final[Mapping[str, Callable[[int, Words], a.Action]]] = MappingProxyType(
    {
        "message": lambda number, words: a.Reply(number, words.get("body", "")),
        "reply": lambda number, words: a.Reply(number, words.get("body", "")),
        "note": lambda number, words: a.Note(number, words.get("body", "")),
        "status": lambda number, words: _move(number, words),
        "pend": lambda number, words: a.Pend(number, **words),
        "hold": lambda number, words: a.Hold(number, **words),
        "resolve": lambda number, words: a.Resolve(number, **words),
        "confirm": lambda number, words: a.Confirm(number, **words),
        "reject": lambda number, words: a.Reject(number, **words),
        "close": lambda number, words: a.Close(number, **words),
        "cancel": lambda number, words: a.Cancel(number, **words),
        "reopen": lambda number, words: a.Reopen(number, **words),
        "exempt": lambda number, words: u.Exempt(number, **words),
        "field": lambda number, words: a.SetFields(number, _fields(words)),
        "tags": lambda number, words: a.Tag(number, **words),
        "assign": lambda number, words: a.Assign(number, **words),
        "macro": lambda number, words: u.RunMacro(number, words.get("macro", ""), words.get("answers", {})),
        "due": lambda number, words: u.SetDue(number, words.get("metric", ""), words.get("due")),
        "reroute": lambda number, _words: u.Reroute(number),
    }
)
_BESIDE: Final = ("to", "reason", "until", "set")  # what a move carries itself; the rest are fields


def opening(case: Case) -> a.OpenTicket:
    """What the ticket of the test asks for when it comes in."""
    told = case.ticket
    wanted: dict[str, Any] = {name: told[name] for name in _OPENED if told.get(name)}
    return a.OpenTicket(str(told.get("subject", "")) or _subject(told), **wanted)


def _subject(told: Words) -> str:
    """A ticket has to have a subject; where a test says none it is the first words of its body, or a dash."""
    return str(told.get("body", "")).strip()[:80] or "-"


def action_of(step: Step, number: int) -> a.Action:
    """What the step asks for."""
    return _ACTIONS[step.event](number, step.words)


def _move(number: int, words: Words) -> u.Move:
    beside = {name: str(value) for name, value in words.items() if name not in _BESIDE}
    fields = beside | dict(words.get("set", {}))
    return u.Move(number, words.get("to", ""), words.get("reason", ""), fields, words.get("until"))


def _fields(words: Words) -> dict[str, str]:
    named = {str(words["name"]): str(words.get("value", ""))} if "name" in words else {}
    return named | dict(words.get("set", {}))


def somebody(step: Step, ticket: Ticket, book: Book, seats: tuple[Seat, ...]) -> Actor:
    """Who does it: whom the step names, else whoever does such things. Raises Problem for nobody."""
    usual = "requester" if step.event in _REQUESTERS else "lead" if step.event in _LEADS else "agent"
    return acting(step.by or usual, ticket, book, seats)


def acting(name: str, ticket: Ticket | None, book: Book, seats: tuple[Seat, ...]) -> Actor:
    """The actor of that name: a part that somebody has on the ticket, or a login."""
    match name:
        case "requester":
            return Actor("requester", REQUESTER)
        case "system":
            return SYSTEM
        case "agent":
            return Actor("agent", _at_work(ticket, book, seats))
        case "lead":
            group = book.groups.get(ticket.group_id or 0) if ticket else None
            # whoever may do what a lead may, where the file names none
            return Actor("agent", min(group.leads)) if group and group.leads else SYSTEM
    return Actor("agent", agent_named(name, book).id)


def _at_work(ticket: Ticket | None, book: Book, seats: tuple[Seat, ...]) -> int:
    if ticket is not None and ticket.assignee_id is not None:
        return ticket.assignee_id
    return book.logins[seats[0].id] if seats else min(book.agents)
