"""The Nu Html Checker, the judge of the standard's own people: a jar, which wants java (17 or newer).

`VNU_JAR` names a copy. Without it npm brings the package that the checker's makers keep current: the one on PyPI stands
still since 2022 and knows no popover. Nothing else here needs npm, so the judge sits in the long tier alone.
"""

import hashlib
import json
import os
import re
import shutil
import subprocess
import tarfile
import tempfile
from pathlib import Path

VERSION = "26.9.27"
SHA256 = "22f15dd39a33bed929d2a5c0cddf5946849a647eca9272bf4d5d00bc7e7a4d47"
KEPT = Path(tempfile.gettempdir()) / f"fettle-vnu-{VERSION}.jar"
MISSING = "VNU_JAR names no jar, and there is no java, no npm, or no network to bring one"


def jar() -> Path | None:
    """The checker, brought when it is not there; nothing where that cannot be. In CI with java it must be."""
    if shutil.which("java") is None:
        return None
    if named := os.environ.get("VNU_JAR"):
        return Path(named)
    if not is_ours(KEPT):
        bring()
    found = KEPT if is_ours(KEPT) else None
    assert found or os.environ.get("CI") != "true", MISSING
    return found


def bring() -> None:
    if shutil.which("npm") is None:
        return
    with tempfile.TemporaryDirectory() as folder:
        asked = ["npm", "pack", "--silent", f"vnu-jar@{VERSION}", "--pack-destination", folder]
        if subprocess.run(asked, cwd=folder, capture_output=True, timeout=300, check=False).returncode:
            return
        with tarfile.open(Path(folder) / f"vnu-jar-{VERSION}.tgz") as package:
            body = package.extractfile("package/build/dist/vnu.jar").read()
        brought = Path(folder) / "vnu.jar"
        brought.write_bytes(body)
        if is_ours(brought):
            shutil.move(brought, KEPT)


def is_ours(path: Path) -> bool:
    return path.exists() and hashlib.sha256(path.read_bytes()).hexdigest() == SHA256


def judge(jar: Path, folder: Path) -> list[str]:
    """What it finds wrong in the pages of this folder, errors and warnings alike: page, line, what, and the words."""
    asked = ["java", "-jar", str(jar), "--format", "json", "--stdout", "--exit-zero-always", str(folder)]
    answer = subprocess.run(asked, capture_output=True, text=True, timeout=300, check=True)
    return sorted({told(one, folder) for one in json.loads(answer.stdout)["messages"] if not is_htmx(one["message"])})


def is_htmx(message: str) -> bool:
    """The one liberty we take: htmx reads its attributes without `data-` too, which no other tool claims."""
    return bool(re.fullmatch(r"Attribute “hx-[a-z-]+” not allowed on element “\w+” at this point.", message))


def told(message: dict, folder: Path) -> str:
    page = Path(message["url"].removeprefix("file:"))
    where = page.read_text(encoding="utf-8").rpartition("<!-- ")[2].removesuffix(" -->")
    return (
        f"{where} line {message.get('lastLine')}: {message['message']} ({' '.join(message.get('extract', '').split())})"
    )
