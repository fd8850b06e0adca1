"""Moves beyond the usual ones: a desk's own statuses, a process, a reply that becomes another ticket."""

import pytest

from deskterm.clock import ManualClock
from deskterm.desk import Desk
from deskterm.store.engine import open_store
from tests.cli.conftest import NOW_AT, Cli
from tests.cli.test_schemas import faults
from tests.desks import sqlite_url

ANN = "ann@acme.example"
RULES = """
format = 1
desk = "it"
timezone = "UTC"
[[lifecycle.status]]
id = "waiting_parts"
category = "waiting"
from = ["open"]
to = ["open"]
[[blueprint]]
id = "change"
type = "change"
[[blueprint.stage]]
id = "intake"
status = "new"
limit = "4h"
to = ["build"]
[[blueprint.stage]]
id = "build"
status = "open"
needs = ["cf.rollback"]
to = ["test"]
[[blueprint.stage]]
id = "test"
status = "open"
"""
LATER = "2026-03-10T10:00:01Z"


@pytest.fixture
def ruled(cli: Cli) -> Cli:
    """The same command line on a desk with such rules."""
    desk = Desk(open_store(sqlite_url(cli.home)), ManualClock(NOW_AT))
    desk.ruling.activate("desk.toml", RULES, {}, desk.agent("ada"))
    desk.close()
    return cli


def closed(cli: Cli) -> str:
    """A ticket that was confirmed a week and a second before LATER."""
    number = cli.new("VPN drops", "--type", "incident")
    cli.ok("resolve", number, "--cause", "x", "--solution", "y")
    cli.ok("confirm", number)
    return number


def test_a_ticket_goes_to_a_status_of_the_desks_own(ruled: Cli) -> None:
    number = ruled.new("Screen broken", "-a", "kim")
    ran = ruled.ok("move", number, "waiting_parts", "--reason", "ordered", "--until", "2d")
    assert ran.text == "#1 status open → waiting_parts (ordered; until 2026-03-04 10:00)\n"


def test_several_tickets_go_together(ruled: Cli) -> None:
    numbers = [ruled.new("Screen broken", "-a", "kim") for _ in range(2)]
    ruled.ok("move", *numbers, "waiting_parts")
    assert [ruled.show(each)["status"] for each in numbers] == ["waiting_parts"] * 2


def test_a_ticket_goes_on_in_its_process_with_what_the_next_stage_needs(ruled: Cli) -> None:
    number = ruled.new("Move the mail server", "--type", "change")
    ran = ruled.ok("move", number, "build", "--set", "cf.rollback=tape")
    assert ran.text == "#1 cf.rollback none → tape; status new → open; stage intake → build\n"
    assert ruled.ok("move", number, "test", "--reason", "built").text == "#1 stage build → test (built)\n"
    assert "stage: test\n" in ruled.ok("show", number).text


def test_the_explanation_tells_the_stage_the_time_and_the_way_on(ruled: Cli) -> None:
    number = ruled.new("Move the mail server", "--type", "change")
    answer = ruled.ok("explain", number, "--json").json
    (explained,) = answer["explanations"]
    assert faults(ruled, "explain", answer) == []
    assert explained["stage"]["leave_by"] == "2026-03-02T14:00:00Z"
    assert explained["stage"]["onward"] == [
        {"stage": "build", "status": "open", "needs": ["cf.rollback"], "who": []}
    ]
    assert "it can go to build, which needs cf.rollback" in ruled.ok("explain", number).text


def test_a_move_beside_the_process_is_refused_with_the_allowed_ones(ruled: Cli) -> None:
    number = ruled.new("Move the mail server", "--type", "change")
    ran = ruled("move", number, "test", "--json")
    (result,) = ran.json["results"]
    assert (ran.code, result["error"]["code"], result["error"]["choices"]) == (1, "blueprint.move", ["build"])


@pytest.mark.parametrize("words", [["1"], ["waiting_parts"]])
def test_a_move_says_both_which_and_where(ruled: Cli, words: list[str]) -> None:
    ruled.new("Screen broken")
    ran = ruled("move", *words)
    assert (ran.code, "deskterm move 5 waiting_parts" in ran.said) == (2, True)


def test_a_reply_to_what_is_closed_for_good_says_which_ticket_it_became(cli: Cli) -> None:
    number = closed(cli)
    ran = cli.ok("reply", number, "-b", "it is back", "--as", ANN, DESKTERM_NOW=LATER)
    assert ran.text == "Ticket 1 is closed; your reply became ticket 2.\n"


def test_programs_are_told_by_number(cli: Cli) -> None:
    number = closed(cli)
    ran = cli.ok("reply", number, "-b", "it is back", "--as", ANN, "--json", DESKTERM_NOW=LATER)
    receipt = ran.json["results"][0]["receipt"]
    assert (receipt["ticket"], receipt["changes"], receipt["made"]) == (1, [], [2])


def test_the_same_reply_again_says_what_it_became_before(cli: Cli) -> None:
    number = closed(cli)
    words = ["reply", number, "-b", "it is back", "--as", ANN, "--key", "k"]
    cli.ok(*words, DESKTERM_NOW=LATER)
    assert "became ticket 2" in cli.ok(*words, DESKTERM_NOW=LATER).text


def test_a_dry_run_tells_that_another_ticket_would_be_opened(cli: Cli) -> None:
    number = closed(cli)
    ran = cli.ok("reply", number, "-b", "it is back", "--as", ANN, "--dry-run", DESKTERM_NOW=LATER)
    assert ("open or change other tickets: 1." in ran.said, cli("show", "2").code) == (True, 3)


def test_each_of_the_two_names_the_other(cli: Cli) -> None:
    number = closed(cli)
    cli.ok("reply", number, "-b", "it is back", "--as", ANN, DESKTERM_NOW=LATER)
    assert (cli.show("1")["followed_by"], cli.show("2")["follows"]) == ([2], 1)
    assert "followed by: #2\n" in cli.ok("show", "1").text
    assert "follows: #1\n" in cli.ok("show", "2", "--as", ANN).text
