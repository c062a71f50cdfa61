"""`python -m tests.mutants [module] …`: which small errors in pure code would no test notice? Without names, all.

`--share 0.2 --seed 1` tries a fifth of them. What is counted, and what was found, is in docs/MUTANTS.md.
"""

import argparse
import time
from collections import Counter
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from tests.mutants import making, reaching, trying

DOMAIN = "maintenance.domain"
UNMUTATED_S = 600
FILES_AT_ONCE = 5
TESTS = ("tests/maintenance/domain", "tests/maintenance/test_stories.py")


class Trial:
    """One package, and the tests that should hold it."""

    def __init__(self, package: str, tests: Sequence[str]):
        self.package = package
        self.folder = Path(find_spec(package).submodule_search_locations[0])
        root = self.folder.parents[package.count(".")]
        self.reached = {path: reaching.reached(path, root) for name in tests for path in _files(Path(name))}
        self.seconds: dict[Path, float] = {}

    def names(self) -> list[str]:
        return sorted(path.stem for path in self.folder.glob("*.py") if path.read_text(encoding="utf-8").strip())

    def run(self, name: str, share: float, seed: int) -> Counter:
        """How many came to which end; those that no test noticed are printed."""
        module = f"{self.package}.{name}"
        made = making.mutants((self.folder / f"{name}.py").read_text(encoding="utf-8"))
        stages = self._stages(module)
        ends = [(one, self._end(one, module, stages)) for one in making.share_of(made, share, f"{seed} {name}")]
        counts = Counter(end for _, end in ends)
        print(f"\n{name}: {score(counts)}", flush=True)
        for mutant, end in ends:
            if end == trying.SURVIVED:
                print(f"  {mutant.operator}", *mutant.diff, sep="\n    ", flush=True)
        return counts

    def _stages(self, module: str) -> list[tuple[list[Path], float]]:
        """The tests that name the module, then all others that reach it; the quick ones first. With their seconds.

        A few files at a time: most mutants are noticed by the first ones, and the others need not be read.
        """
        usual_s = {path: self._seconds(path) for path, modules in self.reached.items() if module in modules}
        order = sorted(usual_s, key=lambda path: (module not in reaching.named(path), usual_s[path]))
        batches = [order[start : start + FILES_AT_ONCE] for start in range(0, len(order), FILES_AT_ONCE)]
        return [(paths, sum(usual_s[path] for path in paths)) for paths in batches]

    def _end(self, mutant: making.Mutant, module: str, stages) -> str:
        for paths, usual_s in stages:
            end = trying.verdict(paths, limit(usual_s), module, mutant.code)
            if end != trying.SURVIVED:
                return end
        return trying.SURVIVED

    def _seconds(self, path: Path) -> float:
        """How long these tests take without any mutant, measured once."""
        if path not in self.seconds:
            began = time.monotonic()
            if trying.verdict([path], UNMUTATED_S) != trying.SURVIVED:
                raise SystemExit(f"{path} fails by itself, without any mutant and without Django.")
            self.seconds[path] = time.monotonic() - began
        return self.seconds[path]


def limit(usual_s: float) -> int:
    return int(4 * usual_s) + 3


def score(counts: Counter) -> str:
    """A mutant that runs for ever is noticed too, but a slow machine looks the same, so those are told apart."""
    tried, late = counts.total(), counts[trying.TIMED_OUT]
    noticed = tried - counts[trying.SURVIVED]
    share = f", {100 * noticed / tried:.1f} %" if tried else ""
    return f"{noticed} of {tried} noticed{share}" + (f" ({late} ran out of time)" if late else "")


def _files(path: Path) -> list[Path]:
    return sorted(path.glob("test_*.py")) if path.is_dir() else [path]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__.splitlines()[0])
    parser.add_argument("modules", nargs="*")
    parser.add_argument("--share", type=float, default=1.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--package", default=DOMAIN)
    parser.add_argument("--tests", nargs="+", default=TESTS)
    asked = parser.parse_args()
    with trying.nothing_written():
        trial = Trial(asked.package, asked.tests)
        if unknown := set(asked.modules) - set(trial.names()):
            parser.error(f"{asked.package} has no {', '.join(sorted(unknown))}")
        counts = [trial.run(name, asked.share, asked.seed) for name in asked.modules or trial.names()]
    print(f"\nall: {score(sum(counts, Counter()))}", flush=True)


if __name__ == "__main__":
    main()
