"""Wording: canned responses as they read on a ticket, and the macros that fit tickets."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from deskterm.clock import Clock
from deskterm.desk.reading import Reader
from deskterm.rules import templates
from deskterm.rules.decide import moment
from deskterm.rules.draft import Draft
from deskterm.rules.facts import EMPTY, Actor, Book, Facts
from deskterm.rules.macros import offered
from deskterm.rules.problems import N_, Problem
from deskterm.rules.rulebook import Macro, Template
from deskterm.store import masses
from deskterm.store.engine import Store
from deskterm.store.library import Library

__all__ = ["Canned", "Offer", "Wording"]

_CHUNK = 500  # tickets that are read in one go


class Canned(NamedTuple):
    """A template as it reads on one ticket; with a `problem` the text is as written and cannot be sent."""

    template: Template
    text: str
    problem: Problem | None = None


class Offer(NamedTuple):
    """A macro, and those of the tickets at hand that it is for."""

    macro: Macro
    tickets: tuple[int, ...]


class Wording:
    """The ready-made words and deeds of one desk, for those who work there."""

    def __init__(self, store: Store, clock: Clock, library: Library, reader: Reader) -> None:
        self._store = store
        self._clock = clock
        self._library = library
        self._reader = reader

    def templates(self, viewer: Actor) -> tuple[Template, ...]:
        """All canned responses: those of the rules in their order, then the built-in ones."""
        _for_staff(viewer)
        with self._store.read() as connection:
            rules = self._library.ruled(connection).rules
        return tuple(templates.all_templates(rules).values())

    def template(self, name: str, viewer: Actor) -> Template:
        """The one with that id. Raises Problem (missing) with the nearest."""
        _for_staff(viewer)
        with self._store.read() as connection:
            return templates.template_named(name, self._library.ruled(connection).rules)

    def render(
        self,
        name: str,
        ticket: int,
        viewer: Actor,
        lang: str | None = None,
        values: Mapping[str, str] = EMPTY,
    ) -> str:
        """A template filled for a ticket, in `lang`, else in the requester's language, else in the desk's.

        `values` stand before those of the ticket. Raises Problem: for a placeholder that does not exist or
        stays empty (usage), for a template or ticket that there is not (missing).
        """
        templates.check_names(values)
        book, facts = self._about(ticket, viewer)
        template = templates.template_named(name, book.rules)
        found = {**_values(book, facts, viewer), **values}
        return templates.render(template, found, *([lang] if lang else _languages(facts)))

    def canned(self, ticket: int, viewer: Actor) -> tuple[Canned, ...]:
        """The responses of the ticket's queue and those for every queue, each filled for the ticket."""
        book, facts = self._about(ticket, viewer)
        queue = book.queues.get(facts.ticket.queue_id) if facts.ticket else None
        own = ("", queue.name if queue else "")
        values, languages = _values(book, facts, viewer), _languages(facts)
        every = templates.all_templates(book.rules).values()
        return tuple(_filled(each, values, languages) for each in every if each.queue in own)

    def offers(self, tickets: Sequence[int], viewer: Actor) -> tuple[Offer, ...]:
        """Every macro in the order of the file, with the tickets it is for; none without rules."""
        _for_staff(viewer)
        found: dict[str, list[int]] = {}
        macros: tuple[Macro, ...] = ()
        with self._store.read() as connection:
            for start in range(0, len(tickets), _CHUNK):
                book = self._library.ruled(connection)
                macros = book.rules.macros if book.rules is not None else ()
                for facts in masses.facts_of(connection, tickets[start : start + _CHUNK], book):
                    seen = self._library.edited(connection, book, facts.history)
                    draft = Draft(facts, viewer, seen, moment(facts, self._clock.now()), "")
                    for macro in offered(draft):
                        found.setdefault(macro.id, []).append(draft.ticket.id)
        return tuple(Offer(each, tuple(found.get(each.id, ()))) for each in macros)

    def _about(self, ticket: int, viewer: Actor) -> tuple[Book, Facts]:
        """The book and what the placeholders ask about a ticket that the viewer may see."""
        _for_staff(viewer)
        seen = self._reader.page(f"id:{ticket}", viewer, 1).rows if 0 < ticket < 2**63 else ()
        with self._store.read() as connection:
            book = self._library.ruled(connection)
            found = tuple(masses.facts_of(connection, (ticket,), book)) if seen else ()
        if not found:
            template = N_("There is no ticket %(ticket)s.")
            raise Problem("ticket.missing", template, kind="missing", ticket=ticket)
        return book, found[0]


def _filled(template: Template, values: Mapping[str, str], languages: tuple[str, ...]) -> Canned:
    try:
        return Canned(template, templates.render(template, values, *languages))
    except Problem as problem:
        return Canned(template, templates.variant(template, languages), problem)


def _values(book: Book, facts: Facts, viewer: Actor) -> dict[str, str]:
    if facts.ticket is None:
        raise LookupError("there are no words about no ticket")
    return templates.placeholder_values(facts.ticket, book, facts, viewer)


def _languages(facts: Facts) -> tuple[str, ...]:
    own = facts.requester.lang if facts.requester else ""
    return own, facts.ticket.lang if facts.ticket else ""


def _for_staff(viewer: Actor) -> None:
    if viewer.kind == "requester":
        template = N_("Only people who work here see the canned responses and macros.")
        raise Problem("permission.staff", template)
