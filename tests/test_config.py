"""Settings: flags before environment before file before defaults; a password is never shown."""

from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from deskterm.config import KEYS, Settings, hide_password, load, with_database, zone
from deskterm.rules.problems import Problem


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home without anything in it."""
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "DESKTERM_CONFIG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    return tmp_path


def write(home: Path, text: str) -> dict[str, str]:
    """An environment whose config file holds `text`."""
    path = home / "deskterm.toml"
    path.write_text(text, encoding="utf-8")
    return {"DESKTERM_CONFIG": str(path)}


def refused(environment: dict[str, str]) -> Problem:
    with pytest.raises(Problem) as caught:
        load(environment)
    assert caught.value.kind == "usage"
    return caught.value


def test_without_any_setting_the_desk_is_a_file_in_the_users_data_folder(home: Path) -> None:
    assert load({}).database == f"sqlite:///{home}/.local/share/deskterm/desk.db"


def test_drafts_lie_in_the_users_state_folder(home: Path) -> None:
    assert load({}).state_folder == home / ".local" / "state" / "deskterm"


def test_the_users_config_file_is_read_when_it_exists(home: Path) -> None:
    path = home / ".config" / "deskterm" / "config.toml"
    path.parent.mkdir(parents=True)
    path.write_text('as = "lee"\n', encoding="utf-8")
    assert (load({}).actor, load({}).config_file) == ("lee", path)


@pytest.mark.parametrize(
    "key", [key for key, (_variable, kind) in KEYS.items() if kind is str and key != "now"]
)
def test_a_flag_beats_the_environment_which_beats_the_file(home: Path, key: str) -> None:
    words = {"database": "sqlite:///{}", "timezone": "Etc/GMT+{}"}
    flag, variable, file = (words.get(key, "w{}").format(number) for number in (1, 2, 3))
    attribute = {"as": "actor"}.get(key, key)
    environment = write(home, f'{key} = "{file}"\n')
    assert getattr(load(environment), attribute) == file
    environment[KEYS[key][0]] = variable
    assert getattr(load(environment), attribute) == variable
    assert getattr(load(environment, {key: flag}), attribute) == flag


def test_switches_are_read_from_file_and_environment(home: Path) -> None:
    environment = write(home, "ascii = true\nmouse = false\n")
    assert (load(environment).ascii, load(environment).mouse) == (True, False)
    environment |= {"DESKTERM_ASCII": "no", "DESKTERM_MOUSE": "1"}
    assert (load(environment).ascii, load(environment).mouse) == (False, True)


def test_an_empty_variable_counts_as_not_set() -> None:
    assert load({"DESKTERM_AS": "", "NO_COLOR": ""}) == load({})


@pytest.mark.parametrize(("variable", "value"), [("NO_COLOR", "1"), ("TERM", "dumb")])
def test_colour_goes_where_it_is_not_wanted(variable: str, value: str) -> None:
    assert (load({}).color, load({variable: value}).color) == (True, False)


def test_the_editor_is_ours_then_visual_then_editor() -> None:
    environment = {"EDITOR": "ed", "VISUAL": "vi", "DESKTERM_EDITOR": "nano"}
    found = []
    for name in ("DESKTERM_EDITOR", "VISUAL", "EDITOR"):
        found.append(load(environment).editor)
        del environment[name]
    assert found == ["nano", "vi", "ed"]


def test_an_unknown_key_names_the_nearest(home: Path) -> None:
    problem = refused(write(home, 'databse = "x"\n'))
    assert (problem.code, problem.choices) == ("unknown_key", ("database",))


@pytest.mark.parametrize("text", ["ascii = 1\n", 'ascii = "yes"\n', "as = 3\n", "[as]\n", "theme = true\n"])
def test_a_value_of_the_wrong_kind_is_refused(home: Path, text: str) -> None:
    assert refused(write(home, text)).code == "bad_value"


@pytest.mark.parametrize("content", [b"as = \n", b"\xff\xfe", b"as = 'a\n", b"\x00"])
def test_a_file_that_is_no_toml_is_refused(home: Path, content: bytes) -> None:
    path = home / "broken.toml"
    path.write_bytes(content)
    assert refused({"DESKTERM_CONFIG": str(path)}).code == "bad_config"


def test_a_named_config_file_must_exist(home: Path) -> None:
    assert refused({"DESKTERM_CONFIG": str(home / "none.toml")}).code == "bad_config"


def test_a_switch_in_the_environment_names_its_values() -> None:
    assert "true" in refused({"DESKTERM_ASCII": "maybe"}).choices


def test_an_unknown_time_zone_names_near_ones() -> None:
    assert "Europe/Berlin" in refused({"DESKTERM_TZ": "Europe/Berlni"}).choices


@pytest.mark.parametrize("name", ["/etc/passwd", "../UTC", "a" * 300, "\ud800"])
def test_a_hostile_time_zone_is_only_unknown(name: str) -> None:
    with pytest.raises(Problem, match="time zone"):
        zone(name)


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ("postgres://lee@db/desk", "postgresql://lee@db/desk"),
        ("postgresql://lee@db/desk", "postgresql://lee@db/desk"),
        ("sqlite:////srv/desk.db", "sqlite:////srv/desk.db"),
        ("/srv/desk.db", "sqlite:////srv/desk.db"),
    ],
)
def test_a_database_is_a_url_or_a_path(given: str, wanted: str) -> None:
    assert load({"DESKTERM_DB": given}).database == wanted


def test_a_database_of_another_kind_is_refused_without_showing_its_password() -> None:
    problem = refused({"DESKTERM_DB": "mysql://root:hunter2@db/desk"})
    assert (problem.code, "hunter2" in problem.message()) == ("unknown_database", False)


PASSWORDS = st.text(st.characters(codec="utf-8", exclude_characters="&"), min_size=3).map(
    lambda text: f"%{text}%"
)


@given(PASSWORDS)
def test_no_password_is_ever_shown(password: str) -> None:
    for url in (
        f"postgresql://lee:{password}@db/desk",
        f"postgresql://db/desk?user=lee&password={password}&x=1",
    ):
        settings = with_database(Settings(database=""), url)
        assert password not in f"{settings!r} {settings.shown_database} {hide_password(url)}"


def test_hiding_leaves_a_url_without_a_password_alone() -> None:
    url = "postgresql://lee@db:5432/desk?sslmode=require"
    assert hide_password(url) == url
