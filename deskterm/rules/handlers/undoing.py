"""Undoing: an action is taken back by another one, which is told like any other.

What changed comes back to what it was, unless it changed again since: then nothing is taken back. What was
said or sent stays, and whoever undoes is told so.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, Final

from deskterm.rules import upkeep as u
from deskterm.rules.changes import FieldSet, Regrouped, Tagged
from deskterm.rules.draft import Draft
from deskterm.rules.facts import Actor, Book, Event
from deskterm.rules.handlers import fields, states
from deskterm.rules.lifecycle import aim_at, refusals, verifies
from deskterm.rules.names import SETTABLE, agent_named, check_value, group_named, queue_named
from deskterm.rules.problems import N_, Problem

__all__ = ["undo"]

_BACK: Final = "action undo"
_WAITS: Final = ("wait_reason", "wake_at")
_KEPT: Final = frozenset({*SETTABLE, *_WAITS, "vendor", "cause", "solution"})
_CHECKED: Final = ("priority", "type", "impact", "urgency")


def undo(action: u.Undo, draft: Draft) -> None:
    """Take back what an action did to the ticket: all of it that can be, or nothing."""
    done = _done(action.version, draft)
    _refuse_touched(done, draft)
    moves = [event for event in done if _is_move(event)]
    if not moves:
        fields.refuse_frozen(draft)
    else:
        _move_back(moves, draft)
    for event in reversed(_net(done)):
        _take_back(event, draft)
    holder = draft.book.agents.get(draft.ticket.assignee_id or 0)
    if holder is not None and any(each.kind in ("assigned", "group") for each in draft.changes):
        fields.refuse_outside(holder, draft)
    if not draft.changes:
        raise Problem(
            "undo.nothing",
            N_("Nothing of that can be taken back on ticket %(ticket)s: what was said or sent stays."),
            ticket=draft.ticket.id,
        )
    draft.warnings += _staying(done)


def _done(version: int, draft: Draft) -> tuple[Event, ...]:
    """The events of the action that is meant."""
    ticket, history = draft.ticket, [event for event in draft.facts.history if event.version]
    if not version:
        version = max((event.version for event in history if event.actor == draft.actor), default=0)
        if not version:
            raise Problem("undo.none", N_("You did nothing to ticket %(ticket)s."), ticket=ticket.id)
        if all(event.because == _BACK for event in history if _by_hand(event, version, draft.actor)):
            raise Problem(
                "undo.again",
                N_(
                    "You took your last action on ticket %(ticket)s back already: say which version is meant."
                ),
                field="version",
                ticket=ticket.id,
            )
    found = tuple(event for event in history if event.version == version)
    if not found:
        raise Problem(
            "undo.version",
            N_("Ticket %(ticket)s has no version %(version)s."),
            kind="missing",
            field="version",
            ticket=ticket.id,
            version=version,
        )
    if any(event.kind == "created" for event in found):
        raise Problem(
            "undo.opened",
            N_("Ticket %(ticket)s was opened by that: cancel it if nobody needs it."),
            ticket=ticket.id,
        )
    return found


def _by_hand(event: Event, version: int, actor: Actor) -> bool:
    return event.version == version and event.actor == actor


def _is_move(event: Event) -> bool:
    return event.kind == "status" or (event.kind == "field" and event.data["name"] == "stage")


def _refuse_touched(done: Sequence[Event], draft: Draft) -> None:
    """Refuse where anything that would be taken back was changed again since."""
    ours = {name for event in done for name in _names(event)}
    since = [
        (event, again)
        for event in draft.facts.history
        if event.version > done[0].version and (again := ours.intersection(_names(event)))
    ]
    if not since:
        return
    who = dict.fromkeys(_who(event.actor, draft.book) for event, _again in since)
    what = dict.fromkeys(name.partition(" ")[0] for _event, again in since for name in sorted(again))
    raise Problem(
        "undo.touched",
        N_("Ticket %(ticket)s was changed again since (%(what)s, by %(who)s): nothing is taken back."),
        kind="stale",
        ticket=draft.ticket.id,
        what=", ".join(what),
        who=", ".join(who),
    )


def _names(event: Event) -> Iterator[str]:
    """What an event changed, by name; a wait belongs to the status that it is about."""
    data = event.data
    if event.kind == "field":
        yield str(data["name"])
        if data["name"] in (*_WAITS, "stage"):
            yield "status"
    elif event.kind == "tags":
        yield from (f"tags {each}" for each in (*data.get("added", ()), *data.get("removed", ())))
    elif event.kind == "status":
        yield from ("status", *(name for name in ("vendor", "cause", "solution") if name in data))
    elif event.kind in ("assigned", "group"):
        yield "assignee" if event.kind == "assigned" else "group"


def _who(actor: Actor, book: Book) -> str:
    agent = book.agents.get(actor.id or 0) if actor.kind == "agent" else None
    return agent.login if agent else actor.kind


def _move_back(moves: Sequence[Event], draft: Draft) -> None:
    """Bring the ticket to where it stood before, as far as the lifecycle leads there."""
    ticket, book = draft.ticket, draft.book
    status = next((str(event.data["old"]) for event in moves if event.kind == "status"), ticket.status)
    stage = next((str(event.data["old"]) for event in moves if event.kind == "field"), "")
    if not stage and status == "new":
        status = "open"
        template = N_("Ticket %(ticket)s stays open: one that was taken up is never new again.")
        draft.warnings.append(Problem("undo.new", template, ticket=ticket.id))
    if not stage and status == ticket.status:
        return
    aim = aim_at(ticket, stage or status, book)
    words = _words(aim.status, moves[0].version, draft)
    until = words.pop("until", None)
    for problem in refusals(ticket, aim, draft.actor, words, book, draft.now):
        raise problem
    if book.terms.category(ticket.status) == "solved" and book.terms.is_open(aim.status):
        template = N_("Ticket %(ticket)s counts as opened again.")
        if verifies(book):
            template = N_(
                "Ticket %(ticket)s counts as opened again, and its requester was asked whether it is solved."
            )
        draft.warnings.append(Problem("undo.reopened", template, ticket=ticket.id))
    states.go(draft, aim, until=until, **words)


def _words(status: str, version: int, draft: Draft) -> dict[str, Any]:
    """What was said when the ticket came to that status, or when its wait was changed, before `version`."""
    if draft.book.terms.category(status) == "solved":
        told = {"cause": draft.ticket.cause, "solution": draft.ticket.solution}
        return {name: word for name, word in told.items() if word}
    words: dict[str, Any] = {}
    for event in draft.facts.history:
        data = event.data
        if not event.version or event.version >= version:
            continue
        if event.kind == "status" and data["new"] == status:
            words = {name: data[name] for name in ("reason", "vendor", "until") if name in data}
        elif event.kind == "field" and data["name"] in (*_WAITS, "vendor"):
            name = {"wait_reason": "reason", "wake_at": "until"}.get(data["name"], "vendor")
            words[name] = int(data["new"] or 0) if name == "until" else data["new"]
    if words.get("until", 0) <= draft.now:
        words.pop("until", None)
    return words


def _net(done: Sequence[Event]) -> list[Event]:
    """What all of it came to: of several changes of one thing, one from what it was to what it is."""
    found: dict[object, Event] = {}
    for event in done:
        one = event.seq if event.kind == "tags" else (event.kind, event.data.get("name"))
        first = found.get(one)
        if first is None:
            found[one] = event
        elif "old" in first.data:
            found[one] = replace(first, data={**first.data, "new": event.data["new"]})
    return [event for event in found.values() if "old" not in event.data or _differs(event)]


def _differs(event: Event) -> bool:
    return bool(event.data["old"] != event.data["new"])


def _take_back(event: Event, draft: Draft) -> None:
    """Give back what one event changed; nothing for what cannot come back."""
    data, ticket, book = event.data, draft.ticket, draft.book
    if event.kind == "tags":
        back = Tagged(
            added=tuple(sorted(set(data["removed"]) - ticket.tags)),
            removed=tuple(sorted(ticket.tags.intersection(data["added"]))),
        )
        if back.added or back.removed:
            draft.add(back)
    elif event.kind == "assigned":
        fields.give_to(draft, agent_named(data["old"], book) if data["old"] else None)
    elif event.kind == "group":
        old = group_named(data["old"], book).name if data["old"] else ""
        draft.add(Regrouped(old=data["new"], new=old))
    elif event.kind == "field" and (data["name"] in _KEPT or data["name"].startswith("cf.")):
        _set_back(data["name"], data["old"], data["new"], draft)


def _set_back(name: str, old: str, new: str, draft: Draft) -> None:
    if name == "queue":
        queue_named(old, draft.book)
    if name in _CHECKED and old:
        check_value(name, old, draft.book.terms)
    if name == "wake_at" and old:
        states.refuse_past(int(old), draft.now)
    draft.add(FieldSet(name=name, old=new, new=old))


def _staying(done: Sequence[Event]) -> Iterator[Problem]:
    """What cannot be called back, each said once."""
    told = {
        "reply": N_("The reply stays: what was sent is not called back."),
        "note": N_("The internal note stays."),
        "attached": N_("The files stay."),
    }
    kinds = [
        ("reply" if event.data.get("public") else "note") if event.kind == "message" else event.kind
        for event in done
    ]
    for kind in dict.fromkeys(kinds):
        if kind in told:
            yield Problem(f"undo.{kind}", told[kind])
