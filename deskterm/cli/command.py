"""Commands: typer's, with the options that all share, our own help page, and refusals in our own words."""

from typing import Any, ClassVar, Final

from typer._click.core import Context
from typer._click.exceptions import UsageError
from typer._click.formatting import HelpFormatter
from typer._coercion import RuntimeParam, TypeDescriptor
from typer.core import TyperCommand, TyperOption, _TyperParameter
from typer.exceptions import Exit, TyperException
from typer.models import OptionInfo

from deskterm.cli.help import page
from deskterm.cli.session import Session
from deskterm.rules.problems import N_, Problem

__all__ = [
    "Acting",
    "Command",
    "Making",
    "Moving",
    "Reading",
    "Screen",
    "help_option",
    "option",
    "shared_values",
    "usage_problem",
]

# name -> declarations, what it takes ("" for a switch), help
_SHARED: Final[dict[str, tuple[tuple[str, ...], str, str]]] = {
    "db": (("--db",), "URL", N_("The database: sqlite:///path, a path, or postgresql://user@host/name.")),
    "config": (("--config",), "FILE", N_("Read the settings from this file.")),
    "acting_as": (("--as",), "WHO", N_("Act as this agent (login) or requester (address).")),
    "lang": (("--lang",), "LANG", N_("Speak this language: en or zh_CN.")),
    "tz": (("--tz",), "ZONE", N_("Show times in this zone, such as Europe/Berlin.")),
    "ascii": (("--ascii",), "", N_("Use no signs outside ASCII.")),
    "json": (("--json",), "", N_("Answer with one JSON document.")),
    "jsonl": (("--jsonl",), "", N_("Answer with one JSON object a line.")),
    "csv": (("--csv",), "", N_("Answer with comma-separated values.")),
    "plain": (("--plain",), "", N_("Answer with tabs between values and nothing around them.")),
    "raw": (("--raw",), "", N_("With --csv: put no ' in front of what a spreadsheet would compute.")),
    "dry_run": (("--dry-run", "-N"), "", N_("Say what would happen and do nothing.")),
    "key": (("--key",), "KEY", N_("The same key never does the same thing twice.")),
    "seen": (("--seen",), "VERSION", N_("Refuse when the ticket has changed since this version.")),
    "theme": (("--theme",), "NAME", N_("Show the screens in this theme.")),
    "no_mouse": (("--no-mouse",), "", N_("Leave the mouse to the terminal.")),
}
_EVERYWHERE: Final = ("db", "config", "acting_as", "lang", "tz", "ascii")
_ANSWERS: Final = ("json", "jsonl", "csv", "plain", "raw")


class _Plain(RuntimeParam):
    """Texts and numbers as they are: typer's own way imports pydantic and builds a validator for each."""

    def coerce(self, value: Any, param: _TyperParameter, ctx: Context) -> Any:
        """The value, lists as lists, numbers as numbers."""
        return self._coerce_value(value, param, ctx)

    def _coerce_value(self, value: Any, param: _TyperParameter, ctx: Context) -> Any:  # noqa: ARG002
        if value is None:
            return () if param.multiple or param.nargs == -1 else None
        if self.annotation is int and isinstance(value, str):
            return _number(value, param)
        return value


def _number(text: str, param: _TyperParameter) -> int:
    try:
        return int(text)
    except ValueError:
        raise Problem(
            "number.form",
            N_('%(name)s needs a number, not "%(text)s".'),
            kind="usage",
            field=param.name,
            name=_name(param),
            text=text,
        ) from None


def option(name: str) -> TyperOption:
    """One of the shared options, new for each command."""
    declarations, metavar, text = _SHARED[name]
    kind: Any = int if name == "seen" else str if metavar else bool
    return TyperOption(
        param_decls=[name, *declarations],
        type_descriptor=TypeDescriptor(kind, OptionInfo(), None),
        is_flag=not metavar,
        default=None if metavar else False,
        metavar=metavar or None,
        help=text,
    )


def shared_values() -> frozenset[str]:
    """The shared options that take a value, as they are written."""
    return frozenset(each for declared, metavar, _text in _SHARED.values() if metavar for each in declared)


