"""Rule files: TOML text to the rule book and back; every fault at once, with its place and code (`codes`)."""

from deskterm.rules.rulebook import RuleBook
from deskterm.rules.rulefile.faults import Fault, RuleFaults
from deskterm.rules.rulefile.loading import load, regions

__all__ = ["Fault", "RuleFaults", "dump", "load", "placeless", "regions"]


def dump(book: RuleBook) -> str:
    """A rule file that says the same: `load(dump(book))` equals `book` but for lines (see `placeless`).

    Public holidays are written out by name; comments and the order of tables of one file are not kept.
    """
    from deskterm.rules.rulefile.dumping import dumped

    return dumped(book)


def placeless(book: RuleBook) -> RuleBook:
    """The book without lines, name and revision: two files that mean the same are then equal."""
    from deskterm.rules.rulefile.dumping import without_places

    return without_places(book)
