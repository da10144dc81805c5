"""`python -m server` is the `forge` command."""

from server.cli.main import main

main()
