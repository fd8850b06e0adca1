"""The root: the list of commands, each loaded when it is called, and the options that may stand before it."""

from collections.abc import Mapping
from difflib import get_close_matches
from importlib import import_module
from typing import Any, Final

from typer import Typer
from typer._click.core import Command as AnyCommand, Context
from typer._click.formatting import HelpFormatter
from typer.core import TyperGroup, TyperOption
from typer.main import get_group

from deskterm.cli.command import help_option, shared_values
from deskterm.cli.help import commands_table, page
from deskterm.i18n import _
from deskterm.rules.problems import N_, Problem

__all__ = ["COMMANDS", "Group", "Root", "app"]

# name -> module and what it does; the help page is made of this alone, so that it needs no other module
COMMANDS: Final[Mapping[str, tuple[str, str]]] = {
    "app": ("app", N_("Open the screens; so does deskterm alone.")),
    "new": ("new", N_("Open a ticket and print its number.")),
    "list": ("listing", N_("List the tickets that a query finds.")),
    "show": ("show", N_("Show a ticket with its timeline.")),
    "reply": ("messages", N_("Answer the requester.")),
    "note": ("messages", N_("Write an internal note.")),
    "assign": ("fields", N_("Hand tickets to an agent or a group.")),
    "set": ("fields", N_("Set fields of tickets.")),
    "tag": ("fields", N_("Add and remove tags.")),
    "attach": ("messages", N_("Add files to a ticket.")),
    "pending": ("states", N_("Wait for the requester.")),
    "hold": ("states", N_("Wait for a third party.")),
    "resolve": ("states", N_("Say that tickets are solved, with cause and solution.")),
    "confirm": ("states", N_("Confirm for the requester that a ticket is solved.")),
    "reject": ("states", N_("Say for the requester that a ticket is not solved.")),
    "close": ("states", N_("Close resolved tickets.")),
    "reopen": ("states", N_("Open resolved or closed tickets again.")),
    "cancel": ("states", N_("Withdraw tickets.")),
    "move": ("states", N_("Bring tickets to a status, or to a stage of their blueprint.")),
    "undo": ("undo", N_("Take back what you did last to tickets.")),
    "contact": ("contact", N_("The people tickets are for.")),
    "org": ("org", N_("The organizations they belong to.")),
    "agent": ("agent", N_("The people who work on tickets.")),
    "group": ("group", N_("Agents who share work.")),
    "queue": ("queue", N_("Where tickets wait.")),
    "calendar": ("calendar", N_("Business hours and holidays, and when something would be due.")),
    "rules": ("rules", N_("The rule file: checked, tested, previewed, put in force, taken back.")),
    "explain": ("explain", N_("Say why tickets are where they are and due when they are.")),
    "template": ("template", N_("Canned responses, and how they would read on a ticket.")),
    "macro": ("macro", N_("Several steps at once, as the rule file names them.")),
    "reroute": ("reroute", N_("Send tickets through the rules again.")),
    "clock": ("clock", N_("What a lead may do to the clocks of a ticket.")),
    "timer": ("timer", N_("Do what is due, again and again: escalate, remind, close, hand out.")),
    "init": ("care", N_("Make an empty desk.")),
    "doctor": ("care", N_("Look for faults and name their cures.")),
    "backup": ("care", N_("Write a copy of the desk while others work on it.")),
    "restore": ("care", N_("Bring a backup back into an empty place.")),
    "import": ("exchange", N_("Bring in tickets from another desk.")),
    "export": ("exchange", N_("Write the whole desk as JSON lines.")),
    "demo": ("demo", N_("Try the app on a desk full of examples.")),
    "schema": ("schema", N_("Print the JSON schema of a command's answer.")),
    "completion": ("completion", N_("Print a script that completes commands in your shell.")),
}


