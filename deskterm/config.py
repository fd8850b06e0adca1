"""Settings: what flags, the environment, the config file and the defaults say, in this order."""

import os
import re
from collections.abc import Mapping
from dataclasses import field, replace
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Final

from deskterm.rules.frozen import frozen
from deskterm.rules.problems import N_, Problem

if TYPE_CHECKING:
    from datetime import tzinfo

__all__ = [
    "KEYS",
    "Settings",
    "default_database",
    "hide_password",
    "load",
    "nearest",
    "state_folder",
    "with_database",
    "zone",
]

# key of the config file -> (variable of the environment, what its value is)
KEYS: Final[Mapping[str, tuple[str, type]]] = {
    "database": ("DESKTERM_DB", str),
    "as": ("DESKTERM_AS", str),
    "language": ("DESKTERM_LANG", str),
    "timezone": ("DESKTERM_TZ", str),
    "theme": ("DESKTERM_THEME", str),
    "ascii": ("DESKTERM_ASCII", bool),
    "mouse": ("DESKTERM_MOUSE", bool),
    "editor": ("DESKTERM_EDITOR", str),
    "now": ("DESKTERM_NOW", str),
}
_TRUE: Final = ("1", "true", "yes", "on")
_FALSE: Final = ("0", "false", "no", "off")
_SCHEMES: Final = ("sqlite", "postgresql")


@frozen
class Settings:
    """Everything that a person can set. `database` may hold a password: show `shown_database` instead."""

    database: str = field(repr=False)  # sqlite:///path or postgresql://user@host/name
    actor: str = ""  # a login or an address, "" for the user of the operating system
    language: str = ""  # "" for the one of the locale
    timezone: str = ""  # IANA name, "" for the one of this machine
    theme: str = ""
    ascii: bool = False
    mouse: bool = True
    color: bool = True
    editor: str = ""  # a command line, "" for none
    now: str = ""  # ISO 8601: the clock stands still at it
    config_file: Path | None = None  # the one that was read
    state_folder: Path = Path()  # drafts and crash reports

    @property
    def shown_database(self) -> str:
        """The URL of the database without its password."""
        return hide_password(self.database)

    @property
    def local(self) -> bool:
        """True for a database file, False for a server."""
        return self.database.startswith("sqlite:")


def hide_password(url: str) -> str:
    """`url` with `***` in the place of a password."""
    without = re.sub(r"(?s)(?<=://)([^/@:]*):.*@", r"\1:***@", url)
    return re.sub(r"(?i)(?<=[?&]password=)[^&]*", "***", without)


def nearest(word: str, known: tuple[str, ...]) -> tuple[str, ...]:
    """The one of `known` that `word` was probably meant to be, or all of them."""
    return tuple(get_close_matches(word, known, n=1, cutoff=0.6)) or known


def load(
    environment: Mapping[str, str] | None = None, flags: Mapping[str, str | bool | None] | None = None
) -> Settings:
    """The settings; `flags` are keys of the config file, None or "" where not given. Raises Problem."""
    environment = os.environ if environment is None else environment
    path = _config_path(environment)
    values = _read_file(path) if path else {}
    values |= _read_environment(environment)
    values |= {key: value for key, value in (flags or {}).items() if value is not None and value != ""}
    return _settings(values, environment, path)


def state_folder() -> Path:
    """Where drafts and crash reports lie."""
    from platformdirs import user_state_path

    return user_state_path("deskterm", appauthor=False)


def _settings(values: dict[str, str | bool], environment: Mapping[str, str], path: Path | None) -> Settings:
    def text(key: str) -> str:
        return str(values.get(key, ""))

    found = Settings(
        database=_database(text("database")),
        actor=text("as"),
        language=text("language"),
        timezone=text("timezone"),
        theme=text("theme"),
        ascii=bool(values.get("ascii", False)),
        mouse=bool(values.get("mouse", True)),
        color=not environment.get("NO_COLOR") and environment.get("TERM") != "dumb",
        editor=text("editor") or environment.get("VISUAL", "") or environment.get("EDITOR", ""),
        now=text("now"),
        config_file=path,
        state_folder=state_folder(),
    )
    zone(found.timezone)
    return found


