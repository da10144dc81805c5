"""What outlives the process: database, result files."""
