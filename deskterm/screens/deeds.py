"""Deeds: an action with its words, to be done to one ticket or to all that are marked."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import uuid4

from deskterm.clock import read_instant
from deskterm.desk.receipt import Receipt
from deskterm.i18n import _
from deskterm.rules import actions as a
from deskterm.rules.facts import EMPTY
from deskterm.rules.problems import Problem
from deskterm.rules.query.moments import read_span
from deskterm.rules.upkeep import Move, Undo
from deskterm.screens.context import Context, Done
from deskterm.screens.present import status_word
from deskterm.store.rows import TicketRow

__all__ = ["Deed", "Outcome", "carry_out", "rehearse"]


@dataclass(frozen=True, slots=True)
class Deed:
    """What shall be done, in words and as an action; its `key` makes a second try harmless.

    One that is `planned` is shown with all that it would do before it is done, on a single ticket too. One
    that `undoes` looks by itself at what happened since, and is not undone.
    """

    words: str
    make: Callable[[int], a.TicketAction]
    draft: tuple[int, str] | None = None  # ticket and kind of the draft that is done with then
    planned: bool = False
    undoes: bool = False
    key: str = field(default_factory=lambda: uuid4().hex)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a deed: receipts and refusals by ticket."""

    deed: Deed
    receipts: Mapping[int, Receipt]
    refused: Mapping[int, Problem]


def carry_out(context: Context, deed: Deed, tickets: Sequence[TicketRow]) -> Outcome:
    """Do it to each ticket, each in its own transaction; when the store fails the rest is not tried."""
    receipts: dict[int, Receipt] = {}
    refused: dict[int, Problem] = {}
    lost: Problem | None = None
    for row in tickets:
        if lost is None:
            try:
                key = f"{deed.key}/{row.id}"
                action, seen = deed.make(row.id), _seen(context, deed, row)
                receipts[row.id] = context.desk.perform(action, context.actor, key=key, seen=seen)
                continue
            except Problem as problem:
                lost = problem if problem.kind == "store" else None
                refused[row.id] = problem
        else:
            refused[row.id] = lost
    return Outcome(deed, receipts, refused)


def rehearse(context: Context, deed: Deed, tickets: Sequence[TicketRow]) -> Outcome:
    """What would become of it on each ticket; nothing is written. Raises Problem (store)."""
    receipts: dict[int, Receipt] = {}
    refused: dict[int, Problem] = {}
    for row in tickets:
        try:
            action, seen = deed.make(row.id), _seen(context, deed, row)
            receipts[row.id] = context.desk.perform(action, context.actor, seen=seen, dry_run=True)
        except Problem as problem:
            if problem.kind == "store":
                raise
            refused[row.id] = problem
    return Outcome(deed, receipts, refused)


def _seen(context: Context, deed: Deed, row: TicketRow) -> int | None:
    return None if deed.undoes else context.seen(row)


def assign(login: str) -> Deed:
    """Hand to an agent; "" takes it away from whoever has it."""
    words = _("assign to %s") % login if login else _("take away from its assignee")
    return Deed(words, lambda ticket: a.Assign(ticket, agent=login))


def regroup(group: str) -> Deed:
    """Hand to a group."""
    return Deed(_("hand to group %s") % group, lambda ticket: a.Assign(ticket, group=group))


def set_field(name: str, value: str) -> Deed:
    """Set one field."""
    return Deed(f"{name} {value}", lambda ticket: a.SetFields(ticket, {name: value}))


def set_priority(level: str) -> Deed:
    """Set the priority."""
    return set_field("priority", level)


def retag(text: str) -> Deed:
    """Tags from words such as `vpn +office -old`."""
    words = text.replace(",", " ").split()
    remove = tuple(word[1:] for word in words if word.startswith("-") and word != "-")
    add = tuple(word.removeprefix("+") for word in words if not word.startswith("-") and word != "+")
    told = " ".join([f"+{tag}" for tag in add] + [f"-{tag}" for tag in remove])
    return Deed(_("tags %s") % told, lambda ticket: a.Tag(ticket, add=add, remove=remove))


def message(kind: str, body: str, draft: int | None = None) -> Deed:
    """A public reply ("reply") or an internal note ("note"), of which there may be a draft."""
    kept = None if draft is None else (draft, kind)
    if kind == "reply":
        return Deed(_("reply to the requester"), lambda ticket: a.Reply(ticket, body, channel="tui"), kept)
    return Deed(_("add an internal note"), lambda ticket: a.Note(ticket, body, channel="tui"), kept)


def resolve(cause: str, solution: str, reply: str, draft: int) -> Deed:
    """Say that it is solved."""
    return Deed(_("resolve"), lambda ticket: a.Resolve(ticket, cause, solution, reply), (draft, "resolve"))


def move(
    to: str,
    reason: str = "",
    until: int | None = None,
    fields: Mapping[str, str] = EMPTY,
    *,
    anew: bool = False,
) -> Deed:
    """Another status or stage, with the fields that this needs; `anew`: some wait there already."""
    known = {
        "pending": _("wait for the requester"),
        "on_hold": _("put on hold"),
        "open": _("open again"),
        "closed": _("close"),
        "cancelled": _("cancel"),
    }
    told = known.get(to) or _("move to %s") % status_word(to)
    if anew and to == "pending":
        return Deed(told, lambda ticket: a.Pend(ticket, reason, until))
    if anew and to == "on_hold":
        return Deed(told, lambda ticket: a.Hold(ticket, reason, fields.get("vendor", ""), until))
    return Deed(told, lambda ticket: Move(ticket, to, reason, fields, until))


def undo(done: Done) -> Deed:
    """Take back what was done."""
    words = _("undo: %s") % done.words
    return Deed(words, lambda ticket: Undo(ticket, done.versions[ticket]), planned=True, undoes=True)


def wake_time(text: str, context: Context) -> int | None:
    """The instant written as 2d, 4h or 2026-03-02 10:00; None for nothing. Raises Problem (usage)."""
    text = text.strip()
    if not text:
        return None
    span = read_span(text)
    return context.clock.now() + span.seconds if span else read_instant(text, context.zone)
