"""Drafts, editor and attachments: what touches the disk of the person at the desk."""

import os
import stat
import sys
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given

from deskterm.desk import Desk
from deskterm.rules import actions as a
from deskterm.rules.problems import Problem
from deskterm.screens.attachments import safe_name, save_file
from deskterm.screens.drafts import Draft, Drafts
from deskterm.screens.editor import edit
from tests.screens.hostile import NASTIES, texts


@pytest.mark.parametrize("text", NASTIES)
def test_a_draft_comes_back_to_the_letter(text: str, tmp_path: Path) -> None:
    drafts = Drafts(tmp_path, "sqlite:///a", "lee")
    drafts.keep(Draft(7, "reply", text, 1))
    assert drafts.find(7, "reply") == Draft(7, "reply", text, 1)


def test_drafts_of_another_person_desk_ticket_or_kind_are_apart(tmp_path: Path) -> None:
    Drafts(tmp_path, "sqlite:///a", "lee").keep(Draft(7, "reply", "mine", 1))
    assert Drafts(tmp_path, "sqlite:///a", "kim").find(7, "reply") is None
    assert Drafts(tmp_path, "sqlite:///b", "lee").find(7, "reply") is None
    assert Drafts(tmp_path, "sqlite:///a", "lee").find(7, "note") is None
    assert Drafts(tmp_path, "sqlite:///a", "lee").find(8, "reply") is None


def test_an_emptied_draft_leaves_no_file(tmp_path: Path) -> None:
    drafts = Drafts(tmp_path, "x", "lee")
    drafts.keep(Draft(7, "reply", "text", 1))
    drafts.keep(Draft(7, "reply", "  \n", 2))
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def script(tmp_path: Path, body: str) -> str:
    """An editor that is a little program: `path` is the file to edit."""
    file = tmp_path / "an editor.py"
    file.write_text(f"import os, stat, sys\npath = sys.argv[-1]\n{body}\n", encoding="utf-8")
    return f'"{sys.executable}" "{file}"'


def test_the_editor_gets_the_text_and_gives_it_back(tmp_path: Path) -> None:
    editor = script(tmp_path, "text = open(path).read(); open(path, 'w').write(text.upper() + '\\n')")
    assert edit(editor, "hello 打") == "HELLO 打"


def test_the_editors_file_is_private_and_gone_afterwards(tmp_path: Path) -> None:
    told = tmp_path / "told"
    editor = script(
        tmp_path,
        f"modes = [oct(stat.S_IMODE(os.stat(p).st_mode)) for p in (path, os.path.dirname(path))]\n"
        f"open({str(told)!r}, 'w').write(' '.join([*modes, path]))",
    )
    edit(editor, "x")
    file, folder, path = told.read_text().split(" ", 2)
    assert (file, folder) == ("0o600", "0o700")
    assert not Path(path).exists()


def test_no_shell_reads_the_command(tmp_path: Path) -> None:
    trap = tmp_path / "trap"
    with pytest.raises(Problem):
        edit(f"no-such-editor; touch {trap}", "x")
    assert not trap.exists()


@pytest.mark.parametrize("editor", ["", "   ", "'", "/no/such/editor"])
def test_an_editor_that_cannot_be_used_is_a_problem(editor: str) -> None:
    with pytest.raises(Problem) as raised:
        edit(editor, "x")
    assert raised.value.field in ("", "editor")


def test_an_editor_that_fails_is_a_problem(tmp_path: Path) -> None:
    with pytest.raises(Problem) as raised:
        edit(script(tmp_path, "sys.exit(3)"), "x")
    assert "kept" in str(raised.value)


@given(texts | texts.map(lambda text: f"{text * 9}.{text}"))
def test_a_saved_name_is_a_plain_name(name: str) -> None:
    safe = safe_name(name)
    assert safe
    assert "/" not in safe
    assert "\\" not in safe
    assert not safe.startswith(".")
    assert safe.isprintable()
    assert len(os.fsencode(safe)) < 240


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\x\\evil.exe", "evil.exe"),
        (".bashrc", "bashrc"),
        ("", "attachment"),
    ],
)
def test_folders_and_leading_dots_are_dropped(name: str, safe: str) -> None:
    assert safe_name(name) == safe


def test_saving_twice_keeps_both_in_private_files(busy: Desk, tmp_path: Path) -> None:
    lee = busy.agent("lee")
    file = busy.attach("../trace.txt", BytesIO(b"hops"))
    busy.perform(a.Attach(1, (file,)), lee)
    row = busy.ticket(1, viewer=lee).attachments[0]
    paths = [save_file(busy, row, tmp_path) for _ in range(2)]
    assert [path.name for path in paths] == ["trace.txt", "trace (2).txt"]
    assert [path.read_bytes() for path in paths] == [b"hops", b"hops"]
    assert {stat.S_IMODE(path.stat().st_mode) for path in paths} == {0o600}


def test_a_folder_that_does_not_take_it_is_a_problem(busy: Desk, tmp_path: Path) -> None:
    lee = busy.agent("lee")
    busy.perform(a.Attach(1, (busy.attach("a.txt", BytesIO(b"x")),)), lee)
    row = busy.ticket(1, viewer=lee).attachments[0]
    with pytest.raises(Problem) as raised:
        save_file(busy, row, tmp_path / "missing")
    assert raised.value.kind == "usage"
