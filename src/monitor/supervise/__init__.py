"""What keeps the service alive: the processes, the questions to the Prefect server, and the watch over both.

Nothing here imports Prefect: the server is a process that is started, and an address that is asked.
"""

from monitor.supervise.programs import Program, prefect_environment, programs
from monitor.supervise.supervisor import Supervisor
from monitor.supervise.watch import Watch

__all__ = ["Program", "Supervisor", "Watch", "prefect_environment", "programs"]
