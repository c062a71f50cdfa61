"""`python -m tests.mutants [module] …`: which small errors in pure code would no test notice? Without names, all.

`--share 0.2 --seed 1` tries a fifth of them. What is counted, and what was found, is in docs/MUTANTS.md.
"""

import argparse
import time
from collections.abc import Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from tests.mutants import making, reaching, trying

DOMAIN = "maintenance.domain"
TESTS = ("tests/maintenance/domain", "tests/maintenance/test_stories.py")


class Trial:
    """One package, and the tests that should hold it."""

    def __init__(self, package: str, tests: Sequence[str]):
        self.package = package
        self.folder = Path(find_spec(package).submodule_search_locations[0])
        root = self.folder.parents[package.count(".")]
        self.reached = {path: reaching.reached(path, root) for name in tests for path in _files(Path(name))}

    def names(self) -> list[str]:
        return sorted(path.stem for path in self.folder.glob("*.py") if path.read_text(encoding="utf-8").strip())

    def run(self, name: str, share: float, seed: int) -> tuple[int, int]:
        """How many were tried and how many of them noticed; those that were not are printed."""
        made = making.mutants((self.folder / f"{name}.py").read_text(encoding="utf-8"))
        tried = making.share_of(made, share, f"{seed} {name}")
        stages = self._stages(f"{self.package}.{name}")
        alive = [mutant for mutant in tried if self._survives(mutant, f"{self.package}.{name}", stages)]
        print(f"\n{name}: {score(len(tried) - len(alive), len(tried))}", flush=True)
        for mutant in alive:
            print(f"  {mutant.operator}", *mutant.diff, sep="\n    ", flush=True)
        return len(tried), len(tried) - len(alive)

    def _stages(self, module: str) -> list[tuple[list[Path], float]]:
        """The tests that name the module, then all others that reach it; the quick ones first. With their seconds."""
        usual_s = {path: self._seconds(path) for path, modules in self.reached.items() if module in modules}
        quick = sorted(usual_s, key=usual_s.get)
        own = [path for path in quick if module in reaching.named(path)]
        others = [path for path in quick if path not in own]
        return [(paths, sum(usual_s[path] for path in paths)) for paths in (own, others) if paths]

    def _survives(self, mutant: making.Mutant, module: str, stages) -> bool:
        return all(
            trying.verdict(paths, limit(usual_s), module, mutant.code) == trying.SURVIVED for paths, usual_s in stages
        )

    @cache  # noqa: B019 - there is one trial, and it lives as long as the command
    def _seconds(self, path: Path) -> float:
        began = time.monotonic()
        if trying.verdict([path], 600) != trying.SURVIVED:
            raise SystemExit(f"{path} fails without any mutant, or not without Django.")
        return time.monotonic() - began


def limit(usual_s: float) -> int:
    return int(4 * usual_s) + 3


def score(killed: int, tried: int) -> str:
    return f"{killed} of {tried} noticed" + (f", {100 * killed / tried:.1f} %" if tried else "")


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
        counts = [trial.run(name, asked.share, asked.seed) for name in asked.modules or trial.names()]
    tried, killed = (sum(column) for column in zip(*counts, strict=True))
    print(f"\nall: {score(killed, tried)}", flush=True)


if __name__ == "__main__":
    main()
