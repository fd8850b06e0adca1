"""Opening a ticket: whom it is for, where it waits, how urgent it is."""

from deskterm.rules import actions as a
from deskterm.rules.changes import NEW, Occurred, Opened, Record, Said
from deskterm.rules.draft import Draft
from deskterm.rules.facts import Book, Contact, Queue, Ticket
from deskterm.rules.names import (
    address,
    agent_named,
    check_field,
    check_length,
    check_tag,
    check_value,
    group_named,
    queue_named,
)
from deskterm.rules.permissions import agent_of, role_on
from deskterm.rules.problems import N_, Problem
from deskterm.rules.terms import Terms

__all__ = ["open_ticket"]

_OF_AGENTS = (
    *("assignee", "group", "priority", "impact", "urgency", "tags", "custom", "dedupe_key"),
    *("parent", "follows"),
)
SUBJECT_LIMIT = 2_000_000  # characters; a whole mail body by mistake still fits, a video does not


def open_ticket(action: a.OpenTicket, draft: Draft) -> None:
    """Open a ticket, or count another occurrence of the open one with the same dedupe key."""
    if draft.facts.duplicate is not None:
        _asked_within_role(action, draft)
        _occur_again(action, draft, draft.facts.duplicate)
        return
    if not action.subject.strip():
        raise Problem("subject.empty", N_("A ticket needs a subject."), kind="usage", field="subject")
    _asked_within_role(action, draft)
    requester, organization = _requester(action, draft)
    queue = queue_named(action.queue, draft.book) if action.queue else _default_queue(draft.book)
    ticket = _ticket(action, draft, queue, requester, organization)
    side = "requester" if _for_requester(draft, requester) else "agent"
    names, chosen = _names(action, draft, ticket), _chosen(action, draft)
    opened = draft.add(Opened(ticket=ticket, side=side, names=names, chosen=chosen))
    if action.body or action.attachments:
        draft.add(
            Said(
                body=action.body,
                public=True,
                side=side,
                channel=action.channel,
                attachments=action.attachments,
            )
        )
    if ticket.assignee_id is not None:
        draft.notify("assigned", draft.book.agents[ticket.assignee_id].login, opened)


def _asked_within_role(action: a.OpenTicket, draft: Draft) -> None:
    """Opening sets nothing that its author could not set afterwards, and a requester opens for himself."""
    role = role_on(draft.actor, None, draft.book)
    if role not in ("requester", "light") or draft.depth:  # deeper: the desk asks for it in his name
        return
    asked = [name for name in _OF_AGENTS if getattr(action, name)]
    known = draft.facts.requester
    own = known is not None and known.id == draft.actor.id
    if role == "requester" and action.requester and not own:
        asked.append("requester")
    if asked:
        raise Problem(
            "permission.field",
            N_("To set %(fields)s needs the role agent; you are %(role)s."),
            field=asked[0],
            fields=", ".join(asked),
            role=role,
        )


def _occur_again(action: a.OpenTicket, draft: Draft, ticket: Ticket) -> None:
    draft.existing = ticket.id
    draft.before = draft.after = ticket
    draft.add(Occurred(count=ticket.occurrences + 1))
    body = action.body if action.body else action.subject
    draft.add(Said(body=body, public=False, side="agent", auto=True, channel=action.channel))


def _requester(action: a.OpenTicket, draft: Draft) -> tuple[int | None, int | None]:
    """Contact and organization of the requester; an unknown one becomes a contact on the way."""
    known = draft.facts.requester
    if known is None:
        return _new_requester(action, draft)
    if len(known.organizations) > 1:
        names = ", ".join(sorted(each.name for each in draft.facts.organizations))
        draft.warnings.append(
            Problem(
                "requester.organizations",
                N_("%(name)s belongs to several organizations (%(organizations)s): none was set."),
                name=known.name,
                organizations=names,
            )
        )
        return known.id, None
    if known.organizations:
        return known.id, known.organizations[0]
    return known.id, _by_domain(draft)


