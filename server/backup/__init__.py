"""Copies a home into one file while its server works, and makes a home of such a file."""
