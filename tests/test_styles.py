"""The stylesheets keep the order of authority: a screen never outranks a narrow window or paper by accident."""

import re
from pathlib import Path

import pytest

STYLES = Path(__file__).parent.parent / "static" / "css"
LAYERS = ["tokens", "base", "layout", "components", "screens", "narrow", "print"]
ADMINS = {"line.css"}  # a page of Django's admin, whose own sheets know no layers
SHEETS = sorted(path for path in STYLES.glob("*.css") if path.name not in ADMINS)


def outermost(css: str) -> list[str]:
    """What stands before each brace that is in no other, and each statement beside them."""
    found, depth, words = [], 0, ""
    for sign in re.sub(r"/\*.*?\*/", "", css, flags=re.S):
        if sign == "{":
            found += [words.strip()] if not depth else []
            depth += 1
        elif sign == "}":
            depth -= 1
        elif sign == ";" and not depth:
            found.append(words.strip())
        else:
            words += sign
            continue
        words = ""
    assert depth == 0, "braces do not match"
    return found


def test_fleet_names_the_layers_in_their_order():
    first = outermost((STYLES / "fleet.css").read_text())[0]
    assert first.removeprefix("@layer").replace(" ", "").split(",") == LAYERS


@pytest.mark.parametrize("path", SHEETS, ids=lambda path: path.name)
def test_every_rule_is_in_a_layer(path):
    layered = {f"@layer {name}" for name in LAYERS} | {f"@layer {', '.join(LAYERS)}"}
    assert set(outermost(path.read_text())) <= layered
