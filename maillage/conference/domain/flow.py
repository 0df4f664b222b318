"""How many messages one connection may send: a bucket of tokens that fills with time."""

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Bucket:
    """`tokens` left at `at` (seconds of any monotonic clock); at most `size`, `per_second` more each second."""

    size: float = 200
    per_second: float = 20
    tokens: float = 200
    at: float = 0

    def take(self, now: float) -> "Bucket | None":
        """Return the bucket after one message at `now`, None if it is empty."""
        tokens = min(self.size, self.tokens + (now - self.at) * self.per_second)
        return replace(self, tokens=tokens - 1, at=now) if tokens >= 1 else None
