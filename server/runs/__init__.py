"""The life of a run from submission to its final state."""
