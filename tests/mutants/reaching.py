"""Which tests can meet a module at all: those that import it, by however many others."""

import ast
from functools import cache
from pathlib import Path


@cache
def named(path: Path) -> frozenset[str]:
    """Every module a file may mean by its imports, as full dotted names."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return frozenset(found)


def reached(path: Path, root: Path) -> set[str]:
    """All modules under the root that are imported when this file is."""
    found: set[str] = set()
    waiting = [path]
    while waiting:
        for name in named(waiting.pop()) - found:
            file = root / f"{name.replace('.', '/')}.py"
            if file.exists():
                found.add(name)
                waiting.append(file)
    return found
