"""The screen of a room: its page, what it asks, and the pages of those who look after it."""
