"""Search: a bound query becomes SQL that means the same on SQLite, on Postgres and in memory."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

from sqlalchemy import (
    Text as SqlText,
    and_,
    case,
    cast,
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

from deskterm.rules.facts import Actor, Book
from deskterm.rules.frozen import frozen
from deskterm.rules.query.ast import And, Cmp, Glob, In, Node, Not, Null, Or, SortKey, Text
from deskterm.rules.terms import ALWAYS_OPEN_STATUSES
from deskterm.store.rawtext import encode_raw
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
from deskterm.store.textindex import is_denied, is_indexed

__all__ = ["Selection", "compile_query"]

Condition = ColumnElement[bool]
_ANY: Final[Condition] = true()


@frozen
class Selection:
    """Which tickets, in which total order; each key is a column and whether it runs down.

    `internal` tells whether their lines may show what is said inside. `words` is what the full-text index
    can answer of it, `rest` all else; together they say what `where` says.
    """

    where: Condition
    order: tuple[tuple[ColumnElement[Any], bool], ...]
    internal: bool = True
    words: Node | None = None
    compared: Condition = _ANY
    rest: Condition = _ANY


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


def compile_query(
    where: Node, order: tuple[SortKey, ...], viewer: Actor, book: Book, dialect: str
) -> Selection:
    """The selection of `where` in `order` as `viewer` may see it."""
    internal = viewer.kind != "requester"
    compiler = _Compiler(book, dialect, internal=internal)
    words, others = _parted(where)
    rest = compiler.node(others)
    if not internal:
        rest = and_(tickets.c.requester_id == viewer.id, rest)
    compared = compiler.node(words) if words else true()
    keys = (key for each in order for key in _sort(each, postgres=dialect == "postgresql"))
    return Selection(and_(rest, compared), tuple(keys), internal, words, compared, rest)


def _parted(where: Node) -> tuple[And | None, And]:
    """What the full-text index can answer of `where`, if anything, and the rest."""
    nodes = where.nodes if isinstance(where, And) else (where,)
    if not any(map(is_indexed, nodes)):
        return None, And(nodes)
    words = tuple(node for node in nodes if is_indexed(node) or is_denied(node))
    return And(words), And(tuple(node for node in nodes if node not in words))


class _Compiler:
    def __init__(self, book: Book, dialect: str, *, internal: bool) -> None:
        self._book = book
        self._postgres = dialect == "postgresql"
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
            return _by_status([str(value) for value in values])
        if node.field in _NUMBERS:
            return _held(_NUMBERS[node.field], _NUMBERS[node.field].in_(values))
        if node.field == "tag":
            return _tagged(ticket_tags.c.tag.in_(values))
        if node.field.startswith("cf."):
            return _custom(node.field, ticket_fields.c.value.in_(values))
        quick = self._by_id(node.field, [str(value) for value in values])
        if quick is not None:
            return quick
        if node.field == "domain":
            return or_(false(), *(self._ends(_ADDRESS, f"@{value}") for value in values))
        return _STRINGS[node.field].in_([value for value in values if value != ""])

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
        if field == "requester":
            owners = select(contact_addresses.c.contact_id).where(
                contact_addresses.c.address.in_(names) & (contact_addresses.c.rank == 0)
            )
            return _held(tickets.c.requester_id, tickets.c.requester_id.in_(owners))
        if field in ("org", "tier"):
            column = organizations.c.name if field == "org" else organizations.c.tier
            owners = select(organizations.c.id).where(column.in_([name for name in names if name]))
            return _held(tickets.c.organization_id, tickets.c.organization_id.in_(owners))
        return None

    def _cmp(self, node: Cmp) -> Condition:
        # a ticket that is never due sorts behind every instant, so the index over the order answers here too
        column = tickets.c.due_sort if node.field == "due" else _NUMBERS[node.field]
        value = literal(node.value, column.type)
        compared = {"<": column < value, "<=": column <= value, ">": column > value, ">=": column >= value}
        if node.field == "due":
            return and_(column < NEVER_DUE, compared[node.op])
        return _held(column, compared[node.op])

    def _null(self, node: Null) -> Condition:
        return self._present(node.field) if node.present else not_(self._present(node.field))

    def _present(self, field: str) -> Condition:
        if field in _NUMBERS:
            return _NUMBERS[field].is_not(None)
        keys = {"queue": "queue_id", "group": "group_id", "assignee": "assignee_id"}
        if field in keys:
            return tickets.c[keys[field]].is_not(None)
        if field == "tag":
            return _tagged(true())
        if field.startswith("cf."):
            return _custom(field, true())
        return _STRINGS.get(field, _ADDRESS) != ""

    def _glob(self, node: Glob) -> Condition:
        test: Callable[[ColumnElement[Any], str], Condition] = (
            self._starts if node.at == "start" else self._ends
        )
        if node.field == "tag":
            return _tagged(test(ticket_tags.c.tag, node.text))
        if node.field.startswith("cf."):
            return _custom(node.field, test(ticket_fields.c.value, node.text))
        if node.field == "domain":
            return self._domain_glob(node)
        column = _STRINGS[node.field]
        return and_(column != "", test(column, node.text))

    def _domain_glob(self, node: Glob) -> Condition:
        if node.at == "end":
            host = func.substr(_ADDRESS, self._position(_ADDRESS, "@") + 1)
            return and_(_ADDRESS != "", self._ends(host, node.text))
        return and_(_ADDRESS != "", self._position(_ADDRESS, f"@{node.text}") > 0)

    def _text(self, node: Text) -> Condition:
        if node.field == "subject":
            return self._position(tickets.c.subject_n, node.needle) > 0
        found = self._position(ticket_texts.c.public_n, node.needle) > 0
        if self._internal:
            found = or_(found, self._position(ticket_texts.c.internal_n, node.needle) > 0)
        mine = ticket_texts.c.ticket_id == tickets.c.id
        if not self._postgres:
            return exists().where(mine & found)
        # for an EXISTS it may read the texts of all tickets at once; this is asked ticket by ticket
        return func.coalesce(select(found).where(mine).correlate(tickets).scalar_subquery(), false())

    def _position(self, column: ColumnElement[Any], needle: str) -> ColumnElement[Any]:
        where = func.strpos if self._postgres else func.instr
        return where(column, cast(literal(encode_raw(needle), SqlText), SqlText))

    def _starts(self, column: ColumnElement[Any], text: str) -> Condition:
        raw = encode_raw(text)
        return cast(func.substr(column, 1, len(raw)), SqlText) == literal(raw, SqlText)

    def _ends(self, column: ColumnElement[Any], text: str) -> Condition:
        raw = encode_raw(text)
        tail = func.right(column, len(raw)) if self._postgres else func.substr(column, -len(raw))
        return cast(tail, SqlText) == literal(raw, SqlText)

    _RULES: Final[Mapping[type[Node], Callable[..., Condition]]] = MappingProxyType(
        {And: _and, Or: _or, Not: _not, In: _in, Cmp: _cmp, Null: _null, Glob: _glob, Text: _text}
    )


def _is_internal(field: str) -> bool:
    return field in ("tag", "vendor") or field.startswith("cf.")


def _by_status(values: list[str]) -> Condition:
    """Open statuses are said in the words of the partial indexes too."""
    if set(values) == set(ALWAYS_OPEN_STATUSES):
        return tickets.c.is_open
    found = tickets.c.status.in_(values)
    return and_(tickets.c.is_open, found) if set(values) <= set(ALWAYS_OPEN_STATUSES) else found


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
