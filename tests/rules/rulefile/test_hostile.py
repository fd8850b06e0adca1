"""Files of nobody's good will are refused in bounded time, with lines that can be shown."""

from pathlib import Path
from time import process_time

import pytest

from deskterm.rules.lint import lint
from deskterm.rules.rulefile import RuleFaults, load

ROUTE = '[[route]]\nid = "r%d"\nwhen = \'%s\'\nqueue = "q"\n'
ENOUGH = 20.0  # seconds of the processor; each takes at most a few

REFUSED = {
    "ten megabytes": "desk = 1\n" * 1_200_000,
    "nested lists": "a = " + "[" * 100_000,
    "nested tables": "a = " + "{ b = " * 100_000,
    "a key of many parts": "a" + ".a" * 200_000 + " = 1",
    "a key of many parts in a table": "a = { a" + ".a" * 200_000 + " = 1 }",
    "a header of many parts": "[a" + ".a" * 200_000 + "]",
    "many headers": "".join(f"[a{number}]\n" for number in range(60_000)),
    "a long number": "format = " + "9" * 100_000,
    "an open quote": 'desk = "' + "\\" * 300_000,
    "an open multi-line quote": 'desk = """' + '"" \n' * 200_000,
    "many mistakes": "a = \n" * 20_000,
    "many unknown keys": "".join(f"a{number} = 1\n" for number in range(60_000)),
    "many rules": "".join(ROUTE % (number, "") for number in range(5_000)),
    "many unknown names": "[group.g0000]\n" + "".join(ROUTE % (n, f"group:g{n:04}") for n in range(1_000)),
    "a name that turns text around": '[[route]]\nid = "\\u202Eevil\\u001b[31m"\n',
    "half a surrogate pair": '[[route]]\nid = "\ud800"\n',
    "a null": "desk = \x00",
}


@pytest.mark.parametrize("name", REFUSED)
def test_it_is_refused_in_bounded_time_with_lines_that_can_be_shown(name: str) -> None:
    before = process_time()
    with pytest.raises(RuleFaults) as refusal:
        load(REFUSED[name], "x.toml")
    assert process_time() - before < ENOUGH
    lines = str(refusal.value).split("\n")
    assert 0 < len(lines) == len(refusal.value.faults) <= 100
    assert all(line.isprintable() and len(line) < 1_000 for line in lines)


def test_lint_of_hundreds_of_tangled_rules_ends() -> None:
    tangle = "(tag:a%d OR tag:b) (lang:x%d OR lang:y) (org:a OR org:b) (tier:a OR tier:b)"
    text = "".join(
        ROUTE % (n, tangle % (n, n))
        + f"[[classify]]\nid = 'c{n}'\nwhen = '{tangle % (n, n)}'\nset = {{ region = '{n}' }}\n"
        + f"[[trigger]]\nid = 't{n}'\non = ['updated']\nwhen = 'changed:region {tangle % (n, n)}'\n"
        + f"do = [{{ set = {{ region = 'x{n}' }} }}]\n"
        for n in range(200)
    )
    rules = load(text, "x.toml")
    before = process_time()
    assert {fault.code for fault in lint(rules)} == {"W503", "W504", "W506"}
    assert process_time() - before < ENOUGH


def test_naughty_strings_are_ids_texts_or_faults() -> None:
    path = Path(__file__).parents[4] / "shared" / "data" / "unicode" / "blns.txt"
    if not path.exists():
        pytest.skip(f"{path.name} is not here: the naughty strings lie beside the repository")
    for line in path.read_text("utf-8").splitlines():
        quoted = line.replace("\\", "\\\\").replace('"', '\\"')
        try:
            load(f'[[template]]\nid = "{quoted}"\ntext = "{quoted}"\nname = "{quoted}"\n', "x.toml")
        except RuleFaults as refusal:
            assert all(each.isprintable() for each in str(refusal).split("\n"))
