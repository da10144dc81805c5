"""What is wrong with this machine and this set-up: one check a function, each of which tells of its own failure."""
