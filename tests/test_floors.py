"""What we agreed about who may know whom. The large lines are in pyproject.toml; here is what a layer cannot say."""

import ast
import sys
from pathlib import Path

import pytest
from importlinter.cli import lint_imports

ROOT = Path(__file__).resolve().parent.parent
HOUSE = [path for app in ("fleet", "vehicles", "maintenance") for path in sorted((ROOT / app).rglob("*.py"))]
SANDBOX = ROOT / "vehicles" / "smartcar" / "sandbox"
DRAWERS = {"utils", "helpers", "common", "core", "services", "managers", "signals"}
# There a signal is what a car tells, not a way to hide a call.
NOT_A_DRAWER = {ROOT / "vehicles" / "domain" / "signals.py"}

# The standard library, less what asks the clock or touches the world.
WORLDLY = {"os", "io", "pathlib", "shutil", "tempfile", "subprocess", "socket", "ssl", "http", "sqlite3", "time"}
WORLDLY |= {"threading", "multiprocessing", "asyncio", "logging", "random", "secrets"}
STDLIB = set(sys.stdlib_module_names)


def names(path: Path) -> str:
    return str(path.relative_to(ROOT))


def imports(path: Path) -> set[str]:
    """Everything a file imports, as full dotted names."""
    package = path.relative_to(ROOT).with_suffix("").parts[:-1]
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = (
                ".".join((*package[: len(package) - node.level + 1], node.module or "")) if node.level else node.module
            )
            found |= {f"{base.rstrip('.')}.{alias.name}" for alias in node.names}
    return found


def strangers(path: Path, *, own: tuple[str, ...], stdlib: set[str]) -> set[str]:
    def known(name: str) -> bool:
        return name.split(".")[0] in stdlib or any(name == room or name.startswith(f"{room}.") for room in own)

    return {name for name in imports(path) if not known(name)}


def test_the_floors_of_the_house_are_kept():
    assert lint_imports(no_cache=True, no_logo=True) == 0


@pytest.mark.parametrize("path", [path for path in HOUSE if "domain" in path.parts], ids=names)
def test_domain_knows_only_numbers(path):
    app = path.relative_to(ROOT).parts[0]
    below = ("vehicles.domain",) if app == "maintenance" else ()  # as pure as itself, and a floor further down

    assert strangers(path, own=(f"{app}.domain", *below, "fleet.kit.units"), stdlib=STDLIB - WORLDLY) == set()


@pytest.mark.parametrize("path", [path for path in HOUSE if "domain" in path.parts], ids=names)
def test_domain_never_asks_the_clock(path):
    asked = {
        node.func.attr
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    }

    assert not asked & {"now", "utcnow", "today", "localtime"}


@pytest.mark.parametrize("path", sorted(SANDBOX.rglob("*.py")), ids=names)
def test_the_sandbox_shares_nothing_with_what_it_tests(path):
    own = ("vehicles.smartcar.sandbox", "requests", "werkzeug", "markupsafe", "cryptography", "http_ece")

    assert strangers(path, own=own, stdlib=STDLIB) == set()


@pytest.mark.parametrize("path", sorted((ROOT / "vehicles" / "smartcar").glob("*.py")), ids=names)
def test_the_client_knows_the_wire_and_the_words_and_no_more(path):
    own = ("vehicles.smartcar", "vehicles.domain", "requests", "urllib3", "orjson")

    assert strangers(path, own=own, stdlib=STDLIB) == set()
    assert not {name for name in imports(path) if name.startswith("vehicles.smartcar.sandbox")}


@pytest.mark.parametrize("path", sorted((ROOT / "fleet" / "supervisor").glob("*.py")), ids=names)
def test_the_supervisor_stands_on_the_standard_library_alone(path):
    neighbours = tuple(neighbour.stem for neighbour in path.parent.glob("*.py"))

    assert strangers(path, own=neighbours if path.stem == "__main__" else (), stdlib=STDLIB) == set()


def test_no_module_is_a_drawer():
    drawers = [names(path) for path in HOUSE if {path.stem, path.parent.name} & DRAWERS and path not in NOT_A_DRAWER]

    assert drawers == []
