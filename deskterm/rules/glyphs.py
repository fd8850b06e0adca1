"""Glyphs: Unicode facts beyond `unicodedata` that tell what may be shown and how wide a terminal draws it."""

import re
import unicodedata
from functools import cache, lru_cache

NON_JOINER, JOINER, PICTURE = "\u200c", "\u200d", "\ufe0f"


def span(ranges: str) -> str:
    """The inside of a `[...]` from code points such as `00A9 2194-2199`."""
    return re.sub("[0-9A-F]+", lambda number: chr(int(number[0], 16)), ranges).replace(" ", "")


def members(ranges: str) -> frozenset[str]:
    """The characters of ranges such as `00A9 2194-2199`."""
    ends = [[int(number, 16) for number in part.split("-")] for part in ranges.split()]
    return frozenset(chr(code) for pair in ends for code in range(pair[0], pair[-1] + 1))


@cache
def compiled(pattern: str) -> re.Pattern[str]:
    """A pattern when it is first asked for: ASCII asks for none, and to compile all of them takes 4 ms."""
    return re.compile(pattern)


@lru_cache(maxsize=8192)
def is_mark(char: str) -> bool:
    """Whether the character is drawn onto the one before it."""
    return unicodedata.category(char)[0] == "M"


# What acts on a terminal, hides or reorders text, or is no character (joiners are apart: words need them).
CONTROLS = span(
    "0000-0008 000B-001F 007F-009F 00AD 0600-0605 061C 06DD 070F 0890-0891 08E2 180E 200B 200E-200F "
    "2028-202E 2060-206F D800-DFFF FDD0-FDEF FEFF FFF0-FFFB FFFE-FFFF 110BD 110CD 13430-1343F 1BCA0-1BCA3 "
    "1D173-1D17A " + "".join(f"{plane:X}FFFE-{plane:X}FFFF " for plane in range(1, 17)) + "E0000-E0FFF"
)
FILLERS = members("034F 115F 17B4-17B5 3164 FFA0")  # letters and marks that show nothing
JAMO = span("1160-11FF D7B0-D7FF")  # vowels and finals; what is left of them after NFC joins nothing
SELECTORS = span("FE00-FE0F 180B-180D 180F E0100-E01EF")
TONES = members("1F3FB-1F3FF")
FLAG_LETTERS = members("1F1E6-1F1FF")

# Blocks of usual signs without a single mark; letters, digits and blanks are no marks anyway.
_SIGN_BLOCKS = span(
    "00A1-00BF 00D7 00F7 2010-2027 2030-205E 20A0-20CF 2100-2BFF 3001-3029 3030-303F FF01-FFEE FFFD "
    "1F000-1F3FA 1F400-1FAFF"
)
MARKISH = rf"[^\w\s!-~{_SIGN_BLOCKS}]"

# Keys and signs that U+FE0F turns from one cell of text into two cells of picture.
KEYS = frozenset("0123456789#*")
SIGNS = members(
    "00A9 00AE 203C 2049 2122 2139 2194-2199 21A9-21AA 2328 23CF 23ED-23EF 23F1-23F2 23F8-23FA 24C2 "
    "25AA-25AB 25B6 25C0 25FB-25FC 2600-2604 260E 2611 2618 261D 2620 2622-2623 2626 262A 262E-262F "
    "2638-263A 2640 2642 265F-2660 2663 2665-2666 2668 267B 267E 2692 2694-2697 2699 269B-269C 26A0 26A7 "
    "26B0-26B1 26C8 26CF 26D1 26D3 26E9 26F0-26F1 26F4 26F7-26F9 2702 2708-2709 270C-270D 270F 2712 2714 "
    "2716 271D 2721 2733-2734 2744 2747 2763-2764 27A1 2934-2935 2B05-2B07 1F170-1F171 1F17E-1F17F 1F321 "
    "1F324-1F32C 1F336 1F37D 1F396-1F397 1F399-1F39B 1F39E-1F39F 1F3CB-1F3CE 1F3D4-1F3DF 1F3F3 1F3F5 "
    "1F3F7 1F43F 1F441 1F4FD 1F549-1F54A 1F56F-1F570 1F573-1F579 1F587 1F58A-1F58D 1F590 1F5A5 1F5A8 "
    "1F5B1-1F5B2 1F5BC 1F5C2-1F5C4 1F5D1-1F5D3 1F5DC-1F5DE 1F5E1 1F5E3 1F5E8 1F5EF 1F5F3 1F5FA 1F6CB "
    "1F6CD-1F6CF 1F6E0-1F6E5 1F6E9 1F6F0 1F6F3"
)
# Pictures that a joiner makes one of, and the people and hands among them that take a skin tone.
PICTURES = SIGNS | members("2B1B 1F300-1F3FA 1F400-1F64F 1F680-1F6FF 1F7E0-1F7F0 1F900-1F9FF 1FA70-1FAFF")
PEOPLE = members(
    "261D 26F9 270A-270D 1F385 1F3C2-1F3C4 1F3C7 1F3CA-1F3CC 1F442-1F443 1F446-1F450 1F466-1F478 1F47C "
    "1F481-1F483 1F485-1F487 1F48F 1F491 1F4AA 1F574-1F575 1F57A 1F590 1F595-1F596 1F645-1F647 "
    "1F64B-1F64F 1F6A3 1F6B4-1F6B6 1F6C0 1F6CC 1F90C 1F90F 1F918-1F91F 1F926 1F930-1F939 1F93C-1F93E "
    "1F977 1F9B5-1F9B6 1F9B8-1F9B9 1F9BB 1F9CD-1F9CF 1F9D1-1F9DD 1FAC3-1FAC5 1FAF0-1FAF8"
)

ARABIC_LETTERS = members("0620-064A 066E-066F 0671-06D3 06D5 06EE-06EF 06FA-06FF 0750-077F 08A0-08C9")
ARABIC = ARABIC_LETTERS | members("064B-0669 0670 06D6-06DC 06DF-06E8 06EA-06ED 06F0-06F9")
VIRAMAS = members("094D 09CD 0A4D 0ACD 0B4D 0BCD 0C4D 0CCD 0D4D 0DCA")
INDIC_FIRST, INDIC_LAST = "\u0900", "\u0dff"

# Pictures and Han of Unicode 15 to 17, wide and shown on every supported Python.
NEWER = (
    "["
    + span(
        "1F6D8 1F6DC 1FA75-1FA77 1FA87-1FA8A 1FA8E-1FA8F 1FAAD-1FAAF 1FABB-1FABF 1FAC6 1FAC8 1FACD-1FACF "
        "1FADA-1FADC 1FADF 1FAE8-1FAEA 1FAEF 1FAF7-1FAF8 20000-2FFFD 30000-3FFFD"
    )
    + "]"
)
# Wide only since Unicode 16: trigrams, hexagrams, tetragrams and counting rods.
WIDENED = f"[{span('2630-2637 268A-268F 4DC0-4DFF 1D300-1D356 1D360-1D376')}]"
