"""WebSocket delivery of run states."""
