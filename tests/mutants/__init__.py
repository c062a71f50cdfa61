"""Mutants: small errors put into pure code one at a time, to see whether a test notices. `python -m tests.mutants`."""
