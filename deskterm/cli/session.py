"""Session: one run of a command: its settings, its desk, who acts, and how it ends."""

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

from deskterm import bootstrap, config, i18n
from deskterm.cli.output import FORMATS, Output, exit_code
from deskterm.cli.surroundings import Surroundings
from deskterm.rules.problems import N_, Problem

if TYPE_CHECKING:
    from datetime import tzinfo

    from deskterm.clock import Clock
    from deskterm.desk import Desk
    from deskterm.desk.receipt import Receipt
    from deskterm.rules.actions import Action
    from deskterm.rules.facts import Actor

__all__ = ["Session"]


class Session:
    """What the commands share. The desk is opened when it is first asked for."""

    def __init__(self, surroundings: Surroundings) -> None:
        self.surroundings = surroundings
        self.code = 0
        self.dry_run = False
        self.key = ""
        self.seen: int | None = None
        self.makes: bool | None = None  # whether an empty place becomes a desk; None: the default place only
        self.typed = ""  # a body, kept as a draft when the store cannot take it
        self._flags: Mapping[str, Any] = {}
        self._read = False

    @property
    def output(self) -> Output:
        """Where answers and problems go."""
        return self.surroundings.output

    @cached_property
    def settings(self) -> config.Settings:
        """The settings with the flags of this run. Raises Problem."""
        environment = dict(self.surroundings.environment)
        if self._flags.get("config"):
            environment["DESKTERM_CONFIG"] = self._flags["config"]
        names = {"db": "database", "acting_as": "as", "lang": "language", "tz": "timezone", "theme": "theme"}
        flags = {key: self._flags.get(flag) for flag, key in names.items()}
        switches = {"ascii": self._flags.get("ascii") or None, "mouse": self._flags.get("mouse")}
        return config.load(environment, {**flags, **switches})

    def flag(self, name: str) -> str:
        """What was given for a shared option, "" for nothing."""
        return str(self._flags.get(name) or "")

    def speak(self, wish: str | None) -> None:
        """Choose the language before anything is shown: `wish`, else the settings', else the locale's."""
        environment = self.surroundings.environment
        try:
            i18n.use(wish or config.load(environment).language, environment)
        except Problem:  # said again, in the locale's language, when the command asks for its settings
            i18n.use("", environment)

    def take(self, flags: Mapping[str, Any]) -> None:
        """Apply the flags that commands share."""
        self._flags = flags
        chosen = [name for name in FORMATS if flags.get(name)]
        self.output.format = chosen[0] if chosen else "text"
        self.output.raw = bool(flags.get("raw"))
        if len(chosen) > 1:
            raise Problem(
                "format.twice",
                N_("Choose one form of output."),
                kind="usage",
                choices=[f"--{n}" for n in chosen],
            )
        i18n.use(self.settings.language, self.surroundings.environment)
        self.output.color = self.settings.color
        self.output.ascii = self.settings.ascii
        self.dry_run = bool(flags.get("dry_run"))
        self.key = flags.get("key") or ""
        self.seen = flags.get("seen")

    @cached_property
    def zone(self) -> "tzinfo | None":
        """The viewer's time zone: the settings', else the agent's own, else None (this machine's)."""
        name = self.settings.timezone
        if not name and "actor" in self.__dict__:
            agent = self.desk.book().agents.get(self.actor.id or 0) if self.actor.kind == "agent" else None
            name = agent.tz if agent else ""
        return config.zone(name)

    @property
    def on_screen(self) -> bool:
        """True when there is a terminal to show screens on."""
        return self.output.on_terminal and self.surroundings.stdin_is_terminal

    def enter(self, desk: "Desk", actor: "Actor") -> None:
        """Go on with another desk, as `actor`."""
        self.desk, self.actor = desk, actor

    def moment(self, at: int) -> str:
        """An instant in the viewer's zone."""
        return i18n.moment(at, self.zone)

    @property
    def clock(self) -> "Clock":
        """The clock of the desk once it is open, this computer's before; frozen when DESKTERM_NOW says so."""
        return self.desk.clock if "desk" in self.__dict__ else bootstrap.clock_of(self.settings)

    @cached_property
    def desk(self) -> "Desk":
        """The desk; whether an empty place becomes one is for the command to say. Raises Problem (store)."""
        place, login = self.settings.database, self.surroundings.login
        makes = place == config.default_database() if self.makes is None else self.makes
        desk, founded = bootstrap.make_desk(self.settings, login=login, make=makes)
        if founded and self.output.heard:
            template = i18n._(
                "There was no desk at %(place)s: now there is, and you, %(login)s, are its admin."
            )
            self.output.hint(template % {"place": self.settings.shown_database, "login": login})
        return desk

    @cached_property
    def actor(self) -> "Actor":
        """Who acts: --as, the settings, else the agent whose login is the user of the operating system."""
        who = self.settings.actor
        if "@" in who:
            return self.desk.requester(who)
        if who:
            return self.desk.agent(who)
        try:
            return self.desk.agent(self.surroundings.login)
        except Problem as problem:
            if problem.kind == "store":
                raise
            raise Problem(
                "actor.unknown",
                N_(
                    "You are %(login)s here, and no agent of the desk has this login: "
                    'say who acts with --as, or let an admin run "deskterm agent add %(login)s".'
                ),
                kind="missing",
                choices=problem.choices,
                field="as",
                login=self.surroundings.login,
            ) from None

    def login_of(self, name: str | None) -> str | None:
        """The login that `name` means: "me" is the agent who acts."""
        if name != "me" or self.actor.kind != "agent":
            return name
        return self.desk.book().agents[self.actor.id or 0].login

    def seen_by_staff(self) -> "Desk":
        """The desk, for lists that are no business of a requester."""
        if self.actor.kind == "requester":
            raise Problem("permission.staff", N_("Only people who work here see this list."))
        return self.desk

    def need(self, task: str) -> None:
        """Refuse whoever may not do this with the whole desk."""
        from deskterm.rules.permissions import permit_task

        permit_task(task, self.actor, self.desk.book())

    def perform(self, action: "Action", *, key: str = "") -> "Receipt":
        """Ask the desk for `action`, with the flags of this run."""
        return self.desk.perform(
            action, self.actor, key=(key or self.key) or None, seen=self.seen, dry_run=self.dry_run
        )

    def read_stdin(self) -> bytes:
        """All of stdin; a Problem when something else has read it already."""
        if self._read:
            raise Problem(
                "stdin.twice", N_("Only one thing can be read from standard input."), kind="usage", field="-"
            )
        self._read = True
        return self.surroundings.stdin.read()

    def fail(self, problem: Problem) -> None:
        """Say what is wrong and go on; the run ends with the worst code of all."""
        self.output.problem(self._kept(problem) if problem.kind == "store" and self.typed else problem)
        self.code = max(self.code, exit_code(problem))

    def _kept(self, problem: Problem) -> Problem:
        """The same problem, after what was typed has been saved: the store cannot take it."""
        from deskterm.cli.drafts import keep
        from deskterm.cli.letters import encode

        try:
            path = keep(encode(self.typed), self.settings.state_folder / "drafts", "message-", ".txt")
        except OSError:  # no place at all: the person can still copy it from here
            self.output.hint(self.typed, always=True)
            return problem
        self.typed = ""
        return Problem(
            problem.code,
            N_("%(problem)s Your text is kept in %(path)s."),
            kind=problem.kind,
            choices=problem.choices,
            problem=i18n.words(problem),
            path=str(path),
        )

    def close(self) -> None:
        """Let go of the desk."""
        if "desk" in self.__dict__:
            self.desk.close()
