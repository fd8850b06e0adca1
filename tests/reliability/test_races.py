"""Two at the same instant: neither loses what he did, and what may exist once exists once."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from typing import TypeVar

from sqlalchemy import event

from deskterm.desk import Desk, Receipt
from deskterm.rules import actions as a
from deskterm.rules.problems import Problem
from deskterm.store.engine import open_store
from tests.desks import Bench
from tests.reliability.stored import dump
from tests.reliability.twin import contradictions

T = TypeVar("T")

TIMES = 24


def at_once(work: Callable[[int], T], times: Iterable[int] = range(TIMES)) -> list[T]:
    """What `work` returns for each number, done by eight threads."""
    with ThreadPoolExecutor(8) as pool:
        return list(pool.map(work, times))


def test_alerts_and_notes_on_one_ticket_each_get_a_version(bench: Bench) -> None:
    number, ada = bench.opens("Disk full", dedupe_key="disk"), bench.actor("ada")

    def work(turn: int) -> Receipt:
        again = a.OpenTicket("Disk full", f"alert {turn}", dedupe_key="disk")
        return bench.desk.perform(again if turn % 2 else a.Note(number, f"note {turn}"), ada)

    assert {receipt.ticket for receipt in at_once(work)} == {number}
    assert contradictions(dump(bench.desk.store), bench.desk.book()) == []
    assert bench.desk.ticket(number, viewer=ada).row.version == 1 + TIMES


def test_an_alert_beside_the_close_of_its_ticket_counts_there_or_opens_another(bench: Bench) -> None:
    ada = bench.actor("ada")
    for _ in range(4):
        number = bench.opens("Disk full", dedupe_key="disk")
        bench.does(a.Resolve(number, "full", "cleaned"))
        bench.does(a.Reopen(number))
        alert = a.OpenTicket("Disk full", "again", dedupe_key="disk")
        deeds = (alert, a.Resolve(number, "full", "cleaned"), alert)
        at_once(lambda turn, deeds=deeds: bench.desk.perform(deeds[turn], ada), range(3))  # type: ignore[misc]
    assert contradictions(dump(bench.desk.store), bench.desk.book()) == []


def test_members_added_at_once_all_join(bench: Bench) -> None:
    ada, logins = bench.actor("ada"), [f"new{turn}" for turn in range(8)]
    for login in logins:
        bench.does(a.AddAgent(login))
    at_once(
        lambda turn: bench.desk.perform(a.SetGroup("network", add_members=(logins[turn],)), ada), range(8)
    )
    (network,) = (group for group in bench.desk.groups() if group.name == "network")
    assert set(logins) <= set(network.members)


def test_two_admins_who_depose_each_other_leave_one(bench: Bench) -> None:
    bench.does(a.AddAgent("eve", role="admin"))
    ada = bench.actor("ada")

    def depose(turn: int) -> bool:
        try:
            bench.desk.perform(a.SetAgent(("ada", "eve")[turn % 2], role="agent"), ada)
        except Problem as problem:
            assert problem.code in ("agent.last_admin", "permission.role")
            return False
        return True

    at_once(depose, range(4))
    assert "admin" in {agent.role for agent in bench.desk.agents()}


def test_an_agent_who_opens_many_tickets_for_himself_is_one_contact(bench: Bench) -> None:
    kim = bench.actor("kim")
    at_once(lambda turn: bench.desk.perform(a.OpenTicket(f"mine {turn}"), kim), range(8))
    assert len(bench.desk.contacts("Kim Agent", viewer=bench.actor("ada"))) == 1


def test_a_contact_who_is_added_while_he_opens_tickets_is_one_contact(bench: Bench) -> None:
    ada = bench.actor("ada")

    def work(turn: int) -> None:
        try:
            if turn % 3:
                bench.desk.perform(a.OpenTicket(f"t{turn}", requester="new@x.example"), ada)
            else:
                bench.desk.perform(a.AddContact("New", ("new@x.example",)), ada)
        except Problem as problem:
            assert problem.code == "name.taken"

    at_once(work)
    assert len(bench.desk.contacts("new@x.example", viewer=ada)) == 1
    assert bench.desk.count(viewer=ada) == len([turn for turn in range(TIMES) if turn % 3])


def test_one_key_used_by_many_at_once_is_one_action_and_one_receipt(bench: Bench) -> None:
    ada, number = bench.actor("ada"), bench.opens()
    receipts = at_once(lambda _: bench.desk.perform(a.Note(number, "once"), ada, key="k"), range(8))
    assert sorted(receipt.replayed for receipt in receipts) == [False] + 7 * [True]
    assert len({str(replace(receipt, replayed=False)) for receipt in receipts}) == 1


def test_of_many_who_saw_the_same_version_one_changes_it_and_the_others_are_told_who(bench: Bench) -> None:
    kim, number = bench.actor("kim"), bench.opens()

    def work(turn: int) -> str:
        try:
            bench.desk.perform(a.SetFields(number, {"category": f"c{turn}"}), kim, seen=1)
        except Problem as problem:
            assert (problem.kind, problem.values["who"]) == ("stale", "kim")
            return "stale"
        return "done"

    assert sorted(at_once(work, range(8))) == ["done"] + 7 * ["stale"]


def test_different_fields_set_at_once_are_all_kept(bench: Bench) -> None:
    kim, number = bench.actor("kim"), bench.opens()
    at_once(lambda turn: bench.desk.perform(a.SetFields(number, {f"cf.f{turn}": "x"}), kim), range(TIMES))
    assert len(bench.desk.ticket(number, viewer=kim).custom) == TIMES


def test_somebody_who_joins_while_the_book_is_read_is_in_it_wholly_or_not_at_all(bench: Bench) -> None:
    ada, reader = bench.actor("ada"), Desk(open_store(bench.url), bench.clock)
    with reader.store.read() as connection:
        engine = connection.engine

    def join(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if "FROM group_members" in statement and "new" not in bench.desk.book().logins:
            bench.desk.perform(a.AddAgent("new", groups=("network",)), ada)

    event.listen(engine, "before_cursor_execute", join)
    with closing(reader):
        book = reader.book()
    (network,) = (group for group in book.groups.values() if group.name == "network")
    assert network.members <= set(book.agents)