class Group(TyperGroup):
    """A noun with verbs; alone it shows its page."""

    def parse_args(self, ctx: Context, args: list[str]) -> list[str]:
        """Options that stand before the verb go behind it."""
        page_wanted = not args and not ctx.resilient_parsing
        return super().parse_args(ctx, ["--help"] if page_wanted else _hoisted(args, ""))

    def resolve_command(
        self, ctx: Context, args: list[str]
    ) -> tuple[str | None, AnyCommand | None, list[str]]:
        """The command that `args` begin with; a misspelt one is refused with the nearest."""
        name = args[0]
        command = self.get_command(ctx, name)
        if command is None and not ctx.resilient_parsing:
            raise _unknown(f"{ctx.command_path} {name}", get_close_matches(name, self.list_commands(ctx)))
        return (name if command else None), command, args[1:]

    def get_help_option(self, ctx: Context) -> TyperOption | None:
        """--help and -h, through our own output."""
        return help_option(self, ctx)

    def format_help(self, ctx: Context, formatter: HelpFormatter) -> None:
        """Our own page."""
        pairs = [(name, each.help or "") for name, each in self.commands.items()]
        formatter.write(page(self, ctx, ()) + "\n" + commands_table(pairs) + "\n")


class Root(Group):
    """All commands; the first word decides which module is loaded."""

    def parse_args(self, ctx: Context, args: list[str]) -> list[str]:
        """Options that stand before the command go behind it; without a command the app is meant."""
        default = "" if ctx.resilient_parsing else "app"
        hoisted = args if args[:1] == ["--version"] else _hoisted(args, default)
        return TyperGroup.parse_args(self, ctx, hoisted)

    def list_commands(self, ctx: Context) -> list[str]:  # noqa: ARG002
        """The names, in the order of the help page."""
        return list(COMMANDS)

    def get_command(self, ctx: Context, cmd_name: str) -> AnyCommand | None:  # noqa: ARG002
        """The command of that name, loaded now."""
        if cmd_name not in COMMANDS:
            return None
        if cmd_name not in self.commands:
            module, text = COMMANDS[cmd_name]
            self.commands[cmd_name] = _loaded(module, cmd_name)
            self.commands[cmd_name].help = text
        return self.commands[cmd_name]

    def format_help(self, ctx: Context, formatter: HelpFormatter) -> None:
        """The list of commands, made without loading one of them."""
        pairs = [(name, text) for name, (_module, text) in COMMANDS.items()]
        more = _('"deskterm COMMAND --help" explains a command.')
        formatter.write(f"{page(self, ctx, ())}\n{commands_table(pairs)}\n\n{more}\n")


def _loaded(module: str, name: str) -> AnyCommand:
    """The command `name` of a module: one of its app's, or the app as a whole when it is a noun."""
    group = get_group(import_module(f"deskterm.cli.{module}").app)
    return group if group.name == name else group.commands[name]


def _hoisted(args: list[str], default: str) -> list[str]:
    """`args` with the command first; `default` is meant when there is none."""
    values, place = shared_values(), 0
    while place < len(args) and args[place].startswith("-") and args[place] != "--":
        if args[place] in ("--help", "-h"):
            return ["--help"]
        place += 2 if args[place] in values else 1
    before, rest = args[:place], args[place:]
    if rest:
        return [rest[0], *before, *rest[1:]]
    return [default, *before] if default else before


def _unknown(path: str, close: list[str]) -> Problem:
    name = path.removeprefix("deskterm ")
    if close:
        return Problem(
            "command.unknown",
            N_('There is no command "%(name)s". Did you mean %(close)s?'),
            kind="usage",
            name=name,
            close=", ".join(close),
        )
    template = N_('There is no command "%(name)s": "deskterm --help" lists them.')
    return Problem("command.unknown", template, kind="usage", name=name)


def _version(ctx: Context, value: bool) -> None:
    if value and not ctx.resilient_parsing:
        from typer import Exit

        from deskterm import __version__

        ctx.obj.output.line(f"deskterm {__version__}")
        raise Exit


def app() -> Any:
    """The command line as one command, ready to be called with arguments."""
    import typer

    root = Typer(
        cls=Root,
        add_completion=False,
        rich_markup_mode=None,
        context_settings={"help_option_names": ["-h", "--help"]},
    )

    @root.callback(invoke_without_command=True, help=N_("The help desk that lives in the terminal."))
    def deskterm(
        version: bool = typer.Option(
            False, "--version", help=N_("Print the version."), is_eager=True, callback=_version
        ),
    ) -> None:
        """The help desk that lives in the terminal."""

    return get_group(root)
