"""What the fork server imports once, so that every worker starts warm; imported by nothing else."""

import multiprocessing.spawn
import os
import signal

# one BLAS thread a worker: the workers themselves are the parallelism, and threads count against their memory limit
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("OMP_NUM_THREADS", "1")
# a supervisor signals the whole process group: what ends, and when, the server alone decides
signal.signal(signal.SIGTERM, signal.SIG_IGN)
# a worker needs nothing of the program that started the server, which every child would import once more
for _step in ("_fixup_main_from_name", "_fixup_main_from_path"):
    setattr(multiprocessing.spawn, _step, lambda _: None)

import server.execution.worker  # noqa: E402, F401  # after the environment that numpy reads
