"""Spans of requests and runs for OpenTelemetry. Imported only where FORGE_OTLP is set: it needs the extra `tracing`."""
