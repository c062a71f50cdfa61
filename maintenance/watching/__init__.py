"""Thresholds: which cars are past them, since when, and who should know."""
