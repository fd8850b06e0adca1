"""The tree of a query: what the search bar, a saved view, a report and a rule's `when` all become.

`parse` builds it, `render` writes it back, `bind` makes it concrete for one viewer at one moment.
After `bind` a back end (memory in `matches`, SQL in the store) meets these nodes only:

    And(nodes)             all of them; And(()) is "everything" and then the whole tree
    Or(nodes)              one of them; Or(()) is "nothing" and then the whole tree
    Not(node)              a plain complement: there is no third truth value
    In(field, values)      the field is one of the values: ints for kind int, else strings;
                           kind tag: the ticket has one of these tags
    Cmp(field, op, value)  kinds int and instant; op is < <= > >=, value an int
    Null(field, present)   the field has a value (present) or has none
    Glob(field, text, at)  the value starts (at "start") or ends (at "end") with `text`, to the letter;
                           kind tag: one of the tags does
    Text(field, ...)       `node.needle` stands in the normalised text of the field

where field is a name in `fields.BOUND`, which also tells its kind, or cf.NAME of kind custom. A field
without a value (None or "", no tags, no such custom field) makes In, Cmp, Glob and Text false, hence their
Not true: SQL must say `col IS NOT NULL AND ...`.
"""

from enum import Enum
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from deskterm.rules.frozen import frozen

if TYPE_CHECKING:
    from deskterm.rules.query.context import QueryContext
    from deskterm.rules.query.facts import TicketView

__all__ = [
    "EVERYTHING",
    "NOTHING",
    "And",
    "Cmp",
    "Glob",
    "In",
    "Node",
    "Not",
    "Null",
    "Or",
    "Order",
    "Period",
    "Query",
    "SortKey",
    "Span",
    "Text",
    "Value",
    "Who",
]

Order = Literal["<", "<=", ">", ">="]


class Who(Enum):
    """A value that names somebody by his part in the conversation."""

    ME = "me"


@frozen
class Span:
    """A length of time in seconds, in whole minutes; below zero it lies in the past."""

    seconds: int


@frozen
class Period:
    """A day, month or year in the viewer's zone: today, yesterday, tomorrow, 2026, 2026-03 or 2026-03-02."""

    name: str


Value = str | int | Who | Span | Period


class Node:
    """A condition on a ticket."""

    __slots__ = ()

    def matches(self, facts: "TicketView", context: "QueryContext") -> bool:
        """True when this viewer at this moment means a ticket with these facts. Raises Problem as `bind`."""
        from deskterm.rules.query.bind import bind
        from deskterm.rules.query.matches import holds

        return holds(bind(self, context), facts)


@frozen
class And(Node):
    """All of `nodes`; of none: everything."""

    nodes: tuple[Node, ...]


@frozen
class Or(Node):
    """At least one of `nodes`; of none: nothing."""

    nodes: tuple[Node, ...]


@frozen
class Not(Node):
    """Everything but `node`."""

    node: Node


@frozen
class In(Node):
    """The field has one of `values`; for a set of values (tags): has at least one of them."""

    field: str
    values: tuple[Value, ...]


@frozen
class Cmp(Node):
    """The field lies on that side of `value`."""

    field: str
    op: Order
    value: Value


@frozen
class Null(Node):
    """The field has any value (`present`) or none."""

    field: str
    present: bool


@frozen
class Glob(Node):
    """The value starts or ends with `text`, to the letter."""

    field: str
    text: str
    at: Literal["start", "end"]


@frozen
class Text(Node):
    """The words of `phrase` (normalised, one space between) in a row; `prefix` leaves the last one open."""

    field: str
    phrase: str
    prefix: bool = False

    @property
    def needle(self) -> str:
        """What to look for in a normalised text, which is padded with one space on both sides."""
        return f" {self.phrase}" if self.prefix else f" {self.phrase} "


EVERYTHING: Final = And(())
NOTHING: Final = Or(())


class SortKey(NamedTuple):
    """A field to order by; tickets without a value stand last either way."""

    field: str
    descending: bool = False


@frozen
class Query:
    """A parsed query: which tickets (`where`), in what order (`sort`, () when none is said), its text."""

    where: Node
    sort: tuple[SortKey, ...]
    text: str

    @property
    def order(self) -> tuple[SortKey, ...]:
        """The whole order, on fields of `fields.BOUND`: by next due unless asked otherwise, ties by id."""
        from deskterm.rules.query.order import complete_order

        return complete_order(self.sort)

    def matches(self, facts: "TicketView", context: "QueryContext") -> bool:
        """True when this viewer at this moment means a ticket with these facts. Raises Problem as `bind`."""
        return self.where.matches(facts, context)
