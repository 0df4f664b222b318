"""A process that was asked to end, ends."""

import subprocess
import sys
import time

STUCK = """
import threading, time
from maillage.conference.management.ending import end_within
end_within(0.3)
threading.Thread(target=time.sleep, args=(60,)).start()
time.sleep(60)
"""


def test_a_process_stuck_in_its_threads_ends_all_the_same() -> None:
    before = time.monotonic()
    assert subprocess.run([sys.executable, "-c", STUCK], check=False, timeout=30).returncode == 0
    assert time.monotonic() - before < 20