def zone(name: str) -> "tzinfo | None":
    """The time zone called `name` (IANA), None for the one of this machine. Raises Problem (usage)."""
    if not name:
        return None
    from zoneinfo import ZoneInfo, available_timezones

    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        close = get_close_matches(name, available_timezones(), n=3)
        raise Problem(
            "unknown_timezone",
            N_('There is no time zone "%(name)s": use a name such as Europe/Berlin.'),
            kind="usage",
            choices=close,
            field="timezone",
            name=name,
        ) from None


def with_database(settings: Settings, database: str) -> Settings:
    """The same settings on another database (URL or path)."""
    return replace(settings, database=_database(database))


def default_database() -> str:
    """The URL of the desk in the user's data folder."""
    from platformdirs import user_data_path

    return f"sqlite:///{user_data_path('deskterm', appauthor=False) / 'desk.db'}"


def _database(text: str) -> str:
    """A URL from what was given: a URL, a path, or nothing (a file in the user's data folder)."""
    if not text:
        return default_database()
    scheme, separator, rest = text.partition("://")
    if not separator:
        return f"sqlite:///{Path(text).expanduser().absolute()}"
    scheme = "postgresql" if scheme == "postgres" else scheme
    if scheme not in _SCHEMES:
        raise Problem(
            "unknown_database",
            N_('"%(url)s" is not a database: use sqlite:///path or postgresql://user@host/name.'),
            kind="usage",
            field="database",
            url=hide_password(text),
        )
    return f"{scheme}://{rest}"


def _config_path(environment: Mapping[str, str]) -> Path | None:
    """The config file to read: the one that DESKTERM_CONFIG names, or the user's when it exists."""
    named = environment.get("DESKTERM_CONFIG", "")
    if named:
        return Path(named).expanduser()
    from platformdirs import user_config_path

    path = user_config_path("deskterm", appauthor=False) / "config.toml"
    return path if path.is_file() else None


def _read_file(path: Path) -> dict[str, str | bool]:
    import tomllib

    try:
        table = tomllib.loads(path.read_bytes().decode())
    except OSError as error:
        raise _bad_file(path, error.strerror or str(error)) from None
    except UnicodeDecodeError:
        template = N_("The config file %(path)s is no text in UTF-8.")
        raise Problem("bad_config", template, kind="usage", path=str(path)) from None
    except ValueError as error:  # not TOML
        raise _bad_file(path, str(error)) from None
    return {key: _checked(key, value, path) for key, value in table.items()}


def _bad_file(path: Path, reason: str) -> Problem:
    return Problem(
        "bad_config",
        N_("The config file %(path)s cannot be read: %(reason)s."),
        kind="usage",
        path=str(path),
        reason=reason,
    )


def _checked(key: str, value: object, path: Path) -> str | bool:
    if key not in KEYS:
        raise Problem(
            "unknown_key",
            N_('%(path)s: there is no setting "%(key)s".'),
            kind="usage",
            choices=nearest(key, tuple(KEYS)),
            field=key,
            path=str(path),
            key=key,
        )
    wanted = KEYS[key][1]
    if wanted is bool and isinstance(value, bool):
        return value
    if wanted is str and isinstance(value, str):
        return value
    raise Problem(
        "bad_value",
        N_('%(place)s: "%(value)s" is not a value for %(key)s.'),
        kind="usage",
        choices=("true", "false") if wanted is bool else (N_("a text in quotes"),),
        field=key,
        place=str(path),
        value=value,
        key=key,
    )


def _read_environment(environment: Mapping[str, str]) -> dict[str, str | bool]:
    return {
        key: _flag(key, variable, text) if kind is bool else text
        for key, (variable, kind) in KEYS.items()
        if (text := environment.get(variable, ""))
    }


def _flag(key: str, variable: str, text: str) -> bool:
    if text.lower() not in _TRUE + _FALSE:
        raise Problem(
            "bad_value",
            N_('%(place)s: "%(value)s" is not a value for %(key)s.'),
            kind="usage",
            choices=(*_TRUE, *_FALSE),
            field=key,
            place=variable,
            value=text,
            key=key,
        )
    return text.lower() in _TRUE
