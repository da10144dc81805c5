"""What the fork server imports once, so that every worker starts warm; imported by nothing else."""

import os
import signal

# one BLAS thread a worker: the workers themselves are the parallelism, and threads count against their memory limit
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("OMP_NUM_THREADS", "1")
# a supervisor signals the whole process group: what ends, and when, the server alone decides
signal.signal(signal.SIGTERM, signal.SIG_IGN)

import server.execution.worker  # noqa: E402, F401  # after the environment that numpy reads
