"""Acts that speak: notes, replies, notices, webhooks, and tickets opened beside this one."""

from deskterm.rules import actions as a
from deskterm.rules.automate.children import create_child
from deskterm.rules.automate.effects import failure
from deskterm.rules.automate.manner import Manner
from deskterm.rules.automate.people import recipients
from deskterm.rules.automate.wording import filled
from deskterm.rules.changes import Notice, Said
from deskterm.rules.draft import Draft
from deskterm.rules.handlers import messages
from deskterm.rules.problems import N_, Problem
from deskterm.rules.rulebook import Act
from deskterm.rules.templates import template_named, variant

__all__ = ["note", "notify", "open_child", "reply", "webhook"]


def notify(act: Act, draft: Draft, manner: Manner) -> str:
    """Tell people of the desk, or the requester, each once; whoever is unknown keeps nobody else from it."""
    named = (act.value,) if isinstance(act.value, str) else act.value
    found: dict[str, None] = {}
    missing: Problem | None = None
    for name in named:
        if name == "requester" and manner.mute:
            continue
        try:
            found.update(dict.fromkeys(recipients(name, draft)))
        except Problem as problem:
            missing = problem
    for to in found:
        draft.notify("notify", to)
    if missing is not None:  # the others are told all the same
        draft.add(failure(act.verb, missing))
        draft.warnings.append(missing)
        return "failed"
    return ""


def webhook(act: Act, draft: Draft, _manner: Manner) -> str:
    """Call a webhook by its name."""
    draft.notices.append(Notice("webhook", act.value, draft.because))
    return ""


def note(act: Act, draft: Draft, manner: Manner) -> str:
    """An internal note; automatic, unless a person makes it."""
    body = filled(act.value, "note", draft, manner)
    if manner.person and not act.auto:
        messages.note(a.Note(draft.ticket.id, body), draft)
    elif body.strip():
        draft.add(Said(body=body, public=False, side="agent", auto=True, channel="system"))
    return ""


def reply(act: Act, draft: Draft, manner: Manner) -> str:
    """A template to the requester in his language; automatic, unless a person sends it."""
    if manner.mute:
        return "muted"
    template, requester = template_named(act.value, draft.book.rules), draft.facts.requester
    languages = (requester.lang if requester else "", draft.ticket.lang)
    body = filled(variant(template, languages), template.id, draft, manner)
    if manner.person and not act.auto:
        messages.reply(a.Reply(draft.ticket.id, body), draft)
        return ""
    if requester is None or not requester.addresses:
        raise Problem(
            "reply.nobody",
            N_("There is no address to send %(name)s to: ticket %(ticket)s has no requester with one."),
            name=template.id,
            ticket=draft.ticket.id,
        )
    place = draft.add(Said(body=body, public=True, side="agent", auto=True, channel="system"))
    draft.notify("reply", requester.addresses[0], place)
    return ""


def open_child(act: Act, draft: Draft, manner: Manner) -> str:
    """Open a ticket that is a part of this one."""
    told = {
        name: filled(str(act.value[name]), name, draft, manner)
        for name in ("subject", "body")
        if name in act.value
    }
    return create_child({**act.value, **told}, draft, manner.depth + 1)
