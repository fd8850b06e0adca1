"""A value of any length is kept or refused in words, also where a database would have to index it."""

from collections.abc import Callable, Mapping
from random import Random
from typing import Final

import pytest

from deskterm.rules import actions as a
from deskterm.rules.problems import Problem
from tests.desks import Bench

LONG: Final = "".join(map(chr, Random(1).choices(range(0x4E00, 0x9FFF), k=30_000)))
FITTING: Final = "".join(map(chr, Random(1).choices(range(0xD800, 0xE000), k=300)))  # stored as 8 bytes each

VALUES: Final[Mapping[str, Callable[[int, str], a.Action]]] = {
    "own field": lambda number, value: a.SetFields(number, {"cf.site": value}),
    "own field at once": lambda _, value: a.OpenTicket("x", custom={"site": value}),
    "category": lambda number, value: a.SetFields(number, {"category": value}),
    "category at once": lambda _, value: a.OpenTicket("x", category=value),
    "vendor": lambda number, value: a.Hold(number, "", value),
    "subject": lambda _, value: a.OpenTicket(value),
    "dedupe key": lambda _, value: a.OpenTicket("x", dedupe_key=value),
    "tag": lambda number, value: a.Tag(number, (value,)),
    "file": lambda number, value: a.Attach(number, (a.Attachment(value, "ab" * 32, 3, value),)),
    "reason": lambda number, value: a.Hold(number, value, "acme"),
    "solution": lambda number, value: a.Resolve(number, value, value, value),
    "organization": lambda _, value: a.AddOrganization(value),
    "new name": lambda _, value: a.SetOrganization("ACME", name=value),
    "contact": lambda _, value: a.AddContact(value, phone=value),
    "requester": lambda _, value: a.OpenTicket("x", requester=f"{value}@x.example"),
    "login": lambda _, value: a.AddAgent(value),
    "title": lambda _, value: a.AddGroup("apps", value),
}
KEPT: Final = {"subject", "file", "reason", "solution", "contact", "title"}


@pytest.mark.parametrize("name", VALUES)
def test_a_very_long_value_is_kept_or_refused(bench: Bench, name: str) -> None:
    number = bench.opens()
    try:
        bench.does(VALUES[name](number, LONG))
    except Problem as problem:
        assert (problem.kind, name in KEPT) == ("usage", False)
    else:
        assert name in KEPT


@pytest.mark.parametrize(
    "name", ["own field", "category", "vendor", "dedupe key", "organization", "new name"]
)
def test_the_longest_value_that_is_not_refused_is_kept(bench: Bench, name: str) -> None:
    assert bench.does(VALUES[name](bench.opens(), FITTING)).events


def test_a_key_may_have_any_length(bench: Bench) -> None:
    number = bench.opens()
    receipts = [bench.does(a.Note(number, key[:3]), key=key) for key in (LONG, LONG + "x", LONG)]
    assert [receipt.replayed for receipt in receipts] == [False, False, True]
