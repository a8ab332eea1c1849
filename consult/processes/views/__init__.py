"""Pages of policy processes: the desk of those who run them, and what the public sees."""

from consult.processes.views import group, jobs, processes, public, themes
from consult.processes.views.blueprint import blueprint

__all__ = ["blueprint", "group", "jobs", "processes", "public", "themes"]
