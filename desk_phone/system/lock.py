"""One writer: whoever changes a data directory holds its lock, the tray program or a command."""

from __future__ import annotations

import errno
import os
import sys
import time
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from desk_phone.errors import BadInput
from desk_phone.i18n import tr

_LOOK_AGAIN = 0.02  # seconds
_PID_WIDTH = 20
_TAKEN = (errno.EACCES, errno.EAGAIN, errno.EWOULDBLOCK, errno.EDEADLK)


class InstanceLock:
    """A lock that the system itself lifts when the process ends, even by ``kill -9``.

    The file stays where it is and says nothing by being there, so a lock is never stale. As a
    context manager it releases at the end what was taken inside.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self._fd = -1

    @property
    def is_held(self) -> bool:
        """Whether this object holds the lock."""
        return self._fd >= 0

    def take(self, wait: float = 0.0) -> bool:
        """Whether the lock is ours now; tries for ``wait`` seconds, at least once.

        Raises BadInput where the file cannot be opened or locked at all.
        """
        deadline = time.monotonic() + wait
        while not self._try():
            left = deadline - time.monotonic()
            if left <= 0:
                return False
            time.sleep(min(left, _LOOK_AGAIN))
        return True

    def release(self) -> None:
        if self.is_held:
            with suppress(OSError):
                _write_pid(self._fd, "")
            os.close(self._fd)
            self._fd = -1

    def holder(self) -> int:
        """The process that holds the lock, if `take` just failed; 0 when it is not known.

        After a ``kill -9`` the file still names the process that was killed.
        """
        try:
            return int(self._file.read_bytes()[:_PID_WIDTH].strip() or b"0")
        except (OSError, ValueError):
            return 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        where: TracebackType | None,
    ) -> None:
        self.release()

    def _try(self) -> bool:
        if self.is_held:
            return True
        try:
            fd = os.open(self._file, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise self._cannot(error) from error
        try:
            _lock(fd)
            if not self._is_in_place(fd):
                os.close(fd)
                return False
        except OSError as error:
            os.close(fd)
            if error.errno in _TAKEN:
                return False
            raise self._cannot(error) from error
        self._fd = fd
        with suppress(OSError):  # a full disk hides our pid, the lock holds all the same
            _write_pid(fd, str(os.getpid()))
        return True

    def _is_in_place(self, fd: int) -> bool:
        """Somebody may have removed the file between our opening and locking it."""
        try:
            return os.path.samestat(os.fstat(fd), self._file.stat())
        except FileNotFoundError:
            return False

    def _cannot(self, error: OSError) -> BadInput:
        return BadInput(
            tr("The data directory cannot be used"),
            tr("%(file)s: %(reason)s. Make the directory writable, or choose another one.")
            % {"file": self._file, "reason": error.strerror or error},
        )


def _write_pid(fd: int, pid: str) -> None:
    os.lseek(fd, 0, os.SEEK_SET)
    os.write(fd, pid.ljust(_PID_WIDTH - 1).encode() + b"\n")


if sys.platform == "win32":
    import msvcrt

    _FAR_BEHIND = 1 << 20  # Windows keeps others from reading what is locked, and they read the pid

    def _lock(fd: int) -> None:
        os.lseek(fd, _FAR_BEHIND, os.SEEK_SET)
        try:
            msvcrt.locking(fd, msvcrt.LK_NBLCK, 1)
        except OSError as error:  # Wine does not say why; the file is open, so it is taken
            raise OSError(error.errno or errno.EACCES, error.strerror) from error
else:
    import fcntl

    def _lock(fd: int) -> None:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
