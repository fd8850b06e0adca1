"""The rule files in examples/ keep what their own tests promise (worked cases I01 to I07)."""

from pathlib import Path

import pytest

from deskterm.rules.rulebook import RuleBook
from deskterm.rules.rulefile import load
from deskterm.rules.ruletests import run_tests

EXAMPLES = Path(__file__).parents[1] / "examples"
BOOKS = [load((EXAMPLES / name).read_text("utf-8"), name) for name in ("it.toml", "cs.toml")]
ALONE = [(test.name, book._replace(tests=(test,))) for book in BOOKS for test in book.tests]


@pytest.mark.parametrize("book", [book for _, book in ALONE], ids=[name for name, _ in ALONE])
def test_an_example_keeps_what_its_test_promises(book: RuleBook) -> None:
    assert [result.sentences(book.name) for result in run_tests(book)] == [()]


def test_the_seven_worked_cases_are_among_them() -> None:
    assert len(ALONE) >= 7
