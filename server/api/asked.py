"""What a stored submission asked for, as far as showing its result needs it."""

from typing import Final

import msgspec
from msgspec import UNSET, UnsetType

from server.contract.base import Model
from server.contract.requests import DataSubscription, Filters
from server.data.naming import normal_name
from server.optimization.leaders import FITNESS, larger_leads
from server.optimization.ranking import bounds_of
from server.runs.port import RunView
from server.store.port import AttemptRecord
from server.store.trial_query import Bounds


class _Asked(Model, frozen=True, kw_only=True):
    """The few fields of a request that are needed; the others are passed over."""

    data_subscriptions: list[DataSubscription] | UnsetType = UNSET
    sort_by: str = FITNESS
    filters: Filters = Filters()


_DECODER: Final = msgspec.json.Decoder(_Asked)


def best_first(record: AttemptRecord) -> str:
    """The order of a sweep's trials in which the best ones come first."""
    sort_by = _DECODER.decode(record.request).sort_by
    return f"-{sort_by}" if larger_leads(sort_by) else sort_by


def leading(record: AttemptRecord) -> Bounds:
    """What a trial of a sweep has to keep to lead."""
    return tuple(bounds_of(_DECODER.decode(record.request).filters).items())


def asset_names(view: RunView) -> list[str]:
    """The assets of a backtest as its result files number them: each by its first data subscription.

    An asset is told by its name and exchange, as in server.engine.market. Every attempt of a run has the same.
    """
    request = view.completed.request if view.completed else view.request
    subscriptions = UNSET if request is None else _DECODER.decode(request).data_subscriptions
    if isinstance(subscriptions, UnsetType):
        return [view.snapshot.run.asset_name]
    names = [(normal_name(one.asset_name, "assetName"), normal_name(one.exchange, "exchange")) for one in subscriptions]
    return [name for name, _ in dict.fromkeys(names)]
