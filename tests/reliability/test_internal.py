"""What is said inside stays inside: random threads, and all that leaves the desk or its requester sees."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from typing import Final, NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st
from sqlalchemy import select

from deskterm.rules import actions as a
from deskterm.rules.facts import Actor
from deskterm.rules.problems import Problem
from deskterm.store import tables
from tests.desks import Bench
from tests.reliability.conftest import Copies

ANN: Final = "ann@acme.example"
SECRET, OPEN = "zqsecret", "zqopen"  # no word of these is in any text of the desk


class Turn(NamedTuple):
    """On which ticket something is done, with a word that is internal and one that is public."""

    number: int
    secret: str
    public: str


Step = tuple[str, Callable[[Turn], a.Action]]


def a_file(name: str) -> a.Attachment:
    return a.Attachment(f"{name}.txt", "ab" * 32, 3)


STEPS: Final[dict[str, Step]] = {
    "reply": ("kim", lambda t: a.Reply(t.number, t.public, (a_file(t.public),))),
    "note": ("kim", lambda t: a.Note(t.number, t.secret, (a_file(t.secret),))),
    "note of a light agent": ("lil", lambda t: a.Note(t.number, t.secret)),
    "internal file": ("kim", lambda t: a.Attach(t.number, (a_file(t.secret),))),
    "public file": ("kim", lambda t: a.Attach(t.number, (a_file(t.public),), internal=False)),
    "answer": (ANN, lambda t: a.Reply(t.number, t.public)),
    "file of the requester": (ANN, lambda t: a.Attach(t.number, (a_file(t.public),))),
    "pending": ("kim", lambda t: a.Pend(t.number, t.secret)),
    "on hold": ("kim", lambda t: a.Hold(t.number, t.secret, vendor=f"{t.secret}v")),
    "resolve": ("kim", lambda t: a.Resolve(t.number, t.secret, t.public, f"{t.public} reply")),
    "confirm": (ANN, lambda t: a.Confirm(t.number, t.public)),
    "reject": (ANN, lambda t: a.Reject(t.number, t.public)),
    "close": ("ada", lambda t: a.Close(t.number, t.secret)),
    "reopen": ("ada", lambda t: a.Reopen(t.number, t.secret)),
    "cancel": ("ada", lambda t: a.Cancel(t.number, t.secret)),
    "tag": ("kim", lambda t: a.Tag(t.number, (t.secret,))),
    "vendor": ("kim", lambda t: a.SetFields(t.number, {"vendor": t.secret})),
    "own field": ("kim", lambda t: a.SetFields(t.number, {"cf.site": t.secret})),
    "subject": ("kim", lambda t: a.SetFields(t.number, {"subject": t.public})),
    "alert": ("ada", lambda t: a.OpenTicket("Disk full", t.secret, dedupe_key="disk")),
}
QUERIES: Final = ("{0}", "text:{0}", "subject:{0}", "tag:{0}", "vendor:{0}", "vendor:{0}*", "cf.site:{0}")


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.sampled_from(sorted(STEPS)), min_size=2, max_size=8))
def test_nothing_internal_reaches_the_requester_or_leaves_the_desk(copies: Copies, steps: list[str]) -> None:
    bench = copies()
    with closing(bench.desk):
        kept_inside(bench, steps)


def test_neither_does_it_on_the_other_database(bench: Bench) -> None:
    kept_inside(bench, list(STEPS))


@pytest.mark.soak
@given(steps=st.lists(st.sampled_from(sorted(STEPS)), min_size=5, max_size=25))
@settings(max_examples=500, suppress_health_check=list(HealthCheck))
def test_neither_does_it_in_long_threads(copies: Copies, steps: list[str]) -> None:
    bench = copies()
    with closing(bench.desk):
        kept_inside(bench, steps)


def kept_inside(bench: Bench, steps: Sequence[str]) -> None:
    """Take the steps one after the other, and look after each for what must not be seen."""
    number = bench.opens("Disk full", OPEN, queue="network", assignee="kim", dedupe_key="disk")
    secrets = [f"{SECRET}{turn}x" for turn in range(len(steps))]
    for turn, name in enumerate(steps):
        take(bench, number, STEPS[name], secrets[turn], f"{OPEN}{turn}x")
        assert SECRET not in shown(bench, number)
    assert [query for secret in secrets for query in found_by_ann(bench, secret)] == []


@pytest.mark.parametrize("name", STEPS)
def test_each_of_these_steps_works_on_some_ticket(copies: Copies, name: str) -> None:
    """Or the random threads would prove nothing."""
    bench = copies()
    number = bench.opens("Disk full", "x", queue="network", assignee="kim", dedupe_key="disk")
    if name in ("confirm", "reject", "close", "reopen"):
        bench.does(a.Resolve(number, "x", "y"), "kim")
    version = bench.desk.ticket(number, viewer=bench.actor("ada")).row.version
    take(bench, number, STEPS[name], SECRET, OPEN)
    detail = bench.desk.ticket(number, viewer=bench.actor("ada"))
    assert (detail.row.version, SECRET in repr(detail) or OPEN in repr(detail)) == (version + 1, True)


def test_what_is_public_is_seen_and_found_by_the_requester(bench: Bench) -> None:
    number = bench.opens("Disk full", OPEN)
    for turn, name in enumerate(("reply", "public file", "answer", "file of the requester", "resolve")):
        take(bench, number, STEPS[name], SECRET, f"{OPEN}{turn}x")
        assert f"{OPEN}{turn}x" in shown(bench, number)
    for turn in (0, 2, 4):
        assert bench.ids(f"{OPEN}{turn}x", ANN) == [number]


def test_an_agent_finds_what_is_internal(bench: Bench) -> None:
    number = bench.opens()
    for name in ("note", "tag", "own field", "vendor"):
        take(bench, number, STEPS[name], SECRET, OPEN)
    for query in (SECRET, f"tag:{SECRET}", f"vendor:{SECRET}", f"cf.site:{SECRET}"):
        assert bench.ids(query, "kim") == [number]


def test_a_note_is_no_change_to_the_requester_who_is_writing(bench: Bench) -> None:
    number = bench.opens()
    bench.does(a.Note(number, SECRET), "ada")
    bench.does(a.Tag(number, (SECRET,)), "ada")
    seen = bench.desk.ticket(number, viewer=bench.actor(ANN)).row.version
    bench.does(a.Note(number, SECRET), "ada")
    assert bench.does(a.Reply(number, "any news?"), ANN, seen=seen).events


def test_a_stranger_learns_nothing_from_a_version_that_is_old(bench: Bench) -> None:
    number = bench.opens()
    bench.does(a.AddContact("Bo", ("bo@globex.example",)))
    refusals = []
    for each in (number, number + 1):
        with pytest.raises(Problem) as refused:
            bench.does(a.Reply(each, "hello"), "bo@globex.example", seen=0)
        refusals.append((refused.value.code, refused.value.template, refused.value.kind))
    assert refusals[0] == refusals[1]


def take(bench: Bench, number: int, step: Step, secret: str, public: str) -> None:
    """Take the step; it may be refused."""
    who, build = step
    try:
        receipt = bench.does(build(Turn(number, secret, public)), who)
    except Problem as problem:
        assert who != ANN or SECRET not in str(problem)
    else:
        assert who != ANN or SECRET not in repr(receipt)


def shown(bench: Bench, number: int) -> str:
    """All that the requester is shown, and all that leaves the desk."""
    ann, ada = bench.actor(ANN), bench.actor("ada")
    desk = bench.desk
    detail = desk.ticket(number, viewer=ann)
    assert detail == desk.ticket(number, viewer=ada, public=True)
    assert all(line.data or line.message for line in detail.timeline)  # nor that something was said
    stale = a_stale_reply(bench, number, ann)
    with desk.store.read() as connection:
        outbox = [dict(row) for row in connection.execute(select(tables.outbox)).mappings()]
    seen = {line.seq for line in detail.timeline}
    assert [row for row in outbox if "@" in row["to"] and row["event_id"] not in seen] == []
    return repr((detail, desk.page(viewer=ann), desk.contact(ANN, viewer=ann), outbox, stale))


def a_stale_reply(bench: Bench, number: int, ann: Actor) -> str:
    """What the requester is told when the ticket moved while he wrote."""
    try:
        bench.desk.perform(a.Reply(number, "x"), ann, seen=0)
    except Problem as problem:
        return str(problem)
    return ""


def found_by_ann(bench: Bench, secret: str) -> Iterator[str]:
    """The queries by which the requester would learn that the word is there."""
    ann = bench.actor(ANN)
    everything = bench.desk.count(viewer=ann)
    for query in (form.format(secret) for form in QUERIES):
        if bench.desk.count(query, viewer=ann):
            yield query
        if bench.desk.count(f"-{query}", viewer=ann) != everything:
            yield f"-{query}"
