"""What `doctor` says of each thing it looked at."""

from dataclasses import dataclass
from typing import Literal

State = Literal["ok", "warning", "wrong"]


@dataclass(frozen=True, slots=True)
class Finding:
    """What was looked at, how it is, and how to mend it if it is not well."""

    what: str
    state: State
    says: str
    mend: str = ""
