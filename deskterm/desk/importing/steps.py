"""Steps: what happened to a ticket between its states, as the changes that the desk would have decided."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from deskterm.desk.importing.directory import Directory
from deskterm.desk.importing.mapping import ImportMapping
from deskterm.desk.importing.people import said_by
from deskterm.desk.importing.states import Message, State, Who
from deskterm.rules.changes import Assigned, Change, FieldSet, Regrouped, Said, StatusSet
from deskterm.rules.facts import SYSTEM, Actor
from deskterm.rules.frozen import frozen
from deskterm.rules.terms import CATEGORY, DEFAULT_PRIORITY

__all__ = ["OVER", "Held", "Step", "begun", "held", "steps_of"]

OVER: Final = ("solved", "closed")
"""The categories of statuses in which nobody has to work."""


@frozen
class Step:
    """Changes that somebody made together at `at`."""

    at: int
    actor: Actor
    changes: tuple[Change, ...]


@frozen
class Held:
    """What is followed from state to state."""

    status: str = "new"
    reason: str = ""
    priority: str = DEFAULT_PRIORITY
    group: str = ""
    assignee: str = ""


def held(state: State, before: Held) -> Held:
    """What `state` says; where it does not tell status or priority they are as they were `before`."""
    fields = state.fields
    status = fields.get("status", before.status)
    reason = fields.get("reason", "" if "status" in fields else before.reason)
    return Held(
        status=status,
        reason=reason if CATEGORY[status] == "waiting" else "",
        priority=fields.get("priority", before.priority),
        group=state.places["group"][0] if "group" in state.places else "",
        assignee=state.known_as("assignee"),
    )


def begun(first: State, mapping: ImportMapping) -> Held:
    """How a ticket stood when it was opened: new, unless its only row knows no time of anything else."""
    found = held(first, Held())
    if mapping.rows.states or CATEGORY[found.status] in OVER:
        return replace(found, status="new", reason="")
    return found


def steps_of(states: Sequence[State], mapping: ImportMapping, directory: Directory) -> list[Step]:
    """All that happened after the opening, by time."""
    first = begun(states[0], mapping)
    moves = _followed(states, first, directory) if mapping.rows.states else _ending(states[0], directory)
    requester = next((who for state in reversed(states) if (who := state.who("requester"))), None)
    words = (step for state in states for step in _words(state, requester, directory))
    return sorted((*moves, *words), key=lambda step: step.at)


def _followed(states: Sequence[State], before: Held, directory: Directory) -> Iterator[Step]:
    """The changes from each state to the next, made when the next was written."""
    for state in states:
        after = held(state, before)
        if after != before:
            changes = tuple(_changes(before, after, state, directory))
            yield Step(state.at or 0, directory.actor(state), changes)
        before = after


def _changes(before: Held, after: Held, state: State, directory: Directory) -> Iterator[Change]:
    if before.group != after.group:
        if after.group:
            directory.group(*state.places["group"])
        yield Regrouped(old=before.group, new=after.group)
    if before.assignee != after.assignee:
        if after.assignee:
            directory.agent(after.assignee)
        yield Assigned(old=before.assignee, new=after.assignee)
    if before.priority != after.priority:
        yield FieldSet(name="priority", old=before.priority, new=after.priority)
    if (before.status, before.reason) != (after.status, after.reason):
        yield _moved(before.status, after.status, after.reason, state)


def _moved(old: str, new: str, reason: str, state: State) -> StatusSet:
    solved = new == "resolved"
    return StatusSet(
        old=old,
        new=new,
        reason=reason,
        vendor=state.fields.get("vendor", "") if new == "on_hold" else "",
        cause=state.fields.get("cause", "") if solved else "",
        solution=state.fields.get("solution", "") if solved else "",
        reopened=CATEGORY[old] in OVER and CATEGORY[new] not in OVER,
    )


def _ending(state: State, directory: Directory) -> Iterator[Step]:
    """How a ticket that is one row came to its end: resolved if it tells how or when, then closed."""
    fields, status = state.fields, state.fields.get("status", "new")
    if CATEGORY[status] not in OVER:
        return
    late = fields.get("closed_at", fields.get("updated_at", fields["created_at"]))
    old, actor = "new", directory.actor(state)
    known = any(name in fields for name in ("resolved_at", "cause", "solution"))
    if status == "resolved" or (status == "closed" and known):
        at = fields.get("resolved_at", late)
        yield Step(at, actor, (_moved(old, "resolved", "", state),))
        old, late = "resolved", max(at, late)
    if status != "resolved":
        yield Step(late, actor, (_moved(old, status, fields.get("reason", ""), state),))


def _words(state: State, requester: Who | None, directory: Directory) -> Iterator[Step]:
    for each in state.messages:
        message = Message._make(each)
        at = next(at for at in (message.at, state.at, state.fields.get("created_at"), 0) if at is not None)
        if said_by(message, requester) and requester is not None:
            side, actor = "requester", Actor("requester", directory.contact(requester))
        else:
            side = "agent"
            actor = Actor("agent", directory.agent(message.login)) if message.login else SYSTEM
        said = Said(body=message.body, public=message.public, side=side, channel="import")
        yield Step(at, actor, (said,))
