"""Dialogs: one question each, answered with a typed result or None."""
