"""Texts that want something of a terminal, a markup parser or a table."""

from hypothesis import strategies as st

NASTIES = (
    "[/x]",
    "[/",
    '[link="x',
    "[EXTERNAL] hi",
    "[@click=app.quit]x[/]",
    "[red]red[/red] $error",
    "\x1b]52;c;aGFja2Vk\x07",
    "\x1b]0;title\x07",
    "\x1b[2J\x1b[H",
    "\x9b31m c1",
    "\x90q\x9c",
    "bell\x07 back\x08 nul\x00 del\x7f",
    "\u202egnp.exe\u202c",
    "\u2066isolate\u2069 \u200fmark",
    "tab\tnew\nline\rreturn\x0b\x0c\x85\u2028\u2029",
    "a" + "\u0301" * 200,
    "lone \ud800 surrogate \udfff",
    "👨‍👩‍👧‍👦 👍🏽 🇨🇳 ❤️",
    "wide 打印机无法连接",
    "\ufeffbom \u00adsoft \u200bzero",
    "\U000e0041tag\U000e007f",
)

texts = st.text(alphabet=st.characters(), max_size=60) | st.sampled_from(NASTIES)
"""Any text at all, lone surrogates included."""
