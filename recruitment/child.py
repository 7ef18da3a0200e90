"""Run a Python module as a child that ends when its parent does, however the parent ended.

    python -m recruitment.child FD MODULE ARGUMENTS...

FD is the reading end of a pipe whose writing end only the parent holds; the system closes it with the parent. The child
leads a process group of its own, so that its own children end with it.
"""

from __future__ import annotations

import os
import runpy
import signal
import sys
import threading
import time

GRACE_SECONDS = 8


def main() -> None:
    pipe, module = int(sys.argv[1]), sys.argv[2]
    os.set_inheritable(pipe, False)
    threading.Thread(target=end_with_parent, args=(pipe,), name="parent-watch", daemon=True).start()
    sys.argv = sys.argv[2:]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


def end_with_parent(pipe: int) -> None:
    """Wait for the pipe to close, then end the whole group: politely, then for certain."""
    os.read(pipe, 1)
    os.killpg(os.getpgrp(), signal.SIGTERM)
    time.sleep(GRACE_SECONDS)
    os.killpg(os.getpgrp(), signal.SIGKILL)


if __name__ == "__main__":
    main()
