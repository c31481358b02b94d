"""Runs children and says what they took, as the kernel counted it."""

import os
import subprocess
import time
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True)
class Taken:
    """What one run took: seconds, and bytes at its peak."""

    cpu: float
    wall: float
    memory: int


class RunFailed(Exception):
    """A child that did not do what is measured: its row is left out, with the reason."""


def run(commands, env, folder, output):
    """Runs a pipe of commands; the output of the last goes to a file.

    CPU and memory of all commands are added up. A command's own children count where it waits for
    them. What they say is kept in the folder, in `errors`.
    """
    children = []
    began = time.monotonic()
    with open(output, "wb") as sink, open(os.path.join(folder, "errors"), "wb") as errors:
        source = subprocess.DEVNULL
        for place, command in enumerate(commands):
            last = place == len(commands) - 1
            child = subprocess.Popen(
                command, stdin=source, stdout=sink if last else subprocess.PIPE, stderr=errors, env=env, cwd=folder
            )
            if source is not subprocess.DEVNULL:
                source.close()
            source = child.stdout
            children.append(child)
        usages = [waited(child) for child in children]
    taken = Taken(
        sum(usage.ru_utime + usage.ru_stime for usage in usages),
        time.monotonic() - began,
        sum(usage.ru_maxrss * 1024 for usage in usages),
    )
    for command, child in zip(commands, children):
        if child.returncode != 0:
            with open(os.path.join(folder, "errors"), "rb") as errors:
                said = errors.read()[-600:].decode(errors="replace")
            raise RunFailed(f"{os.path.basename(command[0])} ended with {child.returncode}: {said}")
    return taken


def waited(child):
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    return usage


@dataclass
class Runs:
    """All runs of one row."""

    taken: list
    records: int = 0

    def low(self, of):
        return min(getattr(one, of) for one in self.taken)

    def middle(self, of):
        return median(getattr(one, of) for one in self.taken)

    @property
    def peak(self):
        """The worst of all runs: a limit of memory is to be kept always."""
        return max(one.memory for one in self.taken)
