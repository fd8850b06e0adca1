"""Making, examining, keeping and bringing back a desk."""

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


def test_whoever_can_read_the_desk_can_back_it_up_even_if_he_is_no_agent(cli: Cli) -> None:
    cli.ok("backup", str(cli.home / "x"), login="cron")


def test_a_missing_backup_is_not_found(cli: Cli) -> None:
    assert cli("restore", str(cli.home / "none"), "--db", str(cli.home / "new.db")).code == 3
