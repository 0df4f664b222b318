"""Organisations with fixed values."""

from maillage.actors.models import Organisation, OrganisationKind


def make_organisation(name: str = "Mairie de Callac", **fields: object) -> Organisation:
    """Make an organisation, one for each name."""
    values: dict[str, object] = {"kind": OrganisationKind.TOWN_HALL, **fields}
    return Organisation.objects.update_or_create(name=name, defaults=values)[0]
