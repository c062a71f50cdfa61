"""One at a time in this process. Threads that sweep the same rows side by side only wait for each other."""

import threading
from collections.abc import Callable


class Turnstile:
    """Does a piece of work again and again until it says that nothing is left.

    Who comes while it is at work does not wait: it is told, and goes round once more. So a ring is never lost, and
    never costs a second thread.
    """

    def __init__(self, work: Callable[[], bool]):
        self.work, self.rung, self.busy = work, threading.Event(), threading.Lock()

    def __call__(self) -> None:
        self.rung.set()
        while self.rung.is_set() and self.busy.acquire(blocking=False):
            try:
                while self.rung.is_set():
                    self.rung.clear()
                    if self.work():
                        self.rung.set()
            finally:
                self.busy.release()
