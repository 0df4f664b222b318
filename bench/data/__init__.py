"""What the benchmarks run on. Needs Django ready: see `bench.plan`."""
