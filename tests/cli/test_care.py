"""Making, examining, keeping and bringing back a desk."""

import pytest

from tests.cli.conftest import NOW_AT, Cli


def test_init_makes_a_desk_once(empty: Cli) -> None:
    first, second = empty.ok("init", "--json").json, empty.ok("init", "--json").json
    assert (first["founded"], first["admin"], second["founded"]) == (True, "ada", False)


def test_init_says_where_the_desk_is_and_what_to_try(empty: Cli) -> None:
    text = empty.ok("init").text
    assert (str(empty.home / "desk.db") in text, "deskterm new" in text) == (True, True)


def test_doctor_finds_a_healthy_desk_healthy(cli: Cli) -> None:
    found = cli.ok("doctor", "--json").json
    assert {each["level"] for each in found["findings"] if each["name"] != "clock"} == {"ok"}


def test_doctor_shows_that_the_clock_stands_still(cli: Cli) -> None:
    found = cli.ok("doctor", "--json").json
    assert (found["clock_frozen"], found["now_at"]) == (True, NOW_AT)
    assert "DESKTERM_NOW" in cli.ok("doctor").text


def test_doctor_names_a_fault_and_its_cure(cli: Cli) -> None:
    (cli.home / "desk.db").write_bytes(b"no desk at all " * 1000)
    ran = cli("doctor")
    assert (ran.code, "✗" in ran.text, "--db" in ran.text) == (1, True, True)


def test_doctor_never_shows_a_password(cli: Cli) -> None:
    ran = cli("doctor", DESKTERM_DB="postgresql://lee:hunter2@127.0.0.1:1/desk")
    assert (ran.code, b"hunter2" in ran.out + ran.err) == (1, False)


def test_a_backup_restored_elsewhere_is_the_same_desk(cli: Cli) -> None:
    cli.new("VPN drops", "-b", "every hour")
    archive, copy = cli.home / "desk.backup", cli.home / "elsewhere" / "desk.db"
    report = cli.ok("backup", str(archive), "--json").json
    cli.ok("restore", str(archive), "--db", str(copy))
    wanted = cli.ok("list", "--json").out
    assert (report["tickets"], cli.ok("list", "--json", "--db", str(copy)).out) == (1, wanted)


def test_a_backup_replaces_nothing_unless_it_is_told_to(cli: Cli) -> None:
    archive = cli.home / "desk.backup"
    cli.ok("backup", str(archive))
    assert cli("backup", str(archive)).code == 2
    assert cli("restore", str(archive)).code == 2
    cli.ok("backup", str(archive), "--force")


@pytest.mark.parametrize("who", ["ann@acme.example", "lou", "kim"])
def test_whoever_is_less_than_lead_copies_no_desk(cli: Cli, who: str) -> None:
    ran = cli("backup", "desk.backup", "--as", who)
    assert (ran.code, "the role lead" in ran.said, (cli.home / "desk.backup").exists()) == (1, True, False)


def test_a_lead_backs_up(cli: Cli) -> None:
    cli.ok("backup", "desk.backup", "--as", "lee")


@pytest.mark.parametrize("who", ["ann@acme.example", "lou", "kim", "lee"])
def test_whoever_is_less_than_admin_overwrites_no_desk(cli: Cli, who: str) -> None:
    cli.ok("backup", "desk.backup")
    cli.new()
    ran = cli("restore", "desk.backup", "--force", "--as", who)
    assert (ran.code, "the role admin" in ran.said, cli.ok("list", "--count").text) == (1, True, "1\n")


def test_an_admin_overwrites_a_desk(cli: Cli) -> None:
    cli.ok("backup", "desk.backup")
    cli.new()
    cli.ok("restore", "desk.backup", "--force")
    assert cli.ok("list", "--count").text == "0\n"


@pytest.mark.parametrize("content", [b"no desk at all " * 1000, b"SQLite format 3\x00" + b"x" * 5000, b""])
def test_nobody_is_asked_over_a_damaged_desk(cli: Cli, content: bytes) -> None:
    cli.ok("backup", "desk.backup")
    (cli.home / "desk.db").write_bytes(content)
    cli.ok("restore", "desk.backup", "--force", login="stranger")
    cli.ok("list")


def test_a_restore_into_an_empty_place_asks_nobody_and_founds_nothing(cli: Cli) -> None:
    cli.ok("backup", "desk.backup")
    cli.ok("restore", "desk.backup", "--force", "--db", "new.db", login="stranger")
    assert cli("list", "--db", "new.db", login="stranger").code == 3


def test_an_export_that_is_restored_names_the_command_that_takes_it(cli: Cli) -> None:
    cli.ok("export", "out.jsonl")
    ran = cli("restore", "out.jsonl", "--db", "new.db")
    assert (ran.code, ran.said) == (
        2,
        'deskterm: out.jsonl is an export, not a backup: "deskterm import out.jsonl" brings it in.\n',
    )


def test_a_missing_backup_is_not_found(cli: Cli) -> None:
    assert cli("restore", str(cli.home / "none"), "--db", str(cli.home / "new.db")).code == 3


READERS = (
    "list",
    "show 1",
    "note 1 -b x",
    "contact list",
    "agent add eve",
    "export",
    "backup copy",
    "queue add hr",
)


@pytest.mark.parametrize("words", READERS)
def test_a_mistyped_place_makes_no_desk(empty: Cli, words: str) -> None:
    place = empty.home / "typo.db"
    ran = empty(*words.split(), "--db", str(place))
    said = f'There is no desk at {place}: make one with "deskterm init", or name another one with --db.'
    assert (ran.code, said in ran.said, place.exists()) == (5, True, False)


def test_a_missing_desk_has_a_code_for_scripts(empty: Cli) -> None:
    assert empty("list", "--json").error["code"] == "store.missing"


def test_an_empty_file_is_no_desk(empty: Cli) -> None:
    (empty.home / "desk.db").touch()
    assert empty("list").code == 5


def test_completing_names_makes_no_desk(empty: Cli) -> None:
    empty("assign", "1", "--to", "", _DESKTERM_COMPLETE="1")
    assert not (empty.home / "desk.db").exists()


@pytest.mark.parametrize("words", [["new", "X"], ["init"], []])
def test_some_commands_make_a_desk_where_they_are_told_to(empty: Cli, words: list[str]) -> None:
    empty.ok(*words)
    assert empty.ok("agent", "list", "--plain").text.startswith("ada\t")


def test_the_default_place_becomes_a_desk_by_any_command(empty: Cli) -> None:
    del empty.environment["DESKTERM_DB"]
    assert empty.ok("list", "--plain").said == ""


def test_a_person_is_told_that_there_is_a_desk_now(empty: Cli) -> None:
    first, second = empty.ok("new", "X", terminal=True), empty.ok("new", "Y", terminal=True)
    assert (f"There was no desk at sqlite:///{empty.home / 'desk.db'}" in first.said, first.text) == (
        True,
        "1\n",
    )
    assert "There was no desk" not in second.said


def test_init_says_nothing_twice(empty: Cli) -> None:
    assert empty.ok("init", terminal=True).said == ""
