"""Rules of the desk: how each side of a meeting stands, what is to be done next. Pure: no clock, no database."""
