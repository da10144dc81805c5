"""What a strategy is written with, found by and frozen into."""
