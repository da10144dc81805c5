"""How run states travel: the broker port with its adapters."""
