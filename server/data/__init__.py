"""Market data: the catalogue of immutable bar series."""
