"""The query language: one tree for the search bar, saved views, reports and every rule's `when`.

`parse` reads it, `bind` makes it concrete for a viewer and a moment; `holds` and the store's SQL evaluate it.
"""

from deskterm.rules.query.ast import Node, Query, SortKey
from deskterm.rules.query.bind import bind
from deskterm.rules.query.context import QueryContext, Vocabulary
from deskterm.rules.query.matches import holds
from deskterm.rules.query.parser import parse
from deskterm.rules.query.render import render

__all__ = ["Node", "Query", "QueryContext", "SortKey", "Vocabulary", "bind", "holds", "parse", "render"]
