"""All or nothing: whatever breaks after any statement of an action, the database is as it was before."""

from collections.abc import Callable, Mapping
from itertools import count

import pytest

from deskterm.desk import Receipt
from deskterm.rules import actions as a
from deskterm.rules.facts import Actor
from tests.desks import Bench
from tests.reliability.stored import Crash, Dump, breaking_off, dump

ANN = "ann@acme.example"
FILE = a.Attachment("log.txt", "ab" * 32, 3)

ACTIONS: Mapping[str, tuple[str, Callable[[int], a.Action]]] = {
    "open for somebody unknown": (
        "kim",
        lambda _: a.OpenTicket(
            "Printer on fire",
            "smoke",
            requester="new@nowhere.example",
            assignee="kim",
            queue="network",
            tags=("fire", "printer"),
            custom={"site": "Berlin", "floor": "3"},
            attachments=(FILE, FILE),
        ),
    ),
    "open for himself": ("lee", lambda _: a.OpenTicket("My mouse", "is dead")),
    "count an alert again": ("ada", lambda _: a.OpenTicket("disk", "again", dedupe_key="disk")),
    "reply": ("kim", lambda number: a.Reply(number, "Which client?", (FILE,))),
    "requester's reply": (ANN, lambda number: a.Reply(number, "The blue one.")),
    "note": ("lil", lambda number: a.Note(number, "He is on holiday.", (FILE,))),
    "attach": ("kim", lambda number: a.Attach(number, (FILE, FILE))),
    "resolve": ("kim", lambda number: a.Resolve(number, "carrier", "line replaced", "Works again?")),
    "assign": ("kim", lambda number: a.Assign(number, agent="ada", group="service-desk")),
    "set": (
        "kim",
        lambda number: a.SetFields(
            number,
            {
                "subject": "VPN drops daily",
                "impact": "high",
                "urgency": "high",
                "cf.site": "",
                "cf.asset": "NB-1",
            },
        ),
    ),
    "tag": ("kim", lambda number: a.Tag(number, ("urgent", "ca"), ("vpn",))),
    "hold": ("kim", lambda number: a.Hold(number, "waits", "northline")),
    "add a contact": ("kim", lambda _: a.AddContact("Bo", ("bo@globex.example", "bo@home.example"), "ACME")),
    "set a contact": (
        "kim",
        lambda _: a.SetContact(ANN, "Ann Lee", ("ann@new.example",), (ANN,), ("ACME",), vip=True),
    ),
    "add an organization": ("kim", lambda _: a.AddOrganization("Globex", "gold", ("globex.example",))),
    "set an organization": (
        "kim",
        lambda _: a.SetOrganization("ACME", "Acme Ltd", "silver", ("acme.test",), ("acme.example",)),
    ),
    "add an agent": ("ada", lambda _: a.AddAgent("bob", "Bob", groups=("network", "service-desk"))),
    "set a group": ("ada", lambda _: a.SetGroup("network", "Net", ("lil",), ("kim",), ("ada",), ("lee",))),
    "add a queue": ("ada", lambda _: a.AddQueue("vpn", "VPN", "network")),
}


@pytest.fixture
def number(bench: Bench) -> int:
    """A ticket that has something of everything, beside an open alert."""
    bench.opens(dedupe_key="disk")
    return bench.opens(queue="network", assignee="kim", tags=("vpn",), custom={"site": "Berlin"})


@pytest.mark.parametrize("name", ACTIONS)
def test_an_action_that_breaks_off_anywhere_leaves_nothing_and_works_when_repeated(
    bench: Bench, number: int, name: str
) -> None:
    who, build = ACTIONS[name]
    actor, action, before = bench.actor(who), build(number), dump(bench.desk.store)
    steps, receipt = broken_everywhere(bench, action, actor, Crash)
    assert steps > len(receipt.events) + 2  # each event, the receipt and the commit were places to break off
    assert differing(before, dump(bench.desk.store)) >= {"events", "receipts"}
    assert bench.desk.perform(action, actor, key="once").replayed


def test_an_interrupt_by_the_user_is_no_different(bench: Bench, number: int) -> None:
    action = a.Resolve(number, "carrier", "line replaced", "Works again?")
    steps, receipt = broken_everywhere(bench, action, bench.actor("kim"), KeyboardInterrupt)
    assert steps > len(receipt.events) + 2


def broken_everywhere(
    bench: Bench, action: a.Action, actor: Actor, kind: type[BaseException]
) -> tuple[int, Receipt]:
    """Break `action` off after each of its statements in turn; their number, and the receipt in the end."""
    store = bench.desk.store
    before = dump(store)
    with store.read() as connection:
        engine = connection.engine
    for after in count(1):
        with breaking_off(engine, after, kind):
            try:
                return after, bench.desk.perform(action, actor, key="once")
            except kind:
                assert dump(store) == before, f"broken off after {after} statements"
    raise AssertionError("it never came to an end")


def differing(before: Dump, after: Dump) -> set[str]:
    """The names of the tables that are not the same."""
    return {name for name in before if before[name] != after[name]}
