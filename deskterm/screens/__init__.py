"""Screens: what an agent sees and presses. They read through the Desk in threads and decide nothing."""
