"""Automation: acts of rules on a draft, triggers to their fixed point, what is due with time, macros' acts.

`acts` does one act, `triggers` runs those of one root event, `automations` and `catchup` say what the timer
has to do and in which order, `effects` are the results that are no changes of this ticket.
"""
