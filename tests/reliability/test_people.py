"""Whatever is done to people, groups and queues is refused in words or done whole, and never a crash."""

from collections.abc import Callable
from contextlib import closing
from random import Random
from typing import Any, Final

import pytest

from deskterm.desk import Desk
from deskterm.rules import actions as a
from deskterm.rules.facts import Actor
from deskterm.rules.problems import Problem
from deskterm.store.engine import open_store
from tests.desks import Bench
from tests.reliability.conftest import Copies
from tests.reliability.stored import Dump, Row, dump

LOGINS: Final = ("ada", "lee", "kim", "lil", "bob", "Bob", "böb")
GROUPS: Final = ("network", "service-desk", "apps", "Apps")
QUEUES: Final = ("triage", "network", "vpn")
ADDRESSES: Final = (
    "ann@acme.example",
    "Ann@ACME.example",
    "bo@globex.example",
    " bo@globex.example",
    "x@y.z",
)
DOMAINS: Final = ("acme.example", "ACME.example", "@globex.example", "home.example")
ORGANIZATIONS: Final = ("ACME", "Globex", "acme", " Globex ")
CONTACTS: Final = ("ann@acme.example", "bo@globex.example", "1", "2", "7", "ANN@acme.example")


class Dice(Random):
    """Chooses what people type."""

    def some(self, values: tuple[str, ...]) -> tuple[str, ...]:
        """None, one or a few, perhaps the same twice."""
        return tuple(self.choices(values, k=self.choice((0, 0, 1, 1, 2, 3))))

    def perhaps(self, values: tuple[Any, ...]) -> Any:
        """One of them, or None."""
        return self.choice((None, self.choice(values)))


MAKERS: Final[tuple[Callable[[Dice], a.Action], ...]] = (
    lambda d: a.AddContact("Bo", d.some(ADDRESSES), d.choice(("", *ORGANIZATIONS))),
    lambda d: a.SetContact(
        d.choice(CONTACTS),
        name=d.perhaps(("Bo Ek", " ")),
        add_addresses=d.some(ADDRESSES),
        remove_addresses=d.some(ADDRESSES),
        add_organizations=d.some(ORGANIZATIONS),
        remove_organizations=d.some(ORGANIZATIONS),
        vip=d.perhaps((True, False)),
    ),
    lambda d: a.AddOrganization(d.choice(ORGANIZATIONS), "gold", d.some(DOMAINS)),
    lambda d: a.SetOrganization(
        d.choice(ORGANIZATIONS),
        name=d.perhaps(ORGANIZATIONS),
        tier=d.perhaps(("silver", "")),
        add_domains=d.some(DOMAINS),
        remove_domains=d.some(DOMAINS),
    ),
    lambda d: a.AddAgent(d.choice(LOGINS), role=d.choice(("agent", "light", "admin")), groups=d.some(GROUPS)),
    lambda d: a.SetAgent(
        d.choice(LOGINS), role=d.perhaps(("agent", "admin", "boss")), active=d.perhaps((True, False))
    ),
    lambda d: a.AddGroup(d.choice(GROUPS), "", d.some(LOGINS), d.some(LOGINS)),
    lambda d: a.SetGroup(
        d.choice(GROUPS),
        add_members=d.some(LOGINS),
        remove_members=d.some(LOGINS),
        add_leads=d.some(LOGINS),
        remove_leads=d.some(LOGINS),
        active=d.perhaps((True, False)),
    ),
    lambda d: a.AddQueue(d.choice(QUEUES), group=d.choice(("", *GROUPS))),
    lambda d: a.SetQueue(d.choice(QUEUES), group=d.perhaps(("", *GROUPS)), active=d.perhaps((True, False))),
    lambda d: a.OpenTicket("x", requester=d.choice(("", *ADDRESSES)), requester_name="Somebody"),
)


def live(bench: Bench, seed: int, steps: int) -> int:
    """So many actions of whoever works here; how many were done."""
    dice, done = Dice(seed), 0
    held = dump(bench.desk.store)
    for _ in range(steps):
        action = dice.choice(MAKERS)(dice)
        actor = dice.choice([Actor("agent", row["id"]) for row in held["agents"] if able(row)])
        try:
            bench.desk.perform(action, actor)
        except Problem as problem:
            assert problem.kind in ("refused", "usage", "missing"), (action, str(problem))
            assert dump(bench.desk.store) == held, action
        else:
            done += 1
            held = dump(bench.desk.store)
            assert faults(held) == [], action
            assert bench.desk.book() == read_afresh(bench), action
            look_around(bench)
    return done


def able(row: Row) -> bool:
    """Whether this is an admin, or the lead whom some things are refused."""
    return bool(row["active"]) and (row["role"] == "admin" or row["login"] == "lee")


def faults(held: Dump) -> list[str]:
    """What cannot be true of people."""
    found = []
    if not [row for row in held["agents"] if row["role"] == "admin" and row["active"]]:
        found.append("nobody is admin")
    for contact in held["contacts"]:
        ranks = [row["rank"] for row in held["contact_addresses"] if row["contact_id"] == contact["id"]]
        if sorted(ranks) != list(range(len(ranks))):
            found.append(f"addresses of {contact['name']} stand at {ranks}")
    addresses = [row["address"] for row in held["contact_addresses"]]
    found += [f"{each} is no plain address" for each in addresses if each != each.strip().lower()]
    domains = [row["domain"] for row in held["organization_domains"]]
    found += [f"{each} is no plain domain" for each in domains if each != each.lower() or "@" in each]
    names = [row["name"] for row in held["organizations"]]
    return found + [f"{each!r} is no plain name" for each in names if each != each.strip()]


def read_afresh(bench: Bench) -> Any:
    """The book as somebody has it who starts now."""
    with closing(Desk(open_store(bench.url), bench.clock)) as desk:
        return desk.book()


def look_around(bench: Bench) -> None:
    """Every list of people can be read."""
    desk, ada = bench.desk, Actor("agent", 1)
    assert desk.agents()
    assert desk.groups()
    assert desk.queues()
    desk.contacts(viewer=ada)
    desk.organizations()
    desk.page(viewer=ada)


def test_a_group_that_is_named_twice_is_joined_once(bench: Bench) -> None:
    bench.does(a.AddAgent("bob", groups=("network", "network")))
    (bob,) = (agent for agent in bench.desk.agents() if agent.login == "bob")
    assert bob.groups == ("network",)


def test_a_name_with_space_around_it_is_taken_all_the_same(bench: Bench) -> None:
    bench.does(a.AddOrganization("Globex"))
    with pytest.raises(Problem) as refused:
        bench.does(a.SetOrganization("ACME", name=" Globex "))
    assert refused.value.code == "name.taken"


def test_an_organization_that_is_not_there_is_no_contact_s(bench: Bench) -> None:
    with pytest.raises(Problem) as refused:
        bench.does(a.AddContact("Bo", ("bo@globex.example",), "Globex"))
    assert (refused.value.code, refused.value.kind) == ("name.missing", "missing")


@pytest.mark.parametrize("seed", range(4))
def test_people_stay_whole_whatever_is_done_to_them(copies: Copies, seed: int) -> None:
    assert live(copies(), seed, steps=60) > 5


@pytest.mark.soak
def test_they_do_for_a_long_time(copies: Copies) -> None:
    for seed in range(1000, 1100):
        assert live(copies(), seed, steps=200) > 30
