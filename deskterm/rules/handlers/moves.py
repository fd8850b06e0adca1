"""Moves: to a status of the desk's own, or along the blueprint of a ticket type."""

from collections.abc import Mapping

from deskterm.rules import actions as a, upkeep as u
from deskterm.rules.blueprint import blueprint_of
from deskterm.rules.changes import FieldSet
from deskterm.rules.draft import Draft
from deskterm.rules.facts import Actor, Book, Ticket
from deskterm.rules.handlers import fields, states
from deskterm.rules.lifecycle import Aim, aim_at, named_by, refusals, resolve_needs
from deskterm.rules.names import check_length
from deskterm.rules.permissions import is_requester, role_on
from deskterm.rules.problems import N_, Problem

__all__ = ["begin", "move", "not_by_himself"]

_OF_THE_MOVE = ("cause", "solution", "vendor", "wait_reason")


def move(action: u.Move, draft: Draft) -> None:
    """Bring a ticket to a status or stage, with the fields that this needs: all of it or nothing."""
    ticket = draft.ticket
    aim = aim_at(ticket, action.to, draft.book)
    if aim.status == ticket.status and aim.stage is None:
        raise Problem(
            "move.same", N_("Ticket %(ticket)s is %(status)s already."), ticket=ticket.id, status=aim.status
        )
    refused = not_by_himself(ticket, aim, draft.actor, draft.book)
    if refused is not None:
        raise refused
    _refuse_fields(action.fields, aim, draft)
    words = _words(action, aim, draft)
    for problem in refusals(ticket, aim, draft.actor, {**action.fields, **words}, draft.book, draft.now):
        raise problem
    _tell(action.fields, aim, draft)
    if draft.book.terms.category(ticket.status) == "closed":  # its fields are frozen until it has moved
        states.go(draft, aim, until=action.until, **words)
        _set(action.fields, draft)
    else:
        _set(action.fields, draft)
        states.go(draft, aim, until=action.until, **words)


def begin(draft: Draft) -> None:
    """Put a ticket that has just got its type at the start of the blueprint of this type; else at none."""
    ticket = draft.ticket
    if ticket.type == draft.entered:
        return
    draft.entered = ticket.type
    blueprint = blueprint_of(ticket.type, draft.book.rules)
    first = blueprint.stages[0] if blueprint else None
    reason, draft.because = draft.because, "lifecycle"
    if first is not None and first.status not in ("new", ticket.status):
        states.go(draft, Aim(first.status, first))
    elif (first.id if first else "") != ticket.stage:
        draft.add(FieldSet(name="stage", old=ticket.stage, new=first.id if first else ""))
    draft.because = reason


def not_by_himself(ticket: Ticket, aim: Aim, actor: Actor, book: Book) -> Problem | None:
    """A requester moves his ticket by what he says; by himself only where the rules name him."""
    if not is_requester(actor, ticket, book) or "requester" in named_by(ticket, aim, book):
        return None
    if role_on(actor, ticket.group_id, book) not in ("requester", "light"):
        return None
    return Problem(
        "permission.role",
        N_("This needs the role %(least)s; you are %(role)s."),
        least="agent",
        role="requester",
    )


def _refuse_fields(given: Mapping[str, str], aim: Aim, draft: Draft) -> None:
    """Who could not set a field by itself brings along what the move needs, and nothing besides."""
    role = role_on(draft.actor, draft.ticket.group_id, draft.book)
    if role not in ("requester", "light"):
        return
    needed = {*_OF_THE_MOVE, *(aim.stage.needs if aim.stage is not None else ())}
    if draft.book.terms.category(aim.status) == "solved":
        needed.update(resolve_needs(draft.book))
    for name in given:
        if name not in needed:
            raise Problem(
                "permission.field",
                N_("To set %(fields)s needs the role agent; you are %(role)s."),
                field=name,
                fields=name,
                role=role,
            )


def _words(action: u.Move, aim: Aim, draft: Draft) -> dict[str, str]:
    """What goes into the move itself; a solution that stands there already need not be told again."""
    ticket, given = draft.ticket, action.fields
    words = {"reason": action.reason.strip() or given.get("wait_reason", "").strip()}
    words["vendor"] = check_length("vendor", given.get("vendor", "").strip())
    if draft.book.terms.category(aim.status) == "solved":
        for name in ("cause", "solution"):
            words[name] = given.get(name, getattr(ticket, name)).strip()
    return {name: word for name, word in words.items() if word}


def _set(given: Mapping[str, str], draft: Draft) -> None:
    """Set the fields that came along."""
    rest = {name: value for name, value in given.items() if name not in _OF_THE_MOVE}
    assignee = rest.pop("assignee", None)
    if rest:
        fields.set_fields(a.SetFields(draft.ticket.id, rest), draft)
    if assignee is not None:
        fields.assign(a.Assign(draft.ticket.id, agent=assignee), draft)


def _tell(given: Mapping[str, str], aim: Aim, draft: Draft) -> None:
    """Keep the words that came along and that the move itself does not carry."""
    ticket, terms = draft.ticket, draft.book.terms
    moves = aim.status != ticket.status
    kept = () if moves and terms.category(aim.status) == "solved" else ("cause", "solution")
    for name in kept if moves else (*kept, "vendor", "wait_reason"):
        old = getattr(ticket, name)
        if name in given and given[name] != old:
            draft.add(FieldSet(name=name, old=old, new=given[name]))
