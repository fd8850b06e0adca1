"""Handlers: one function per action, from an action to the changes of a draft."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

from deskterm.rules import actions as a
from deskterm.rules.draft import Draft
from deskterm.rules.handlers import fields, messages, opening, people, staff, states

__all__ = ["HANDLERS", "handler_of"]

HANDLERS: Final[Mapping[type[a.Action], Callable[[Any, Draft], None]]] = MappingProxyType(
    {
        a.OpenTicket: opening.open_ticket,
        a.Reply: messages.reply,
        a.Note: messages.note,
        a.Attach: messages.attach,
        a.Assign: fields.assign,
        a.SetFields: fields.set_fields,
        a.Tag: fields.tag,
        a.Pend: states.pend,
        a.Hold: states.hold,
        a.Resolve: states.resolve,
        a.Confirm: states.confirm,
        a.Reject: states.reject,
        a.Close: states.close,
        a.Reopen: states.reopen,
        a.Cancel: states.cancel,
        a.AddContact: people.add_contact,
        a.SetContact: people.set_contact,
        a.AddOrganization: people.add_organization,
        a.SetOrganization: people.set_organization,
        a.AddAgent: staff.add_agent,
        a.SetAgent: staff.set_agent,
        a.AddGroup: staff.add_group,
        a.SetGroup: staff.set_group,
        a.AddQueue: staff.add_queue,
        a.SetQueue: staff.set_queue,
    }
)


def handler_of(action: a.Action) -> Callable[[Any, Draft], None]:
    """The function that decides on such an action; those of the rules and the timer are looked up late."""
    found = HANDLERS.get(type(action))
    if found is None:
        from deskterm.rules.handlers.upkeep import HANDLERS as OF_UPKEEP

        found = OF_UPKEEP[type(action)]
    return found
