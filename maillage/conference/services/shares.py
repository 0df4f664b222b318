"""That something is shown, and how long: facts, without what it was."""

from datetime import datetime

from maillage.conference.models import Share, ShareKind


def note_share(conference_id: int, party_id: int, kind: ShareKind, *, is_on: bool, now: datetime) -> None:
    """Open or close the share of a party, inside the caller's transaction. Saying it twice changes nothing."""
    running = Share.objects.filter(party_id=party_id, kind=kind, ended_at=None)
    if not is_on:
        _close(list(running), now)
    elif not running.exists():
        Share.objects.create(conference_id=conference_id, party_id=party_id, kind=kind, started_at=now)


def close_shares(party_id: int, now: datetime) -> None:
    """Close all that a party showed: it is no longer in."""
    _close(list(Share.objects.filter(party_id=party_id, ended_at=None)), now)


def _close(shares: list[Share], now: datetime) -> None:
    for share in shares:
        share.ended_at = max(now, share.started_at)
        share.save(update_fields=["ended_at"])
