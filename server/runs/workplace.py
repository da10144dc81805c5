"""What running an attempt needs around it."""

from dataclasses import dataclass

from server.execution.port import Executor
from server.runs.speeds import Speeds
from server.store.port import RunStore
from server.store.results import ResultFiles


@dataclass(frozen=True)
class Workplace:
    """Where tasks run, where what they leave is kept, how fast they were."""

    executor: Executor
    store: RunStore
    results: ResultFiles
    speeds: Speeds
