"""Digest authentication of SIP: answering a challenge and checking an answer (RFC 3261 §22, 7616, 8760).

Nonces hold their own date under our signature: nothing is kept, and an old one is refused as stale.
"""

import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum

NONCE_LIFE = timedelta(minutes=5)
ALGORITHMS = {"MD5": hashlib.md5, "SHA-256": hashlib.sha256}


class Verdict(StrEnum):
    """STALE: right secret, old nonce: the caller may try again with a new one without asking anyone."""

    RIGHT = "right"
    STALE = "stale"
    WRONG = "wrong"


def _hashed(algorithm: str, *parts: str) -> str:
    return ALGORITHMS[algorithm](":".join(parts).encode()).hexdigest()


def make_nonce(key: str, now: datetime) -> str:
    """Return a nonce that we shall know as ours for NONCE_LIFE."""
    stamp = f"{int(now.timestamp()):x}"
    return f"{stamp}.{hmac.new(key.encode(), stamp.encode(), hashlib.sha256).hexdigest()[:32]}"


def _is_fresh(nonce: str, key: str, now: datetime) -> bool:
    stamp, _, mark = nonce.partition(".")
    wanted = hmac.new(key.encode(), stamp.encode(), hashlib.sha256).hexdigest()[:32]
    if not hmac.compare_digest(mark.encode(), wanted.encode()):
        return False
    return now.timestamp() - int(stamp, 16) <= NONCE_LIFE.total_seconds()


def respond(
    challenge: Mapping[str, str], *, username: str, password: str, method: str, uri: str, cnonce: str
) -> dict[str, str]:
    """Return the parameters that answer `challenge`. Raises ValueError for an algorithm we do not know."""
    algorithm = challenge.get("algorithm", "MD5").upper()
    if algorithm not in ALGORITHMS:
        raise ValueError(f"unknown digest algorithm {algorithm}")
    realm, nonce = challenge["realm"], challenge["nonce"]
    answer = {"username": username, "realm": realm, "nonce": nonce, "uri": uri, "algorithm": algorithm}
    secret, act = _hashed(algorithm, username, realm, password), _hashed(algorithm, method, uri)
    if "auth" in [quality.strip() for quality in challenge.get("qop", "").split(",")]:
        answer |= {"qop": "auth", "nc": "00000001", "cnonce": cnonce}
        answer["response"] = _hashed(algorithm, secret, nonce, "00000001", cnonce, "auth", act)
    else:
        answer["response"] = _hashed(algorithm, secret, nonce, act)
    if "opaque" in challenge:
        answer["opaque"] = challenge["opaque"]
    return answer


def check(
    answer: Mapping[str, str], *, password: str, method: str, realm: str, nonce_key: str, now: datetime
) -> Verdict:
    """Tell whether `answer` proves `password` for `method`, with a nonce of ours that is still fresh."""
    algorithm = answer.get("algorithm", "MD5").upper()
    needed = {"username", "nonce", "uri", "response"} | ({"nc", "cnonce"} if answer.get("qop") else set())
    if algorithm not in ALGORITHMS or not needed <= answer.keys() or answer.get("realm") != realm:
        return Verdict.WRONG
    secret = _hashed(algorithm, answer["username"], realm, password)
    act = _hashed(algorithm, method, answer["uri"])
    middle = [answer["nc"], answer["cnonce"], answer["qop"]] if answer.get("qop") else []
    wanted = _hashed(algorithm, secret, answer["nonce"], *middle, act)
    if not hmac.compare_digest(wanted.encode(), answer["response"].lower().encode()):
        return Verdict.WRONG
    return Verdict.RIGHT if _is_fresh(answer["nonce"], nonce_key, now) else Verdict.STALE
