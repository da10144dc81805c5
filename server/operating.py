"""What an owner does besides, as the settings say: what it keeps, whom it tells, where its traces go."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from starlette.types import ASGIApp

from server.broker.port import Broker
from server.contract.retention import KeepRules
from server.settings import Settings
from server.webhooks.service import NoticeStore, Webhooks, webhooks_to
from server.webhooks.signing import key_of


def keep_rules(settings: Settings) -> KeepRules:
    """How much is kept."""
    return KeepRules(
        runs=settings.keep_runs,
        days=settings.keep_days,
        event_log_days=settings.keep_event_log_days,
        dataset_versions=settings.keep_dataset_versions,
    )


def webhooks_of(settings: Settings, store: NoticeStore) -> AbstractAsyncContextManager[Webhooks]:
    """Who is told of ends."""
    secret = settings.webhook_secret
    key = b"" if secret is None else key_of(secret)  # without one there are no receivers either
    return webhooks_to(settings.webhooks, key, store, base_url=settings.public_url or "")


@asynccontextmanager
async def tracing(settings: Settings, store_id: str, broker: Broker) -> AsyncIterator[Callable[[ASGIApp], ASGIApp]]:
    """What goes around what is let in: nothing, and nothing is imported, where no collector is named."""
    if settings.otlp is None:
        yield lambda app: app
        return
    from server.tracing.exporting import traced_to
    from server.tracing.requests import TracedRequests

    async with traced_to(settings.otlp, store_id, broker) as tracer:
        yield lambda app: TracedRequests(app, tracer)
