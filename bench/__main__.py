"""Run the benchmarks: python -m bench [NAME ...] [--case "k=5 rooms=90"].

Exit 1 if a figure is not ok, 2 for a name that does not exist.
"""

import argparse
import os
import pkgutil
import sys
from collections.abc import Iterator
from importlib import import_module

import bench
from bench.harness import Figure, keep_only, report


def benchmarks() -> list[str]:
    """Return the names of the modules that measure something."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "maillage.config.settings")  # some read the house's own rules
    names = [module.name for module in pkgutil.iter_modules(bench.__path__) if module.name != "__main__"]
    return [name for name in names if hasattr(import_module(f"bench.{name}"), "figures")]


def main(arguments: list[str]) -> int:
    """Run the benchmarks asked for, all of them by default."""
    parser = argparse.ArgumentParser(prog="bench", description="Benchmarks, each beside its floor.")
    parser.add_argument("names", nargs="*", help="all of them by default")
    parser.add_argument("--case", default="", help="words that the name of a case must hold")
    asked = parser.parse_args(arguments)
    wanted, known = asked.names, benchmarks()
    keep_only(asked.case)
    if unknown := set(wanted) - set(known):
        print(f"no such benchmark: {', '.join(sorted(unknown))}; there are: {', '.join(known)}", file=sys.stderr)
        return 2

    def all_figures() -> Iterator[Figure]:
        for name in wanted or known:
            yield from import_module(f"bench.{name}").figures()

    return 0 if report(all_figures()) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
