"""Messages: public replies, internal notes, files."""

from deskterm.rules import actions as a
from deskterm.rules.changes import Attached, Said, StatusSet
from deskterm.rules.draft import Draft
from deskterm.rules.facts import EMPTY, Actor
from deskterm.rules.handlers.states import answer_to, bring_back
from deskterm.rules.lifecycle import check
from deskterm.rules.names import check_value
from deskterm.rules.permissions import side_of
from deskterm.rules.problems import N_, Problem

__all__ = ["attach", "note", "reply"]

BODY_LIMIT = 10_000_000  # characters


def reply(action: a.Reply, draft: Draft) -> None:
    """A public message; the requester's brings a waiting or resolved ticket back to the desk."""
    _worded(action.body, bool(action.attachments))
    check_value("channel", action.channel)
    if side_of(draft.actor, draft.ticket, draft.book) == "requester":
        _requester_writes(action, draft)
        return
    if draft.book.terms.category(draft.ticket.status) == "closed":
        raise Problem(
            "reply.closed",
            N_("Ticket %(ticket)s is %(status)s: reopen it before you reply, or write a note."),
            ticket=draft.ticket.id,
            status=draft.ticket.status,
        )
    draft.notify("reply", answer_to(draft), draft.add(_said(action, "agent")))
    auto_open(draft)


def _said(action: a.Reply, side: str, *, settled: bool = False) -> Said:
    return Said(
        body=action.body,
        public=True,
        side=side,
        settled=settled,
        channel=action.channel,
        attachments=action.attachments,
    )


def _requester_writes(action: a.Reply, draft: Draft) -> None:
    """Back to the desk; what is over for good goes on in another ticket, thanks change nothing."""
    ticket, category = draft.ticket, draft.book.terms.category(draft.ticket.status)
    if ticket.status in ("cancelled", "merged"):
        raise Problem(
            "reply.over",
            N_("Ticket %(ticket)s is %(status)s for good: open a new ticket."),
            ticket=ticket.id,
            status=ticket.status,
        )
    over = category in ("solved", "closed")
    if over and _is_thanks(action, draft):
        _tell_assignee(draft, draft.add(_said(action, "requester", settled=True)))
        return
    if over and not _opens_again(draft):
        _go_on_in_another(action, draft)
        return
    place = draft.add(_said(action, "requester"))
    if over or category == "waiting":
        bring_back(draft)
    _tell_assignee(draft, place)


def _opens_again(draft: Draft) -> bool:
    ticket = draft.ticket
    anybody = Actor("requester", ticket.requester_id)
    return not check(ticket, "open", anybody, EMPTY, draft.book, draft.now)


def _is_thanks(action: a.Reply, draft: Draft) -> bool:
    """Whether the rules say of these words that they ask for nothing; who sends files asks for something."""
    rules = draft.book.rules
    if rules is None or rules.lifecycle.reopen_ignore is None or action.attachments:
        return False
    from deskterm.rules.conditions import conditions_of
    from deskterm.rules.ruleview import Root, RuleView

    root = Root("message", "requester", action.body, draft.before, action.channel)
    view = RuleView(draft.ticket, draft.book, draft.facts, root, draft.now, (action.body,))
    try:
        return conditions_of(rules).holds(rules.lifecycle.reopen_ignore, view)
    except Problem as problem:  # a word that the desk no longer has: no reason to refuse what somebody says
        draft.warnings.append(problem)
        return False


def _go_on_in_another(action: a.Reply, draft: Draft) -> None:
    """The words become a ticket that follows this one: about the same, routed and promised anew."""
    from deskterm.rules.changes import Follow

    ticket = draft.ticket
    queue = draft.book.queues.get(ticket.queue_id)
    opening = a.OpenTicket(
        ticket.subject,
        action.body,
        requester=answer_to(draft) or str(ticket.requester_id or ""),
        queue=queue.name if queue and queue.active else None,
        type=ticket.type or None,
        category=ticket.category or None,
        channel=action.channel,
        custom=ticket.custom,
        lang=ticket.lang,
        region=ticket.region,
        attachments=action.attachments,
        follows=ticket.id,
    )
    draft.roots.append(Follow(opening, draft.depth + 1, draft.because, actor=draft.actor))


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
    """The first act of an agent on a new ticket opens it (rules.md section 5); a blueprint does not."""
    if draft.ticket.status == "new" and draft.actor.kind == "agent" and not draft.ticket.stage:
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


def _tell_assignee(draft: Draft, place: int) -> None:
    agent = draft.book.agents.get(draft.ticket.assignee_id or 0)
    if agent is not None and not (draft.actor.kind == "agent" and draft.actor.id == agent.id):
        draft.notify("message", agent.login, place)
