"""Processor time of a process and all its descendants, as Linux counts it (proc_pid_stat(5))."""

import os
from dataclasses import dataclass
from pathlib import Path

from bench.anchor.errors import AnchorUnavailableError

PROC = Path("/proc")
PARENT, USER_TICKS, SYSTEM_TICKS = 1, 11, 12  # places after the command's closing parenthesis


@dataclass(frozen=True)
class ProcessorTime:
    """Processor time in seconds: in the program itself, and in the kernel on its behalf."""

    user: float
    system: float

    @property
    def total(self) -> float:
        """Both together, in seconds."""
        return self.user + self.system

    def __sub__(self, earlier: "ProcessorTime") -> "ProcessorTime":
        return ProcessorTime(self.user - earlier.user, self.system - earlier.system)


def process_tree(root: int) -> frozenset[int]:
    """The process ids of `root` and its living descendants. Raises AnchorUnavailableError without Linux's /proc."""
    parents = {pid: int(fields[PARENT]) for pid in _processes() if (fields := _stat(pid))}
    family = {root}
    while grown := {pid for pid, parent in parents.items() if parent in family} - family:
        family |= grown
    return frozenset(family & parents.keys())


def processor_time(pids: frozenset[int]) -> ProcessorTime:
    """What these processes have spent since they started, to the clock tick (mostly 10 ms)."""
    fields = [_stat(pid) for pid in pids]
    user = sum(int(each[USER_TICKS]) for each in fields if each)
    system = sum(int(each[SYSTEM_TICKS]) for each in fields if each)
    ticks_a_second = os.sysconf("SC_CLK_TCK")
    return ProcessorTime(user / ticks_a_second, system / ticks_a_second)


def _processes() -> list[int]:
    if not (PROC / "self" / "stat").is_file():
        raise AnchorUnavailableError("processor time is read from Linux's /proc, which this machine lacks")
    return [int(entry.name) for entry in PROC.iterdir() if entry.name.isdigit()]


def _stat(pid: int) -> list[str]:
    try:
        line = (PROC / str(pid) / "stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return []
    return line.rpartition(")")[2].split()
