"""Wording: the texts of acts with the values of the ticket and the answers of whoever pressed the macro."""

from deskterm.rules.automate.manner import Manner
from deskterm.rules.draft import Draft
from deskterm.rules.templates import fill, placeholder_values, unfilled

__all__ = ["answered", "filled"]


def filled(text: str, name: str, draft: Draft, manner: Manner) -> str:
    """`text` with its values. A hole stops a person, who can fill it; a rule sends it, with a warning."""
    values = placeholder_values(draft.ticket, draft.book, draft.facts, draft.actor)
    done, empty = fill(text, values, manner.answers)
    if empty:
        problem = unfilled(name, empty[0])
        if manner.person:
            raise problem
        draft.warnings.append(problem)
    return done


def answered(value: str, manner: Manner) -> str:
    """The value of a field with the answers in it."""
    return fill(value, {}, manner.answers)[0] if manner.answers else value
