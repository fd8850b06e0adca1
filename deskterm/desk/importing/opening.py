"""Opening: the first step of an imported ticket."""

from collections.abc import Sequence
from typing import Any, Final

from deskterm.desk.importing.directory import Directory
from deskterm.desk.importing.mapping import ImportMapping
from deskterm.desk.importing.slugs import slugged
from deskterm.desk.importing.states import State, Who
from deskterm.desk.importing.steps import Step, begun
from deskterm.rules.changes import Change, Opened, Said
from deskterm.rules.facts import Actor, Ticket

__all__ = ["opening"]

_TEXTS: Final = ("type", "category", "impact", "urgency", "vendor", "lang", "region")


def opening(states: Sequence[State], mapping: ImportMapping, directory: Directory, number: int) -> Step:
    """The ticket opens as its first state held it; what is not followed is as its last state tells it."""
    first, last = states[0], states[-1]
    start = begun(first, mapping)
    requester = next((who for state in reversed(states) if (who := state.who("requester"))), None)
    queue, title = last.places.get("queue", (slugged(mapping.source), mapping.source))
    ticket = Ticket(
        id=number,
        version=1,
        queue_id=directory.queue(queue, title),
        group_id=directory.group(*first.places["group"]) if start.group else None,
        assignee_id=directory.agent(start.assignee) if start.assignee else None,
        status=start.status,
        wait_reason=start.reason,
        priority=start.priority,
        source=mapping.source,
        **_known(last, mapping),
        **_times(first, last),
        **_people(first, last, requester, directory),
    )
    names = {
        "queue": queue,
        "group": start.group,
        "assignee": start.assignee,
        "requester": (requester.address or requester.name) if requester else "",
    }
    changes: tuple[Change, ...] = (Opened(ticket=ticket, side="requester", names=names),)
    if body := last.fields.get("body"):
        changes += (Said(body=body, public=True, side="requester", channel=ticket.channel),)
    return Step(ticket.created_at, Actor(ticket.submitter_kind, ticket.submitter_id), changes)


def _known(last: State, mapping: ImportMapping) -> dict[str, Any]:
    custom = {name: word for name, word in zip(mapping.custom, last.custom, strict=True) if word}
    return {
        **{name: last.fields[name] for name in _TEXTS if name in last.fields},
        "subject": last.fields.get("subject", last.key),
        "channel": last.fields.get("channel", "import"),
        "tags": frozenset(last.fields.get("tags", ())),
        "custom": custom,
        "external_id": last.key,
    }


def _times(first: State, last: State) -> dict[str, Any]:
    told = (last.fields.get("created_at"), first.fields.get("created_at"), first.at, 0)
    opened = next(at for at in told if at is not None)
    return {"created_at": opened, "updated_at": opened}


def _people(first: State, last: State, requester: Who | None, directory: Directory) -> dict[str, Any]:
    organization = last.places.get("organization")
    company = directory.organization(organization[0]) if organization else None
    contact = directory.contact(requester, company) if requester else None
    submitter = directory.submitter(first, contact)
    return {
        "organization_id": company,
        "requester_id": contact,
        "submitter_kind": submitter.kind,
        "submitter_id": submitter.id,
    }
