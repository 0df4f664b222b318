"""Write the API's description to tests/openapi.json: python -m tooling.openapi, after a wanted change of the API."""

import json
import os
from pathlib import Path

import django

SNAPSHOT = Path(__file__).resolve().parent.parent / "tests" / "openapi.json"


def main() -> None:
    """Write the snapshot that `tests/test_api_contract.py` holds the API to."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "maillage.config.settings")
    os.environ.setdefault("MAILLAGE_DEBUG", "1")
    django.setup()
    from maillage.config.api import api  # noqa: PLC0415 needs Django ready

    SNAPSHOT.write_text(json.dumps(api.get_openapi_schema(), indent=1, sort_keys=True, default=str) + "\n")


if __name__ == "__main__":
    main()
