"""deskterm completion: the scripts that let a shell ask us what may follow."""

from typing import Annotated, Final

import typer

from deskterm.cli import completing as known
from deskterm.cli.command import Command
from deskterm.cli.session import Session
from deskterm.rules.problems import N_, Problem

__all__ = ["SCRIPTS", "app"]

app = typer.Typer()

# Each asks `deskterm` itself with the words so far; what comes back is a word a line, explained behind a tab.
SCRIPTS: Final = {
    "bash": """\
_deskterm_completion() {
    local line=${COMP_LINE:0:COMP_POINT} last prefix= word
    local -a words
    read -ra words <<< "$line"
    [[ $line == *[[:space:]] ]] && words+=("")
    last=${words[${#words[@]}-1]}
    [[ $last == *:* && $COMP_WORDBREAKS == *:* ]] && prefix=${last%:*}:
    COMPREPLY=()
    while IFS=$'\\t' read -r word _; do
        COMPREPLY+=("${word#"$prefix"}")
    done < <(_DESKTERM_COMPLETE=1 "${words[0]}" "${words[@]:1}" 2>/dev/null)
    if [[ ${#COMPREPLY[@]} == 1 && ${COMPREPLY[0]} == *: ]]; then compopt -o nospace; fi
}
complete -o default -F _deskterm_completion deskterm
""",
    "zsh": """\
#compdef deskterm
_deskterm_completion() {
    local line word
    local -a found
    while IFS= read -r line; do
        word=${line%%$'\\t'*}
        if [[ $line == *$'\\t'* ]]; then
            found+=("${word//:/\\\\:}:${line#*$'\\t'}")
        else
            found+=("${word//:/\\\\:}")
        fi
    done < <(_DESKTERM_COMPLETE=1 deskterm "${(@)words[2,CURRENT]}" 2>/dev/null)
    if (( $#found )); then _describe deskterm found; else _files; fi
}
compdef _deskterm_completion deskterm
""",
    "fish": """\
function __deskterm_complete
    set -lx _DESKTERM_COMPLETE 1
    set -l words (commandline -opc) (commandline -ct)
    deskterm $words[2..-1] 2>/dev/null
end
complete -c deskterm -a '(__deskterm_complete)'
""",
}


class _Simple(Command):
    shared = ("lang",)


@app.command("completion", cls=_Simple)
def completion(
    ctx: typer.Context,
    shell: Annotated[
        str, typer.Argument(metavar="bash|zsh|fish", help=N_("Your shell."), autocompletion=known.shells)
    ],
) -> None:
    """Print a script that completes commands: eval "$(deskterm completion bash)" in ~/.bashrc."""
    session: Session = ctx.obj
    if shell not in SCRIPTS:
        raise Problem(
            "shell.unknown",
            N_('There is no completion for the shell "%(name)s".'),
            kind="usage",
            choices=tuple(SCRIPTS),
            field="shell",
            name=shell,
        )
    session.output.script(SCRIPTS[shell])
