"""Search: a bound query becomes SQL that means the same on SQLite, on Postgres and in memory."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

from sqlalchemy import (
    and_,
    case,
    exists,
    false,
    func,
    literal,
    not_,
    or_,
    select,
    true,
)
from sqlalchemy.sql import ColumnElement
from sqlalchemy.sql.elements import UnaryExpression
from sqlalchemy.sql.operators import custom_op

from deskterm.rules.facts import Actor, Book
from deskterm.rules.frozen import frozen
from deskterm.rules.query.ast import And, Cmp, Glob, In, Node, Not, Null, Or, SortKey, Text
from deskterm.rules.terms import ALWAYS_OPEN_STATUSES
from deskterm.store.letters import affixed, holds
from deskterm.store.owners import owners
from deskterm.store.sources import Source, mixed, sources
from deskterm.store.tables import (
    agents,
    contact_addresses,
    contacts,
    groups,
    organizations,
    queues,
    ticket_fields,
    ticket_tags,
    ticket_texts,
    tickets,
)
from deskterm.store.tables.tickets import NEVER_DUE
from deskterm.store.textindex import Lead, is_denied, is_indexed, lead

__all__ = ["Selection", "compile_query"]

Condition = ColumnElement[bool]
_ANY: Final[Condition] = true()


@frozen
class Selection:
    """Which tickets, in which total order; each key is a column and whether it runs down.

    `internal` tells whether their lines may show what is said inside. `lead` lists the tickets of the part
    that `compared` says letter by letter, `rest` says all else; together they say what `where` says. `small`
    means that `rest` leaves open tickets alone, or one person's. Each of the `sources` lists all, and others.
    """

    where: Condition
    order: tuple[tuple[ColumnElement[Any], bool], ...]
    internal: bool = True
    lead: Lead | None = None
    compared: Condition = _ANY
    rest: Condition = _ANY
    small: bool = False
    sources: tuple[Source, ...] = ()


def _name_of(table: Any, column: str, key: ColumnElement[Any]) -> ColumnElement[Any]:
    named = select(table.c[column]).where(table.c.id == key)
    return func.coalesce(named.correlate(tickets).scalar_subquery(), "")


_ADDRESS = func.coalesce(
    select(contact_addresses.c.address)
    .where((contact_addresses.c.contact_id == tickets.c.requester_id) & (contact_addresses.c.rank == 0))
    .correlate(tickets)
    .scalar_subquery(),
    "",
)

# every string field of a bound query; a missing value is "" in all of them
_STRINGS: Final[Mapping[str, ColumnElement[Any]]] = MappingProxyType(
    {
        "status": tickets.c.status,
        "priority": tickets.c.priority,
        "queue": _name_of(queues, "name", tickets.c.queue_id),
        "group": _name_of(groups, "name", tickets.c.group_id),
        "assignee": _name_of(agents, "login", tickets.c.assignee_id),
        "requester": _ADDRESS,
        "requester_name": _name_of(contacts, "name", tickets.c.requester_id),
        "org": _name_of(organizations, "name", tickets.c.organization_id),
        "tier": _name_of(organizations, "tier", tickets.c.organization_id),
        "channel": tickets.c.channel,
        "type": tickets.c.type,
        "category": tickets.c.category,
        "lang": tickets.c.lang,
        "region": tickets.c.region,
        "impact": tickets.c.impact,
        "urgency": tickets.c.urgency,
        "vendor": tickets.c.vendor,
        "sla": tickets.c.sla_state,
        "subject": tickets.c.subject_n,
    }
)
_NUMBERS: Final[Mapping[str, ColumnElement[Any]]] = MappingProxyType(
    {
        "id": tickets.c.id,
        "due": tickets.c.next_due_at,
        "created": tickets.c.created_at,
        "updated": tickets.c.updated_at,
        "waiting_since": tickets.c.waiting_since,
        "reopens": tickets.c.reopen_count,
        "parent": tickets.c.parent_id,
    }
)

# columns with an index of their own, from which finding begins where it lists little
_INDEXED: Final = frozenset(
    (
        *("category", "channel", "impact", "lang", "region", "type", "urgency", "vendor"),
        *("parent_id", "reopen_count", "sla_state", "waiting_since"),
    )
)
_AS_IT_IS: Final[custom_op[Any]] = custom_op("+")


def compile_query(
    where: Node, order: tuple[SortKey, ...], viewer: Actor, book: Book, dialect: str
) -> Selection:
    """The selection of `where` in `order` as `viewer` may see it."""
    internal = viewer.kind != "requester"
    compiler = _Compiler(book, dialect, internal=internal)
    words, others = _parted(where, dialect, internal=internal)
    rest = compiler.node(And(others))
    if not internal:
        rest = and_(tickets.c.requester_id == viewer.id, rest)
    compared = compiler.node(words) if words else true()
    keys = tuple(key for each in order for key in _sort(each, postgres=dialect == "postgresql"))
    known = _lead(words, dialect, internal=internal) if words else None
    listed = sources(others, dialect, internal=internal)
    small = not internal or any(map(_is_open, others))
    return Selection(and_(rest, compared), keys, internal, known, compared, rest, small, listed)


def _parted(where: Node, dialect: str, *, internal: bool) -> tuple[Node | None, tuple[Node, ...]]:
    """What indexes can list of `where` although it has words in it, if anything, and the rest."""
    nodes = where.nodes if isinstance(where, And) else (where,)
    if any(map(is_indexed, nodes)):
        words = tuple(node for node in nodes if is_indexed(node) or is_denied(node))
        return And(words), tuple(node for node in nodes if node not in words)
    for node in nodes:
        if mixed(node, dialect, internal=internal):
            return node, tuple(other for other in nodes if other is not node)
    return None, nodes


def _lead(words: Node, dialect: str, *, internal: bool) -> Lead | None:
    return mixed(words, dialect, internal=internal) or lead(dialect, words, internal=internal)


class _Compiler:
    def __init__(self, book: Book, dialect: str, *, internal: bool) -> None:
        self._book = book
        self._dialect = dialect
        self._internal = internal

    def node(self, node: Node) -> Condition:
        if not self._internal and _is_internal(getattr(node, "field", "")):  # as if it were empty
            return true() if isinstance(node, Null) and not node.present else false()
        return self._RULES[type(node)](self, node)

    def _and(self, node: And) -> Condition:
        return and_(true(), *map(self.node, node.nodes)) if node.nodes else true()

    def _or(self, node: Or) -> Condition:
        return or_(false(), *map(self.node, node.nodes)) if node.nodes else false()

    def _not(self, node: Not) -> Condition:
        return not_(self.node(node.node))

    def _in(self, node: In) -> Condition:
        values = list(node.values)
        if node.field == "status":
            return self._by_status([str(value) for value in values])
        if node.field in _NUMBERS:
            return _held(_NUMBERS[node.field], self._each(_NUMBERS[node.field]).in_(values))
        if node.field == "tag":
            return _tagged(ticket_tags.c.tag.in_(values))
        if node.field.startswith("cf."):
            return _custom(node.field, ticket_fields.c.value.in_(values))
        quick = self._by_id(node.field, [str(value) for value in values])
        if quick is None:
            quick = self._owned(node)
        if quick is not None:
            return quick
        return self._each(_STRINGS[node.field]).in_([value for value in values if value != ""])

    def _by_status(self, values: list[str]) -> Condition:
        """Open statuses are said in the words of the partial indexes too."""
        if set(values) == set(ALWAYS_OPEN_STATUSES):
            return tickets.c.is_open
        if set(values) <= set(ALWAYS_OPEN_STATUSES):
            return and_(tickets.c.is_open, tickets.c.status.in_(values))
        return tickets.c.status.in_(values)

    def _each(self, column: ColumnElement[Any]) -> ColumnElement[Any]:
        """A column that is asked of each ticket: SQLite would take its index, however much that lists."""
        if self._dialect != "sqlite" or getattr(column, "name", "") not in _INDEXED:
            return column
        return UnaryExpression(column, operator=_AS_IT_IS, type_=column.type)

    def _by_id(self, field: str, names: list[str]) -> Condition | None:
        """Names of the book become numbers, so that the index over the numbers answers."""
        book = self._book
        known = {
            "queue": (tickets.c.queue_id, book.queue_names),
            "group": (tickets.c.group_id, book.group_names),
            "assignee": (tickets.c.assignee_id, book.logins),
        }
        if field in known:
            column, numbers = known[field]
            return _held(column, column.in_([numbers[name] for name in names if name in numbers]))
        return None

    def _owned(self, node: In | Glob) -> Condition | None:
        """Asked of each ticket; whether to begin with the owners is not for the database to guess."""
        found = owners(node, self._dialect)
        return None if found is None else func.coalesce(tickets.c[found[0]].in_(found[1]), false())

    def _cmp(self, node: Cmp) -> Condition:
        # a ticket that is never due sorts behind every instant, so the index over the order answers here too
        column = tickets.c.due_sort if node.field == "due" else self._each(_NUMBERS[node.field])
        value = literal(node.value, column.type)
        compared = {"<": column < value, "<=": column <= value, ">": column > value, ">=": column >= value}
        if node.field == "due":
            return and_(column < NEVER_DUE, compared[node.op])
        return _held(column, compared[node.op])

    def _null(self, node: Null) -> Condition:
        return self._present(node.field) if node.present else not_(self._present(node.field))

    def _present(self, field: str) -> Condition:
        if field in _NUMBERS:
            return self._each(_NUMBERS[field]).is_not(None)
        keys = {"queue": "queue_id", "group": "group_id", "assignee": "assignee_id"}
        if field in keys:
            return tickets.c[keys[field]].is_not(None)
        if field == "tag":
            return _tagged(true())
        if field.startswith("cf."):
            return _custom(field, true())
        return self._each(_STRINGS.get(field, _ADDRESS)) != ""

    def _glob(self, node: Glob) -> Condition:
        if node.field == "tag":
            return _tagged(affixed(ticket_tags.c.tag, node, self._dialect))
        if node.field.startswith("cf."):
            return _custom(node.field, affixed(ticket_fields.c.value, node, self._dialect))
        owned = self._owned(node)
        if owned is not None:
            return owned
        column = _STRINGS[node.field]
        return and_(column != "", affixed(column, node, self._dialect))

    def _text(self, node: Text) -> Condition:
        if node.field == "subject":
            return holds(tickets.c.subject_n, node.needle, self._dialect)
        found = holds(ticket_texts.c.public_n, node.needle, self._dialect)
        if self._internal:
            found = or_(found, holds(ticket_texts.c.internal_n, node.needle, self._dialect))
        mine = ticket_texts.c.ticket_id == tickets.c.id
        if self._dialect != "postgresql":
            return exists().where(mine & found)
        # for an EXISTS it may read the texts of all tickets at once; this is asked ticket by ticket
        return func.coalesce(select(found).where(mine).correlate(tickets).scalar_subquery(), false())

    _RULES: Final[Mapping[type[Node], Callable[..., Condition]]] = MappingProxyType(
        {And: _and, Or: _or, Not: _not, In: _in, Cmp: _cmp, Null: _null, Glob: _glob, Text: _text}
    )


def _is_open(node: Node) -> bool:
    return isinstance(node, In) and node.field == "status" and set(node.values) <= set(ALWAYS_OPEN_STATUSES)


def _is_internal(field: str) -> bool:
    return field in ("tag", "vendor") or field.startswith("cf.")


def _held(column: ColumnElement[Any], condition: Condition) -> Condition:
    """Two-valued: false, not unknown, where there is no value."""
    nullable = getattr(column, "nullable", True)
    return and_(column.is_not(None), condition) if nullable else condition


def _tagged(condition: Condition) -> Condition:
    return exists().where((ticket_tags.c.ticket_id == tickets.c.id) & condition)


def _custom(field: str, condition: Condition) -> Condition:
    mine = (ticket_fields.c.ticket_id == tickets.c.id) & (ticket_fields.c.name == field[3:])
    return exists().where(mine & (ticket_fields.c.value != "") & condition)


def _sort(key: SortKey, *, postgres: bool) -> list[tuple[ColumnElement[Any], bool]]:
    """The columns of one key; tickets without a value stand last either way."""
    if key.field == "due" and not key.descending:
        return [(tickets.c.due_sort, False)]
    if key.field == "priority":
        return [(tickets.c.priority_rank, key.descending)]
    if key.field in _NUMBERS:
        column = _NUMBERS[key.field]
        if not getattr(column, "nullable", True):
            return [(column, key.descending)]
        missing = case((column.is_(None), 1), else_=0)
        return [(missing, False), (func.coalesce(column, 0), key.descending)]
    text = _STRINGS[key.field]
    missing = case((text == "", 1), else_=0)
    # by code point, as SQLite and Python do; the server's own order depends on where it was set up
    return [(missing, False), (text.collate("C") if postgres else text, key.descending)]
