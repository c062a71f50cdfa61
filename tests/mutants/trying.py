"""Would a test notice? Each mutant lives in a fork of its own: nothing is written, and pytest is imported once."""

import os
import resource
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.abc import Loader, MetaPathFinder
from importlib.util import spec_from_loader
from pathlib import Path

import hypothesis
import pytest

SURVIVED, KILLED, TIMED_OUT = "survived", "killed", "timed out"
MEMORY = 2 * 1024**3  # a loop without an end must not take the machine along
EXAMPLES = 25
QUIET = ("-x", "-q", "--assert=plain", "--noconftest", "--tb=no", "-c", os.devnull, "--rootdir=.")
PLUGINS = ("_hypothesis_pytestplugin", "no:cacheprovider", "no:faulthandler", "no:warnings")


class Swap(MetaPathFinder, Loader):
    """Answers the import of one module with other code."""

    def __init__(self, module: str, code: str):
        self.module, self.code = module, code

    def find_spec(self, fullname, path, target=None):
        return spec_from_loader(fullname, self) if fullname == self.module else None

    def exec_module(self, module):
        exec(compile(self.code, self.module, "exec"), module.__dict__)


@contextmanager
def nothing_written() -> Iterator[None]:
    """Caches lie elsewhere; the same examples each time, and a failing one is not made shorter."""
    scratch = tempfile.mkdtemp(prefix="fettle-mutants-")
    sys.pycache_prefix = scratch
    os.environ |= {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "HYPOTHESIS_STORAGE_DIRECTORY": scratch}
    hypothesis.settings.register_profile(
        "mutants",
        max_examples=EXAMPLES,
        derandomize=True,
        database=None,
        deadline=None,
        phases=(hypothesis.Phase.explicit, hypothesis.Phase.generate),
        report_multiple_bugs=False,
        suppress_health_check=list(hypothesis.HealthCheck),
    )
    hypothesis.settings.load_profile("mutants")
    try:
        yield
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def verdict(tests: Sequence[Path], limit_s: int, module: str = "", code: str = "") -> str:
    """Of these tests, with this code in place of that module’s; without a module, of the tree as it is."""
    child = os.fork()
    if child == 0:
        _live(tests, limit_s, Swap(module, code) if module else None)
    status = os.waitpid(child, 0)[1]
    if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGALRM:
        return TIMED_OUT
    return SURVIVED if status == 0 else KILLED


def _live(tests: Sequence[Path], limit_s: int, swap: Swap | None) -> None:
    """The child’s whole life; whatever goes wrong in it, an import too, is noticed."""
    noticed = 1
    try:
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.alarm(limit_s)
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        silence = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silence, 1)
        os.dup2(silence, 2)
        if swap:
            sys.meta_path.insert(0, swap)
        plugins = [word for name in PLUGINS for word in ("-p", name)]
        noticed = int(pytest.main([*QUIET, *plugins, *map(str, tests)]))
    finally:
        os._exit(noticed)
