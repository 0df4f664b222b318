"""Write what is known of organisations."""

from collections.abc import Sequence

from django.db import transaction

from maillage.actors.domain.files import WayRecord
from maillage.actors.errors import WaysUnreadable
from maillage.actors.models import Organisation, OrganisationKind, WayToCall
from maillage.core.journal import record
from maillage.territory.models import Commune


@transaction.atomic
def import_ways(*, records: Sequence[WayRecord], file: str, is_demonstration: bool) -> int:
    """Write the ways to call organisations, adding those that are not known; return how many ways are new.

    The same file twice changes nothing. Raises WaysUnreadable if a commune or a kind of organisation is unknown.
    """
    communes = Commune.objects.in_bulk({way.insee for way in records if way.insee})
    added = 0
    for line, way in enumerate(records, start=2):
        if way.insee and way.insee not in communes:
            raise WaysUnreadable(file=file, line=line, reason=f"commune {way.insee} is not imported")
        if way.nature not in OrganisationKind.values:
            raise WaysUnreadable(file=file, line=line, reason=f"unknown kind {way.nature}")
        organisation, _created = Organisation.objects.get_or_create(
            name=way.organisation,
            defaults={"kind": way.nature, "commune": communes.get(way.insee), "source": way.source},
        )
        _way, is_new = WayToCall.objects.update_or_create(
            organisation=organisation,
            kind=way.kind,
            address=way.address,
            defaults={
                "note": way.note,
                "source": way.source,
                "checked_on": way.checked_on,
                "answers_rooms": way.answers_rooms and bool(way.address),
                "is_demonstration": is_demonstration,
            },
        )
        added += is_new
    record("organisations.ways-imported", f"file:{file}"[:80], through="command", ways=len(records))
    return added
