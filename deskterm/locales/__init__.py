"""Message catalogues: deskterm.pot is made from the sources, each language is a folder."""
