"""Rules of a room's own screen: pairing codes, what a test is worth, what to show when. Pure."""