def _new_requester(action: a.OpenTicket, draft: Draft) -> tuple[int | None, int | None]:
    agent = agent_of(draft.actor, draft.book)
    if action.requester:
        known_as = address(action.requester)
        contact = Contact(NEW, action.requester_name.strip() or known_as, (known_as,))
    elif agent is not None:
        own = (agent.email.lower(),) if agent.email else ()
        contact = Contact(NEW, agent.name or agent.login, own)
    else:
        return None, None
    links = {"addresses": contact.addresses}
    told = {"addresses": list(contact.addresses)}
    draft.add(
        Record(
            noun="contact", id=NEW, name=contact.name, values={"name": contact.name}, links=links, told=told
        )
    )
    if agent is not None and not action.requester:
        draft.add(Record(noun="agent", id=agent.id, name=agent.login, values={"contact_id": NEW}))
    return NEW, _by_domain(draft)


def _by_domain(draft: Draft) -> int | None:
    found = draft.facts.domain_organizations
    return found[0].id if len(found) == 1 else None


def _default_queue(book: Book) -> Queue:
    """The first active queue ever made; routing rules choose better ones."""
    active = [queue for _, queue in sorted(book.queues.items()) if queue.active]
    if not active:
        raise Problem("queue.none", N_("This desk has no queue yet: add one with deskterm queue add NAME."))
    return active[0]


def _ticket(
    action: a.OpenTicket, draft: Draft, queue: Queue, requester: int | None, organization: int | None
) -> Ticket:
    book, now = draft.book, draft.now
    for name in ("type", "impact", "urgency", "priority", "channel"):
        value = getattr(action, name)
        if value:
            check_value(name, value, book.terms)
    for tag in action.tags:
        check_tag(tag)
    for field, value in action.custom.items():
        check_field(f"cf.{field}")
        check_length(f"cf.{field}", value)
    group = group_named(action.group, book).id if action.group else queue.group_id
    return Ticket(
        id=NEW,
        version=1,
        subject=action.subject[:SUBJECT_LIMIT],
        status="open" if action.assignee else "new",
        priority=action.priority or _by_matrix(action, book.terms) or book.terms.default_priority,
        queue_id=queue.id,
        created_at=now,
        updated_at=now,
        channel=action.channel,
        submitter_kind=draft.actor.kind,
        submitter_id=draft.actor.id,
        requester_id=requester,
        organization_id=organization,
        group_id=group,
        assignee_id=agent_named(action.assignee, book).id if action.assignee else None,
        type=action.type or "",
        category=check_length("category", action.category or ""),
        impact=action.impact or "",
        urgency=action.urgency or "",
        lang=check_length("lang", action.lang or _language(draft)),
        region=check_length("region", action.region),
        vendor=check_length("vendor", action.vendor),
        parent_id=action.parent,
        follows=action.follows,
        tags=frozenset(action.tags),
        custom={name: value for name, value in action.custom.items() if value},
        dedupe_key=check_length("dedupe_key", action.dedupe_key),
    )


def _language(draft: Draft) -> str:
    """The language of the requester, where he is known."""
    return draft.facts.requester.lang if draft.facts.requester else ""


def _by_matrix(action: a.OpenTicket, terms: Terms) -> str:
    return terms.matrix.get(action.impact or "", {}).get(action.urgency or "", "")


def _for_requester(draft: Draft, requester: int | None) -> bool:
    """Clocks run for a requester who waits; a ticket of the system alone has none."""
    return draft.actor.kind != "system" or requester is not None


def _chosen(action: a.OpenTicket, draft: Draft) -> tuple[str, ...]:
    """What an agent chose himself; rules leave it alone, those too that come later."""
    if draft.actor.kind != "agent" or draft.depth:
        return ()
    return tuple(name for name in ("priority", "queue", "group", "assignee") if getattr(action, name))


def _names(action: a.OpenTicket, draft: Draft, ticket: Ticket) -> dict[str, str]:
    book = draft.book
    group = book.groups[ticket.group_id].name if ticket.group_id is not None else ""
    known = draft.facts.requester
    asked = (
        (known.addresses[0] if known.addresses else known.name) if known else action.requester.strip().lower()
    )
    return {
        "queue": book.queues[ticket.queue_id].name,
        "group": group,
        "assignee": action.assignee or "",
        "requester": asked,
    }
