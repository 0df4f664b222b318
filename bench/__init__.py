"""Benchmarks, each beside the floor measured in the same run: python -m bench [NAME], among `tooling.services`.

A benchmark is a module of this package with `figures() -> Iterator[Figure]`, see `harness`.
"""
