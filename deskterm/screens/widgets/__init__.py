"""Widgets: each shows one thing and tells by messages what was done with it."""
