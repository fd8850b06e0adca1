"""Schemas of what the commands about rules, clocks and the timer answer."""

from collections.abc import Mapping
from typing import Final

from deskterm.cli.shapes import TEXT, WHOLE, YES, Schema, instants, listed, maybe, record, texts, wholes

__all__ = ["RULE_SCHEMAS"]

_FAULTS: Final = record(
    {
        "faults": listed(
            record(
                {
                    **texts("file code message"),
                    **wholes("line column"),
                    "severity": {"enum": ["error", "warning"]},
                }
            )
        )
    }
)
_TESTS: Final = record(
    {"tests": listed(record({**texts("file name"), **wholes("line"), "ok": YES, "failures": listed(TEXT)}))}
)
_DIFF: Final[Schema] = {
    "anyOf": [
        record(
            {
                "rules": listed(
                    record(
                        {
                            "change": {"enum": ["new", "gone", "different", "moved"]},
                            **texts("kind id"),
                            **wholes("line old_line"),
                            "parts": listed(TEXT),
                        }
                    )
                ),
                "rev": WHOLE,
                "file": TEXT,
            }
        ),
        record({"rev": WHOLE, "lines": listed(TEXT)}),
    ]
}
_SHOWN: Final = record({"rev": WHOLE, "name": TEXT, **instants("activated"), "body": TEXT})
_HISTORY: Final = record(
    {
        "revisions": listed(
            record({"rev": WHOLE, **instants("activated", always=True), **texts("agent name note")})
        )
    }
)
_PREVIEW: Final = record(
    {
        "moved": listed(
            record(
                {
                    "ticket": WHOLE,
                    **texts("old_policy policy"),
                    **instants("old_due due"),
                    **texts("old_state state"),
                }
            )
        ),
        "name": TEXT,
        "revision": maybe(WHOLE),
        **wholes("tickets dues_moved become_overdue lose_clocks tests"),
        "priorities_gone": listed(record({"priority": TEXT, **wholes("tickets")})),
        "warnings": listed(TEXT),
        "failures": listed(TEXT),
    }
)
_VALUE: Final[Schema] = {"type": ["string", "integer", "null"]}
_REBUILT: Final = record(
    {
        "wrong": listed(record({"ticket": maybe(WHOLE), "field": TEXT, "old": _VALUE, "new": _VALUE})),
        "tickets": WHOLE,
        "repaired": YES,
    }
)
_CLAUSE: Final[Schema] = {"type": ["object", "null"], "required": ["kind", "holds", "parts"]}
_TRIED: Final = record(
    {
        **texts("kind id"),
        "line": WHOLE,
        "holds": YES,
        "clause": _CLAUSE,
        "did": listed(record(texts("verb name value"))),
    }
)
_CHOSEN: Final = record(
    {
        "login": TEXT,
        "relaxed": listed(TEXT),
        "waits": YES,
        "more": WHOLE,
        "candidates": listed(
            record({**texts("login reason detail"), "keys": {"type": "object", "additionalProperties": TEXT}})
        ),
    }
)
_TRACE: Final = record(
    {
        "file": TEXT,
        "rev": WHOLE,
        "tried": listed(_TRIED),
        "left": {"type": "object", "additionalProperties": WHOLE},
        "priority": record(texts("priority source impact urgency")),
        "chosen": maybe(_CHOSEN),
    }
)
_STRETCH: Final = record(
    {
        **instants("begin end", always=True),
        "kind": {"enum": ["running", "closed", "paused", "carried"]},
        **wholes("counted open event rev stretches"),
        **texts("priority policy"),
    }
)
_CLOCK: Final = record(
    {
        "kind": {"enum": ["sla", "ola", "uc"]},
        **texts("metric policy calendar"),
        **wholes("n rev target elapsed remaining"),
        **dict.fromkeys(("paused", "uncertain"), YES),
        "outcome": {"enum": ["active", "met", "breached", "cancelled"]},
        **instants("started", always=True),
        **instants("due reached breached stopped promised"),
        "levels": listed(record({"id": TEXT, **instants("crossed", always=True)})),
        "stretches": listed(_STRETCH),
    }
)
_FIRING: Final = record({**texts("key rule outcome"), **instants("due fired", always=True)})
_SHARE: Final = record({**texts("metric kind name"), **wholes("n seconds")})
_STAGE: Final = record(
    {
        **texts("blueprint stage"),
        **instants("since", always=True),
        **instants("leave_by"),
        "onward": listed(record({**texts("stage status"), **dict.fromkeys(("needs", "who"), listed(TEXT))})),
    }
)
_EXPLANATION: Final = record(
    {
        **wholes("ticket rev"),
        **texts("subject file policy"),
        **instants("time", always=True),
        **instants("routed"),
        "trace": maybe(_TRACE),
        "stage": maybe(_STAGE),
        "policies": listed(_TRIED),
        "clocks": listed(_CLOCK),
        "stays": listed(record({"group": TEXT, **instants("begin", always=True), **instants("end")})),
        "overrun": listed(_SHARE),
        "exempt": maybe(TEXT),
        "firings": listed(_FIRING),
        "would": listed({"type": "object", "required": ["kind", "because"]}),
    }
)
_EXPLANATIONS: Final = record({"explanations": listed(_EXPLANATION)})
_MACROS: Final = record(
    {"macros": listed(record({**texts("id name when"), "ask": listed(TEXT), "line": WHOLE}))}
)
_LOOK: Final = record(
    {
        **instants("time", always=True),
        **wholes("looked acted placed"),
        "opened": listed(WHOLE),
        "failed": listed(record({"ticket": WHOLE, "error": {"type": "object"}})),
    }
)
_COUNTS: Final[Schema] = {"type": "object", "additionalProperties": WHOLE}
_REPLAYED: Final = record(
    {
        "differences": listed(
            record({"ticket": WHOLE, "field": TEXT, **dict.fromkeys(("then", "now"), maybe(TEXT))})
        ),
        **wholes("tickets differing"),
        **dict.fromkeys(("breaches_then", "breaches_now", "load_then", "load_now"), _COUNTS),
        "skipped": listed(record({"ticket": WHOLE, "reason": TEXT})),
    }
)

RULE_SCHEMAS: Final[Mapping[str, Schema]] = {
    **dict.fromkeys(("rules check", "rules lint"), _FAULTS),
    "rules test": _TESTS,
    "rules diff": _DIFF,
    "rules show": _SHOWN,
    "rules history": _HISTORY,
    **dict.fromkeys(("rules activate", "rules rollback"), _PREVIEW),
    "rules rebuild": _REBUILT,
    "rules replay": _REPLAYED,
    **dict.fromkeys(("rules explain", "explain"), _EXPLANATIONS),
    "macro list": _MACROS,
    "timer": _LOOK,
}
