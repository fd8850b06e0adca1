"""deskterm agent: what people can, when they work, and whether they are there."""

import pytest

from tests.cli.conftest import Cli
from tests.cli.rulebench import in_force


def test_an_agent_gets_skills_capacity_and_a_shift(cli: Cli) -> None:
    in_force(cli)
    said = cli.ok("agent", "set", "kim", "--skill", "network=3", "--skill", "cisco=1", "--capacity", "8").text
    assert said == "agent kim: capacity 8, skills cisco 1, network 3\n"
    cli.ok("agent", "set", "kim", "--skill", "cisco=0", "--shift", "office")
    found = next(each for each in cli.ok("agent", "list", "--json").json["agents"] if each["login"] == "kim")
    assert (found["skills"], found["capacity"], found["shift"]) == ({"network": 3}, 8, "office")


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["--skill", "network"], 2),
        (["--skill", "network=high"], 2),
        (["--skill", "network=-1"], 2),
        (["--skill", "net work=1"], 2),
        (["--capacity", "-1"], 2),
        (["--shift", "offce"], 3),
    ],
)
def test_a_skill_a_capacity_or_a_shift_that_makes_no_sense_is_refused(
    cli: Cli, words: list[str], code: int
) -> None:
    in_force(cli)
    assert cli("agent", "set", "kim", *words).code == code


def test_an_agent_goes_away_and_comes_back_himself(cli: Cli) -> None:
    assert cli.ok("agent", "presence", "away", "--as", "kim").text == "agent kim: presence away\n"
    said = cli.ok("agent", "out", "--until", "2026-03-09", "--substitute", "lee", "--as", "kim").text
    assert said == ("agent kim: out of office from 2026-03-02 10:00 until 2026-03-09 09:00, substitute lee\n")
    assert cli.ok("agent", "back", "--as", "kim").text == "agent kim: back in office\n"
    found = next(each for each in cli.ok("agent", "list", "--json").json["agents"] if each["login"] == "kim")
    assert (found["out_from"], found["substitute"], found["presence"]) == (None, "", "away")


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["presence", "asleep"], 2),
        (["presence", "away", "lee", "--as", "lou"], 1),
        (["out", "kim", "--until", "2026-01-01"], 2),
        (["out", "kim", "--substitute", "kim"], 2),
        (["out", "kim", "--substitute", "nobody"], 2),
        (["presence", "away", "--as", "ann@acme.example"], 2),
    ],
)
def test_an_absence_that_makes_no_sense_is_refused(cli: Cli, words: list[str], code: int) -> None:
    assert cli("agent", *words).code == code


def test_who_is_out_of_office_gets_no_ticket(cli: Cli) -> None:
    in_force(cli)
    cli.ok("agent", "out", "lee", "--until", "2d")
    cli.ok("agent", "presence", "offline", "kim")
    cli.new("VPN drops", "--type", "incident")
    assert cli.show("1")["assignee"] == ""
    cli.ok("agent", "presence", "online", "kim")
    assert cli.show("1")["assignee"] == "kim"


def test_the_list_says_who_is_there(cli: Cli) -> None:
    cli.ok("agent", "presence", "away", "kim")
    cli.ok("agent", "out", "lee", "--until", "2d")
    told = {line.split()[0]: line.rpartition("  ")[2] for line in cli.ok("agent", "list").lines[1:]}
    assert (told["ada"], told["kim"], told["lee"]) == ("online", "away", "out of office")


def test_a_skill_without_a_level_is_told_how_to_write_it(cli: Cli) -> None:
    assert "write NAME=LEVEL, as in network=3" in cli("agent", "set", "kim", "--skill", "network:3").said
