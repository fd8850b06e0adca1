"""Acts that set: fields, the status, tags, and whose the ticket is. What a person chose is kept."""

from typing import Final

from deskterm.rules import actions as a
from deskterm.rules.automate.manner import Manner
from deskterm.rules.automate.people import leads
from deskterm.rules.automate.standing import chosen_by_person
from deskterm.rules.automate.wording import answered
from deskterm.rules.changes import FieldSet
from deskterm.rules.draft import Draft
from deskterm.rules.handlers import fields, states
from deskterm.rules.names import check_value
from deskterm.rules.problems import N_, Problem
from deskterm.rules.rulebook import Act

__all__ = ["add_tags", "reassign", "remove_tags", "set_values"]

_TOLD: Final = ("cause", "solution", "wait_reason")  # what belongs to a status and is no field to choose
_SILENCE: Final = "no answer"  # why time alone closes a ticket
_WORDS: Final = (*_TOLD, "vendor")  # what a move can need beside its status


def set_values(act: Act, draft: Draft, manner: Manner) -> str:
    """Set fields and the status; a frozen ticket is moved before its fields are set, any other after."""
    wanted = {name: answered(str(value), manner) for name, value in act.value.items()}
    status = wanted.pop("status", "")
    words = {name: wanted.pop(name) for name in _WORDS if status and name in wanted}
    before, kept = len(draft.changes), _keep_choices(wanted, draft, manner)
    if status and draft.book.terms.category(draft.ticket.status) == "closed":
        _move(draft, status, words)
    assignee = wanted.pop("assignee", None)
    for name in _TOLD:
        if name in wanted:
            _tell(draft, name, wanted.pop(name))
    if wanted:
        fields.set_fields(a.SetFields(draft.ticket.id, wanted), draft)
    if assignee is not None:
        fields.assign(a.Assign(draft.ticket.id, agent=assignee), draft)
    if status and draft.ticket.status != status:
        _move(draft, status, words)
    return "kept" if kept and len(draft.changes) == before else ""


def _keep_choices(wanted: dict[str, str], draft: Draft, manner: Manner) -> bool:
    """Take out of `wanted` what a person chose otherwise, and make steps of a priority to one."""
    now = draft.ticket.priority
    if "priority" in wanted:
        wanted["priority"] = _stepped(wanted["priority"], draft)
    kept = False
    if not manner.force and chosen_by_person("priority", draft, manner.acting):
        kept = wanted.pop("priority", now) != now
        if {"impact", "urgency"} & wanted.keys():
            wanted["priority"] = now  # else the matrix would choose
    for name in ("group", "assignee"):
        if name in wanted and not manner.force and chosen_by_person(name, draft, manner.acting):
            del wanted[name]
            kept = True
    return kept


def _tell(draft: Draft, name: str, value: str) -> None:
    old = getattr(draft.ticket, name)
    if old != value:
        draft.add(FieldSet(name=name, old=old, new=value))


def _stepped(value: str, draft: Draft) -> str:
    """The priority that +1 or -1 leads to, the highest or lowest at the ends; any other value as it is."""
    terms, now = draft.book.terms, draft.ticket.priority
    if value not in ("+1", "-1"):
        return value
    check_value("priority", now, terms)
    step = max(0, min(terms.rank(now) + int(value), len(terms.priorities) - 1))
    return terms.priorities[step]


def _move(draft: Draft, status: str, words: dict[str, str]) -> None:
    if status == "resolved":
        ticket = draft.ticket
        cause, solution = words.get("cause", ticket.cause), words.get("solution", ticket.solution)
        states.resolve(a.Resolve(ticket.id, cause, solution), draft)
    else:
        silent = status == "closed" and draft.because.startswith("automation ")
        reason, vendor = words.get("wait_reason", _SILENCE if silent else ""), words.get("vendor", "")
        states.move(draft, status, reason=reason, vendor=vendor)


def reassign(act: Act, draft: Draft, manner: Manner) -> str:
    """Hand over to the lead, a person or a group, or ask for routing again."""
    to, _, name = act.value.partition(":")
    sticky = "group" if to == "group" else "assignee"
    if not manner.force and chosen_by_person(sticky, draft, manner.acting):
        return "kept"
    number = draft.ticket.id
    match to:
        case "route":
            draft.reroute = True
        case "group":
            fields.assign(a.Assign(number, group=name), draft)
        case "person":
            fields.assign(a.Assign(number, agent=name), draft)
        case _:
            found = leads(draft)
            if not found:
                raise Problem(
                    "reassign.lead", N_("No lead is there to hand ticket %(ticket)s to."), ticket=number
                )
            fields.assign(a.Assign(number, agent=found[0].login), draft)
    return ""


def add_tags(act: Act, draft: Draft, _manner: Manner) -> str:
    """Add tags."""
    fields.tag(a.Tag(draft.ticket.id, add=tuple(act.value)), draft)
    return ""


def remove_tags(act: Act, draft: Draft, _manner: Manner) -> str:
    """Remove tags."""
    fields.tag(a.Tag(draft.ticket.id, remove=tuple(act.value)), draft)
    return ""
