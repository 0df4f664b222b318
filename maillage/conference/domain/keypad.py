"""Keys pressed on a phone or a terminal: read from RTP (RFC 4733), gathered into a code, or taken as a command."""

import struct
from dataclasses import dataclass, replace
from enum import StrEnum

KEYS = "0123456789*#ABCD"
CODE_DIGITS = 6
ATTEMPTS = 3


@dataclass
class KeyReader:
    """Tells presses apart: one press is repeated in many packets that share a timestamp."""

    _seen: int | None = None

    def read(self, payload: bytes, timestamp: int) -> str | None:
        """Return the key at the first packet of each press, None at the others and at what is no key."""
        if len(payload) < 4 or timestamp == self._seen:
            return None
        event = struct.unpack_from("!B", payload)[0]
        self._seen = timestamp
        return KEYS[event] if event < len(KEYS) else None


class EntryState(StrEnum):
    """COMPLETE: `digits` holds a code to try."""

    WAITING = "waiting"
    COMPLETE = "complete"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class CodeEntry:
    """A caller typing a code of six digits, three times at most."""

    digits: str = ""
    attempts: int = 0
    state: EntryState = EntryState.WAITING

    def press(self, key: str) -> "CodeEntry":
        """Return the entry after `key`: a digit adds, `*` starts again, `#` is not needed."""
        if self.state is not EntryState.WAITING:
            return self
        if key == "*":
            return replace(self, digits="")
        if not key.isdigit():
            return self
        digits = self.digits + key
        state = EntryState.COMPLETE if len(digits) == CODE_DIGITS else EntryState.WAITING
        return replace(self, digits=digits, state=state)

    def wrong(self) -> "CodeEntry":
        """Return the entry after a code nobody knows: empty for another try, refused after the third."""
        attempts = self.attempts + 1
        return CodeEntry("", attempts, EntryState.REFUSED if attempts >= ATTEMPTS else EntryState.WAITING)


class KeyCommand(StrEnum):
    """What a caller may ask during the conference with `*` and a digit; 1 and 2 alone answer a question."""

    RAISE_HAND = "raise-hand"
    MUTE = "mute"
    CALL_HELP = "call-help"
    YES = "yes"
    NO = "no"


ANSWERS = {KeyCommand.YES: True, KeyCommand.NO: False}
COMMANDS = {
    "*1": KeyCommand.RAISE_HAND,
    "*6": KeyCommand.MUTE,
    "*0": KeyCommand.CALL_HELP,
    "1": KeyCommand.YES,
    "2": KeyCommand.NO,
}


@dataclass
class CommandReader:
    """Gathers `*` and the digit after it."""

    _star: bool = False

    def press(self, key: str) -> KeyCommand | None:
        """Return the command that `key` completes, or None."""
        command = COMMANDS.get(f"*{key}" if self._star else key)
        self._star = key == "*"
        return command
