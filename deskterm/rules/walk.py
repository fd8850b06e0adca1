"""Walk: one ticket on its way through the rules; every rule sees what those before it did."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Final, NamedTuple

from deskterm.rules.conditions import conditions_of
from deskterm.rules.facts import Book, Group, Ticket
from deskterm.rules.names import SETTABLE
from deskterm.rules.query.ast import EVERYTHING, Node
from deskterm.rules.rulebook import Classify, Policy, Route, RuleBook
from deskterm.rules.ruleview import RuleView
from deskterm.rules.trace import Deed, Settled, Tried

__all__ = ["Setting", "Walk", "is_valid"]

_PERSONS: Final = ("priority", "queue", "group", "assignee")
_OF_MATRIX: Final = ("impact", "urgency")
_PLAIN: Final = tuple(each for each in SETTABLE if each not in ("queue", "group"))


class Setting(NamedTuple):
    """A field that became different, queue and group by name, and the rule that did it."""

    field: str
    old: str
    new: str
    because: str


class Walk:
    """The draft of a ticket between the rules, and what each of them did.

    A field belongs to the first rule that set it (`owners`). Of what a person chose (`given`) priority,
    queue, group and assignee stay. A queue that stays keeps its group.
    """

    def __init__(self, view: RuleView, rules: RuleBook, given: Collection[str]) -> None:
        self.view = view
        self.rules = rules
        self.given = frozenset(given).intersection(_PERSONS)
        self.conditions = conditions_of(rules)
        self.owners: dict[str, str] = {}
        self.became: dict[str, tuple[str, str]] = {}  # field -> its first value, and why it is another
        self.tags: list[Setting] = []
        self.tried: list[Tried] = []
        self.settled = Settled()
        self.placed = False  # it lies where its route wants it

    def classify(self, rule: Classify) -> None:
        """Do what the rule says, if it is for this ticket."""
        then = self.view
        if not self.conditions.holds(rule.when, then):
            self._missed("classify", rule.id, rule.line, rule.when)
            return
        because = f"classify {rule.id}@{self.rules.rev}"
        deeds = [self._set(name, value, because, rule.override) for name, value in rule.set.items()]
        deeds += [self._fill(name, value, because) for name, value in rule.fill.items()]
        self._met("classify", rule.id, rule.line, rule.when, then, deeds + self._tag(rule.add_tags, because))

    def settle(self) -> None:
        """The priority: a person's, a rule's, the matrix's, or the one that the ticket has.

        One that lives already was raised and lowered for reasons of its own: there the matrix has its say
        only when a rule set impact or urgency.
        """
        ticket, terms = self.view.ticket, self.rules.terms
        source = "person" if "priority" in self.given else self.owners.get("priority", "")
        if not source:
            asked = self.view.root.before is None or not self.became.keys().isdisjoint(_OF_MATRIX)
            meant = terms.matrix.get(ticket.impact, {}).get(ticket.urgency, "") if asked else ""
            source = "matrix" if meant else "submitted"
            self._put(
                "priority", meant or ticket.priority or terms.default_priority, f"matrix@{self.rules.rev}"
            )
        self.settled = Settled(self.view.ticket.priority, source, ticket.impact, ticket.urgency)

    def follow(self, route: Route) -> bool:
        """Take the route if it is for this ticket; True when it decides."""
        then = self.view
        if not self.conditions.holds(route.when, then):
            self._missed("route", route.id, route.line, route.when)
            return False
        because = f"route {route.id}@{self.rules.rev}"
        deeds = [self._set(name, value, because, False) for name, value in route.set.items()]
        deeds += self._tag(route.add_tags, because)
        if not route.set.keys().isdisjoint((*_OF_MATRIX, "priority")):
            self.settle()
        deeds += [Deed("next")] if route.goes_on else self._place(route, because)
        self._met("route", route.id, route.line, route.when, then, deeds)
        return not route.goes_on

    def police(self, policy: Policy, view: RuleView) -> bool:
        """True when the policy takes the ticket of `view`."""
        if not is_valid(policy, view.now):
            self.tried.append(Tried("policy", policy.id, policy.line, False, None, (Deed("dates"),)))
            return False
        if not self.conditions.holds(policy.when, view):
            self._missed("policy", policy.id, policy.line, policy.when, view)
            return False
        self._met("policy", policy.id, policy.line, policy.when, view, [])
        return True

    def sets(self) -> tuple[Setting, ...]:
        """What is different in the end, each field once, in the order in which they were set last."""
        found = (
            Setting(name, old, _value(self.view, name), because)
            for name, (old, because) in self.became.items()
        )
        return tuple(each for each in found if each.old != each.new)

    def _met(self, kind: str, name: str, line: int, when: Node, then: RuleView, did: list[Deed]) -> None:
        clause = None if when == EVERYTHING else self.conditions.explain(when, then)
        self.tried.append(Tried(kind, name, line, True, clause, tuple(did)))

    def _missed(self, kind: str, name: str, line: int, when: Node, view: RuleView | None = None) -> None:
        clause = self.conditions.first_false(when, view or self.view)
        self.tried.append(Tried(kind, name, line, False, clause))

    def _fill(self, name: str, value: str, because: str) -> Deed:
        """A value for an empty field; priority, queue and group are empty unless somebody chose them."""
        if name not in _PERSONS and name not in self.owners and _value(self.view, name):
            return Deed("kept", name, "submitted")
        return self._set(name, value, because, False)

    def _set(self, name: str, value: str, because: str, override: bool) -> Deed:
        owner = self.owners.get(name, "")
        if name in self.given:
            return Deed("kept", name, "person")
        if owner and not override:
            return Deed("kept", name, owner)
        if not self._knows(name, value):
            return Deed("unknown", name, value)
        self.owners[name] = because
        self._put(name, value, because)
        return Deed("set", name, value)

    def _knows(self, name: str, value: str) -> bool:
        book = self.view.book
        known: Mapping[str, Collection[str]] = {
            "queue": book.queue_names,
            "group": book.group_names,
            "priority": self.rules.terms.priorities,
        }
        return value in known[name] if name in known else name in _PLAIN or name.startswith("cf.")

    def _put(self, name: str, value: str, because: str) -> None:
        """Give the draft that value; a queue brings its group along."""
        old = _value(self.view, name)
        if old != value:
            self.became[name] = self.became.pop(name, (old, ""))[0], because
            self.view = self.view.of(_with(self.view.ticket, name, value, self.view.book))
        group = _group_of(value, self.view.book) if name == "queue" else None
        if group is not None and not self._stays("group"):
            self._put("group", group.name, because)

    def _tag(self, tags: tuple[str, ...], because: str) -> list[Deed]:
        have = self.view.ticket.tags
        fresh = [each for each in dict.fromkeys(tags) if each not in have]
        if fresh:
            self.tags += [Setting("tag", "", each, because) for each in fresh]
            self.view = self.view.of(replace(self.view.ticket, tags=have.union(fresh)))
        return [Deed("tag", "tag", each) for each in fresh]

    def _place(self, route: Route, because: str) -> list[Deed]:
        """Put the ticket where the route wants it, unless it has to stay somewhere else."""
        wanted = {name: value for name, value in (("queue", route.queue), ("group", route.group)) if value}
        deeds = [Deed("unknown", *each) for each in wanted.items() if not self._knows(*each)]
        wanted = {name: value for name, value in wanted.items() if self._knows(name, value)}
        if not self._may_go(wanted):
            return [*deeds, *(Deed("placed", name, value) for name, value in wanted.items())]
        deeds += [
            Deed("same" if _value(self.view, name) == value else "set", name, value)
            for name, value in wanted.items()
        ]
        for name, value in wanted.items():
            self._put(name, value, because)
        self._let_go()
        self.placed = True
        return [*deeds, *self._has_somebody()]

    def _stays(self, name: str) -> bool:
        return name in self.given or name in self.owners

    def _may_go(self, wanted: Mapping[str, str]) -> bool:
        """Whether nothing that has to stay, the assignee of a person too, would move."""
        book, view = self.view.book, self.view
        queue = wanted.get("queue", view.queue or "")
        if self._stays("queue") and queue != view.queue:
            return False
        brought = _group_of(queue, book)
        group = wanted.get("group") or (brought.name if brought and "queue" in wanted else view.group or "")
        kept = self._stays("group") or (self._stays("queue") and brought is not None)
        if kept and group != view.group:
            return False
        return "assignee" not in self.given or _is_in(view.ticket.assignee_id, group, book)

    def _let_go(self) -> None:
        """Take it from an assignee outside the group; one whom a person chose has not let it come here."""
        ticket = self.view.ticket
        if ticket.assignee_id is not None and not _is_in(
            ticket.assignee_id, self.view.group or "", self.view.book
        ):
            self.view = self.view.of(replace(ticket, assignee_id=None))

    def _has_somebody(self) -> list[Deed]:
        return [Deed("assigned", "assignee", self.view.assignee)] if self.view.assignee else []


def is_valid(policy: Policy, now: int) -> bool:
    """Whether `now` lies within the dates of the policy."""
    if policy.valid_from is not None and now < policy.valid_from:
        return False
    return policy.valid_until is None or now < policy.valid_until


def _value(view: RuleView, name: str) -> str:
    if name.startswith("cf."):
        return view.custom.get(name[3:], "")
    return str(getattr(view if name in ("queue", "group") else view.ticket, name))


def _group_of(queue: str, book: Book) -> Group | None:
    found = book.queues.get(book.queue_names.get(queue, -1))
    return book.groups.get(found.group_id or 0) if found else None


def _is_in(agent: int | None, group: str, book: Book) -> bool:
    """A group without members takes anybody."""
    found = book.groups.get(book.group_names.get(group, -1))
    return found is None or not found.members or agent in found.members


def _with(ticket: Ticket, name: str, value: str, book: Book) -> Ticket:
    if name == "queue":
        return replace(ticket, queue_id=book.queue_names[value])
    if name == "group":
        return replace(ticket, group_id=book.group_names[value])
    if name.startswith("cf."):
        custom = {**ticket.custom, name[3:]: value}
        return replace(ticket, custom={key: each for key, each in custom.items() if each})
    changed: dict[str, str] = {name: value}
    return replace(ticket, **changed)  # type: ignore[arg-type]
