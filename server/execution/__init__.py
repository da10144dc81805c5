"""Where tasks run: the executor port with its adapters."""
