"""Messages: public replies, internal notes, files."""

from deskterm.rules import actions as a
from deskterm.rules.changes import Attached, Said, StatusSet
from deskterm.rules.draft import Draft
from deskterm.rules.facts import Ticket
from deskterm.rules.handlers.states import move
from deskterm.rules.lifecycle import within_window
from deskterm.rules.names import check_value
from deskterm.rules.permissions import side_of
from deskterm.rules.problems import N_, Problem

__all__ = ["attach", "note", "reply"]

BODY_LIMIT = 10_000_000  # characters


def reply(action: a.Reply, draft: Draft) -> None:
    """A public message; the requester's brings a waiting or resolved ticket back to the desk."""
    _worded(action.body, bool(action.attachments))
    check_value("channel", action.channel)
    side = side_of(draft.actor, draft.ticket, draft.book)
    if side == "requester":
        _requester_may_write(draft.ticket, draft.now)
    elif draft.ticket.status in ("closed", "cancelled", "merged"):
        raise Problem(
            "reply.closed",
            N_("Ticket %(ticket)s is %(status)s: reopen it before you reply, or write a note."),
            ticket=draft.ticket.id,
            status=draft.ticket.status,
        )
    said = Said(
        body=action.body, public=True, side=side, channel=action.channel, attachments=action.attachments
    )
    place = draft.add(said)
    if side == "requester":
        _back_to_desk(draft)
        _tell_assignee(draft, place)
    else:
        draft.notify("reply", _answer_to(draft), place)
        auto_open(draft)


def note(action: a.Note, draft: Draft) -> None:
    """An internal note: no clock, no mail, no status but new -> open."""
    _worded(action.body, bool(action.attachments))
    check_value("channel", action.channel)
    place = draft.add(
        Said(
            body=action.body,
            public=False,
            side="agent",
            channel=action.channel,
            attachments=action.attachments,
        )
    )
    _tell_assignee(draft, place)
    auto_open(draft)


def attach(action: a.Attach, draft: Draft) -> None:
    """Files without words; a requester's are always public."""
    if not action.attachments:
        raise Problem("attach.none", N_("Name at least one file."), kind="usage", field="attachments")
    internal = action.internal and side_of(draft.actor, draft.ticket, draft.book) == "agent"
    draft.add(Attached(attachments=action.attachments, internal=internal))


def auto_open(draft: Draft) -> None:
    """The first act of an agent on a new ticket opens it (rules.md section 5)."""
    if draft.ticket.status == "new" and draft.actor.kind == "agent":
        draft.add(StatusSet(old="new", new="open"))


def _worded(body: str, files: bool) -> None:
    if not body.strip() and not files:
        raise Problem(
            "message.empty", N_("There is nothing to send: the text is empty."), kind="usage", field="body"
        )
    if len(body) > BODY_LIMIT:
        raise Problem(
            "message.long",
            N_("The text has more than %(limit)s characters: attach it as a file."),
            kind="usage",
            field="body",
            limit=BODY_LIMIT,
        )


def _requester_may_write(ticket: Ticket, now: int) -> None:
    if ticket.status in ("cancelled", "merged") or (
        ticket.status == "closed" and not within_window(ticket, now)
    ):
        raise Problem(
            "reply.over",
            N_("Ticket %(ticket)s is %(status)s for good: open a new ticket."),
            ticket=ticket.id,
            status=ticket.status,
        )


def _back_to_desk(draft: Draft) -> None:
    if draft.book.terms.category(draft.ticket.status) in ("waiting", "solved", "closed"):
        move(draft, "open")


def _tell_assignee(draft: Draft, place: int) -> None:
    agent = draft.book.agents.get(draft.ticket.assignee_id or 0)
    if agent is not None and not (draft.actor.kind == "agent" and draft.actor.id == agent.id):
        draft.notify("message", agent.login, place)


def _answer_to(draft: Draft) -> str:
    requester = draft.facts.requester
    return requester.addresses[0] if requester and requester.addresses else ""
