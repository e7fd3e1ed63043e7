"""The service as a process of its own, with its page; it can be killed and started again."""

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

from benchmarks.free_port import free_port

PROGRAM = Path(sys.executable).with_name("servicepolicy")
QUICKLY = {"PYTHONUNBUFFERED": "1", "SERVICEPOLICY_DRAIN_SECONDS": "0"}


class Server:
    """A running service on a store of its own."""

    def __init__(self, folder: Path) -> None:
        """Start it."""
        self.folder, self.port = folder, free_port()
        self.process = self._started()

    @property
    def address(self) -> str:
        """Where it listens; the same after a restart."""
        return f"http://127.0.0.1:{self.port}"

    def restart(self, how: signal.Signals = signal.SIGKILL) -> None:
        """End it, hard by default, and start it again at the same address."""
        self.process.send_signal(how)
        self._ended()
        self.process = self._started()

    def stop(self) -> None:
        """End it for good."""
        self.process.send_signal(signal.SIGTERM)
        self._ended()

    def _ended(self) -> None:
        try:
            self.process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        # What it said is read to the end, and the pipe closed.
        self._listening.join()
        if self.process.stderr is not None:
            self.process.stderr.close()

    def _started(self) -> "subprocess.Popen[str]":
        store = str(self.folder / "store")
        process = subprocess.Popen(
            [PROGRAM, "serve", "--port", str(self.port)],
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "SERVICEPOLICY_STORE_FOLDER": store, **QUICKLY},
            cwd=self.folder,
        )
        assert process.stderr is not None
        said = []
        for line in process.stderr:
            said.append(line)
            if f"running on {self.address}" in line:
                break
        else:
            raise AssertionError(f"the service did not start: {''.join(said)}")
        # What it goes on to say must be read, or it stops when the pipe is full.
        self._listening = threading.Thread(target=process.stderr.read, daemon=True)
        self._listening.start()
        return process
