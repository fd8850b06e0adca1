"""A book that is written out and read again says the same."""

from pathlib import Path

import pytest
from hypothesis import given, settings

from deskterm.rules.rulebook import RuleBook
from deskterm.rules.rulefile import dump, load, placeless
from tests.rules.rulefile.books import books

EXAMPLES = Path(__file__).parents[3] / "examples"


@pytest.mark.parametrize("name", ["it", "cs"])
def test_an_example_says_the_same_when_it_was_written_out(name: str) -> None:
    book = load((EXAMPLES / f"{name}.toml").read_text("utf-8"), f"{name}.toml")
    assert placeless(load(dump(book), "again.toml")) == placeless(book)


@given(books)
@settings(max_examples=60)
def test_any_book_says_the_same_when_it_was_written_out(book: RuleBook) -> None:
    assert placeless(load(dump(book), "again.toml")) == placeless(book)


def test_a_book_without_places_differs_only_where_the_rules_differ() -> None:
    text = (EXAMPLES / "it.toml").read_text("utf-8")
    moved, changed = load(f"\n\n{text}", "a.toml"), load(text.replace('"4h"', '"5h"'), "it.toml")
    book = load(text, "it.toml")
    assert moved != book
    assert placeless(moved) == placeless(book)
    assert placeless(changed) != placeless(book)
