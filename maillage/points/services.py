"""Change points and rooms. Each change that the slot search must see ends with a new edition of the catalogue."""

import secrets

from maillage.points.models import CatalogueEdition


def renew_catalogue() -> None:
    """Make every process read the rooms again. Called inside the transaction that changed them."""
    CatalogueEdition.objects.update_or_create(pk=1, defaults={"token": secrets.token_hex(16)})
