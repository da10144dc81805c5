"""Tells other programs of the ends of runs."""
