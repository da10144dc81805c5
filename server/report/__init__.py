"""Reports of finished runs as single HTML files: pure functions from what is known of a run to text."""
