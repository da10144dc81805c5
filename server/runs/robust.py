"""Looks at the leaders of a finished sweep once more: at their neighbours, and at all that were tried."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from server.contract.requests import DATA_AXIS
from server.contract.results import LeaderRobustness, Robustness
from server.contract.run import Leader
from server.data.bars import open_bars
from server.engine.metrics import periods_a_year
from server.engine.tables import TRIAL_STATUSES
from server.execution.tasks import DataSlice
from server.optimization.ranking import Ranking
from server.optimization.robustness import deflated_sharpe, neighbourhood
from server.optimization.space import Space
from server.runs.stored_trials import sets_of
from server.store.trial_files import chunk_paths, read_chunk
from server.store.trial_set import TrialSet


def robustness_of(
    folder: Path, leaders: list[Leader], *, ranking: Ranking, space: Space, mains: Mapping[str, DataSlice]
) -> Robustness | None:
    """How robust the leaders of the trials in `folder` are; None where nothing leads.

    `mains`: the series whose bars the Sharpe ratios are of, by data set where these are an axis. The best one is then
    deflated among the trials of its data set: ratios of bars of other lengths are no chances of the same draw.
    ForgeError where a file of trials cannot be read.
    """
    if not leaders:
        return None
    trials = TrialSet([read_chunk(path) for path in chunk_paths(folder)])
    completed = np.flatnonzero(trials.column("status") == TRIAL_STATUSES.index("Completed"))
    sets, rows = sets_of(space, trials, completed)
    sets, first = np.unique(sets, return_index=True)
    values = trials.column(ranking.sort_by)[rows[first]]
    market = leaders[0].parameters.get(DATA_AXIS, "")
    if market:
        completed = completed[trials.column(DATA_AXIS)[completed] == market]
    lengths = [len(axis) for axis in space.values]
    return Robustness(
        deflated_sharpe=_deflated_sharpe(trials, completed, leaders[0], mains[str(market)]),
        trials=len(completed),
        leaders=[
            LeaderRobustness(
                trial_key=leader.trial_key,
                value=leader.value,
                **neighbourhood(space.position_of(leader.parameters), lengths, sets, values)._asdict(),
            )
            for leader in leaders
        ],
    )


def _deflated_sharpe(trials: TrialSet, completed: np.ndarray, best: Leader, main: DataSlice) -> float | None:
    times = open_bars(Path(main.directory))[0, main.first_row : main.stop_row]
    periods = periods_a_year(times)
    if periods is None:
        return None
    ratios = trials.column("sharpeRatio")[completed] / np.sqrt(periods)
    of_best = np.flatnonzero(trials.column("trialKey")[completed] == best.trial_key.encode())
    return deflated_sharpe(float(ratios[of_best[0]]), ratios, len(times)) if len(of_best) else None
