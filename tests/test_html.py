"""Every page is HTML as the standard has it: for a strict parser, by its names and references, and for the judge."""

import pytest

pytest.importorskip("html5lib")

import html5lib

from tests import rendered, vnu

pytestmark = pytest.mark.django_db
REFERRING = ("for", "headers", "form", "list", "popovertarget", "commandfor")
REFERRING += ("aria-labelledby", "aria-describedby", "aria-controls", "aria-owns", "aria-details", "aria-errormessage")
REFERRING += ("aria-activedescendant", "aria-flowto")
# Within one of these no other may stand: a finger could not tell which it presses.
PRESSED = {"a", "button", "label", "summary"}
INSIDE = {"a", "button", "select", "textarea", "iframe", "details"}


@pytest.fixture(autouse=True)
def demo(settings):
    settings.DEMO = True


def test_every_page_parses_without_an_error_and_its_names_hold():
    pages = rendered.pages(rendered.furnished())
    wrong = [f"{where}: {what}" for where, page in pages.items() for what in faults(page)]

    assert len(pages) > 100
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("<p id=a></p><p id=a></p>", "two have the id a"),
        ("<label for=b>B</label>", "for=b names nothing"),
        ("<input aria-describedby='c d'><p id=c></p>", "aria-describedby=d names nothing"),
        ("<a href=/><button>In</button></a>", "button stands within a"),
        ("<h1>Two</h1>", "2 headings of the first level"),
        ("<p><div></div></p>", "unexpected-end-tag"),
        ("<table><p>Out</p></table>", "table-voodoo"),
    ],
)
def test_what_is_wrong_is_found(body, said):
    page = f"<!doctype html><html lang=en><head><title>T</title></head><body><h1>One</h1>{body}</body></html>"
    assert any(said in one for one in faults(page)), faults(page)


def faults(page: str) -> list[str]:
    """What is wrong with this page, in words; empty for a good one."""
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    tree = parser.parse(page)
    found = [f"line {line}: {code} {about or ''}" for (line, _), code, about in parser.errors]
    return found + of_the_frame(tree) + of_names(tree) + of_pressing(tree)


def of_the_frame(tree) -> list[str]:
    found = []
    headings = len(tree.findall(".//h1"))
    if headings != 1:
        found.append(f"{headings} headings of the first level")
    if not tree.get("lang"):
        found.append("no language")
    if not (tree.findtext("head/title") or "").strip():
        found.append("no title")
    return found


def of_names(tree) -> list[str]:
    ids = [one.get("id") for one in tree.iter() if one.get("id") is not None]
    found = [f"two have the id {name}" for name in sorted({name for name in ids if ids.count(name) > 1})]
    for one in tree.iter():
        for attribute in REFERRING:
            for name in (one.get(attribute) or "").split():
                if name not in ids:
                    found.append(f"{attribute}={name} names nothing")
    return found


def of_pressing(tree) -> list[str]:
    found = []
    for outer in tree.iter():
        if outer.tag in PRESSED:
            within = [one.tag for one in outer.iter() if one is not outer and one.tag in INSIDE]
            if outer.tag == "label":
                within = [tag for tag in within if tag not in ("select", "textarea")]
            found += [f"{tag} stands within {outer.tag}" for tag in within]
    return found


@pytest.mark.long
def test_the_judge_of_the_standard_finds_nothing(tmp_path):
    jar = vnu.jar()
    if jar is None:
        pytest.skip(vnu.MISSING)
    for place, (where, page) in enumerate(rendered.pages(rendered.furnished()).items()):
        (tmp_path / f"{place:03}.html").write_text(f"{page}<!-- {where} -->", encoding="utf-8")

    wrong = vnu.judge(jar, tmp_path)
    assert not wrong, "\n".join(wrong)
