"""The event-driven bar loop."""
