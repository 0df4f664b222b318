"""The `maillage` command: Django's management commands under our own name."""

import os
import sys

from django.core.management import execute_from_command_line


def main() -> None:
    """Run `maillage <command>`."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "maillage.config.settings")
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
