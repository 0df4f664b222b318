"""Run the benchmarks: python -m bench [NAME ...]. Exit 1 if a figure is not ok, 2 for a name that does not exist."""

import os
import pkgutil
import sys
from collections.abc import Iterator
from importlib import import_module

import bench
from bench.harness import Figure, report


def benchmarks() -> list[str]:
    """Return the names of the modules that measure something."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "maillage.config.settings")  # some read the house's own rules
    names = [module.name for module in pkgutil.iter_modules(bench.__path__) if module.name != "__main__"]
    return [name for name in names if hasattr(import_module(f"bench.{name}"), "figures")]


def main(wanted: list[str]) -> int:
    """Run the benchmarks of `wanted`, all of them by default."""
    known = benchmarks()
    if unknown := set(wanted) - set(known):
        print(f"no such benchmark: {', '.join(sorted(unknown))}; there are: {', '.join(known)}", file=sys.stderr)
        return 2

    def all_figures() -> Iterator[Figure]:
        for name in wanted or known:
            yield from import_module(f"bench.{name}").figures()

    return 0 if report(all_figures()) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
