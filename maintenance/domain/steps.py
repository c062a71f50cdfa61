"""A step of a checklist as a person writes it: “Thinnest pad, front [mm]” asks for a figure in mm."""

import re

ASKING = re.compile(r"(?P<text>.*?)\s*\[(?P<unit>[^\[\]]{1,12})\]")


def step_of(line: str) -> dict[str, str]:
    """{"text": …}, with "unit" where a figure is asked for."""
    found = ASKING.fullmatch(line)
    return {"text": found["text"], "unit": found["unit"].strip()} if found else {"text": line}


def as_typed(step: dict[str, str]) -> str:
    return f"{step['text']} [{step['unit']}]" if step.get("unit") else step["text"]
