"""Glidepath runs a benzodiazepine rehabilitation centre, from the first call to the alumni group."""

__version__ = "0.1.0"
