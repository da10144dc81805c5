"""What the settings say to the parts that an owner and an edge share."""

from server.access import AccessRules
from server.live.options import LiveOptions
from server.settings import Settings


def live_options(settings: Settings) -> LiveOptions:
    """Of live delivery."""
    return LiveOptions(max_subscriptions=settings.max_subscriptions, bench=settings.bench)


def access_rules(settings: Settings) -> AccessRules:
    """Of those who ask."""
    return AccessRules(
        hosts=settings.allowed_hosts,
        origins=settings.allowed_origins,
        token=settings.token,
        max_body_bytes=settings.max_body_bytes,
        max_upload_bytes=settings.max_upload_bytes,
        max_connections=settings.max_connections,
        max_connections_per_address=settings.max_connections_per_address,
    )