class Command(TyperCommand):
    """A command with options of its own and those named in `shared`."""

    shared: ClassVar[tuple[str, ...]] = _EVERYWHERE + _ANSWERS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.own = tuple(self.params)
        self.params = [*self.params, *map(option, self.shared)]
        for param in self.params:
            if isinstance(param, _TyperParameter):
                kind = param.type_descriptor
                param._runtime_param = _Plain(kind.parameter_info, kind.annotation)

    def parse_args(self, ctx: Context, args: list[str]) -> list[str]:
        """Typer's parsing; what is left over is refused in our words."""
        ctx.allow_extra_args = True
        rest = super().parse_args(ctx, args)
        if rest and not ctx.resilient_parsing:
            raise Problem(
                "argument.unexpected",
                N_('"%(text)s" is one argument too many for %(command)s.'),
                kind="usage",
                text=rest[0],
                command=ctx.command_path,
            )
        return rest

    def invoke(self, ctx: Context) -> Any:
        """Hand the shared options to the session and run the command."""
        session: Session = ctx.obj
        session.take({name: ctx.params.pop(name) for name in self.shared})
        return super().invoke(ctx)

    def get_help_option(self, ctx: Context) -> TyperOption | None:
        """--help and -h, through our own output."""
        return help_option(self, ctx)

    def format_help(self, ctx: Context, formatter: HelpFormatter) -> None:
        """Our own page."""
        formatter.write(page(self, ctx, self.own))


class Reading(Command):
    """A command that shows something."""


class Acting(Command):
    """A command that changes something."""

    shared = _EVERYWHERE + _ANSWERS + ("dry_run", "key", "seen")


class Making(Command):
    """A command that makes or changes something that is no ticket."""

    shared = _EVERYWHERE + _ANSWERS + ("dry_run", "key")


class Moving(Command):
    """A command that moves many tickets at once."""

    shared = (*_EVERYWHERE, *_ANSWERS, "dry_run")


class Screen(Command):
    """The app itself."""

    shared = (*_EVERYWHERE, "theme", "no_mouse")


def help_option(command: Any, ctx: Context) -> TyperOption:
    """An option that shows the help page and ends; the same one each time it is asked for."""
    if command._help_option is None:

        def show(ctx: Context, _param: object, value: bool) -> None:
            if value and not ctx.resilient_parsing:
                ctx.obj.output.line(ctx.get_help())
                raise Exit

        command._help_option = TyperOption(
            param_decls=["help", *ctx.help_option_names],
            type_descriptor=TypeDescriptor(bool, OptionInfo(), None),
            is_flag=True,
            default=False,
            is_eager=True,
            expose_value=False,
            callback=show,
            help=N_("Show this page."),
        )
    found: TyperOption = command._help_option
    return found


def usage_problem(error: TyperException) -> Problem:
    """What typer refused, in our words."""
    param = getattr(error, "param", None)
    option_name = getattr(error, "option_name", "")
    command = _path(error)
    if type(error).__name__ == "NoSuchOption":
        known = tuple(getattr(error, "possibilities", None) or ())
        return _usage("option.unknown", N_("There is no option %(name)s."), known, name=option_name)
    if type(error).__name__ == "MissingParameter" and param is not None:
        template = N_('%(command)s needs %(name)s: see "%(command)s --help".')
        return _usage("argument.missing", template, name=_missing(error, param), command=command)
    if option_name and "requires" in error.message:
        return _usage("option.value", N_("The option %(name)s needs a value."), name=option_name)
    if option_name:
        return _usage("option.switch", N_("The option %(name)s takes no value."), name=option_name)
    return _usage("usage", N_("%(command)s: %(message)s"), command=command, message=error.format_message())


def _usage(code: str, template: str, choices: tuple[str, ...] = (), **values: str) -> Problem:
    return Problem(code, template, "usage", choices, "", 0, **values)


def _path(error: TyperException) -> str:
    ctx = error.ctx if isinstance(error, UsageError) else None
    return ctx.command_path if ctx else "deskterm"


def _missing(error: TyperException, param: _TyperParameter) -> str:
    """What has to be given: one that may be repeated leaves its word to the next, so all are named then."""
    ctx = error.ctx if isinstance(error, UsageError) else None
    if ctx is None or param.nargs != -1:
        return _name(param)
    needed = (each for each in ctx.command.params if isinstance(each, _TyperParameter) and each.required)
    return " ".join(_name(each) for each in needed if each.param_type_name == "argument")


def _name(param: _TyperParameter) -> str:
    return param.opts[0] if param.param_type_name == "option" else param.display_name_raw.upper()
