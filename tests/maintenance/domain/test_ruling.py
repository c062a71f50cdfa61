"""The rules of a fleet for trouble codes: the most exact one that fits is followed."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maintenance.domain.ruling import Rule, best, read
from vehicles.domain.codes import explain

FORD = ("Ford", "Transit")


def rule(code, verdict="warning", **more) -> Rule:
    return Rule(code, verdict, **more)


ANY = rule("P", is_prefix=True)
FUEL = rule("P01", is_prefix=True)
LEAN = rule("P0171")
OF_FORD = rule("P0171", make="FORD")
OF_TRANSIT = rule("P0171", make="FORD", model="TRANSIT")
PREFIX_OF_TRANSIT = rule("P01", is_prefix=True, make="Ford", model="Transit")


@pytest.mark.parametrize(
    ("rules", "followed"),
    [
        ([ANY, FUEL], FUEL),  # the longer beginning
        ([PREFIX_OF_TRANSIT, LEAN], LEAN),  # a whole code beats any beginning
        ([FUEL, PREFIX_OF_TRANSIT], PREFIX_OF_TRANSIT),
        ([LEAN, OF_FORD], OF_FORD),
        ([OF_FORD, OF_TRANSIT, LEAN], OF_TRANSIT),
        ([rule("P0172"), rule("C", is_prefix=True)], None),
        ([rule("P017")], None),  # written as a whole code, it is no beginning
        ([rule("P0171", "ignore", pk=8), rule("P0171", pk=7)], rule("P0171", pk=7)),  # the older of two alike
        ([rule("P0171", make="Fiat"), rule("P0171", make="Ford", model="Ranger")], None),
        ([], None),
    ],
)
def test_the_most_exact_rule_is_followed(rules, followed):
    assert best(rules, "P0171", *FORD) == followed
    assert best(rules[::-1], "P0171", *FORD) == followed


@pytest.mark.parametrize("code", ["P0171", "p0171", " P01 71", "P0171-00", "P0171:1A"])
def test_a_rule_for_a_code_holds_however_the_maker_spells_it(code):
    assert best([LEAN], code, *FORD) == LEAN


def test_a_rule_for_one_failure_type_is_more_exact_than_one_for_the_code():
    exact = rule("P0171-1A", "critical")

    assert best([LEAN, exact], "P0171-1A", *FORD) == exact
    assert best([LEAN, exact], "P0171-00", *FORD) == LEAN


@pytest.mark.parametrize("verdict", ["critical", "warning", "ignore"])
def test_a_verdict_takes_the_place_of_our_own(verdict):
    ruled = read([rule("P0171", verdict)], "P0171", *FORD)

    assert ruled.severity == verdict
    assert ruled.is_ignored is (verdict == "ignore")


def test_a_rule_that_only_names_keeps_how_grave_it_is():
    ruled = read([rule("P0300", "keep", name="Shaky at idle")], "P0300", *FORD)

    assert (ruled.text, ruled.severity) == ("Shaky at idle", "critical")
    assert ruled.step == explain("P0300").step


codes_ = st.sampled_from(["P0171", "P0172", "P0300", "C0035", "U0100-1A"])
rules_ = st.lists(
    st.builds(
        lambda code, cut, make, model, verdict, pk: Rule(
            code[:cut] if cut else code, verdict, bool(cut), make, model if make else "", "", pk
        ),
        codes_,
        st.integers(0, 4),
        st.sampled_from(["", "Ford", "Fiat"]),
        st.sampled_from(["", "Transit"]),
        st.sampled_from(["critical", "warning", "ignore", "keep"]),
        st.integers(1, 99),
    ),
    max_size=6,
    unique_by=lambda r: r.pk,
)


@settings(max_examples=150)
@given(rules_, codes_, st.randoms())
def test_the_order_of_rules_decides_nothing_and_none_that_misses_is_followed(rules, code, shuffler):
    shuffled = [*rules]
    shuffler.shuffle(shuffled)
    followed = best(rules, code, *FORD)

    assert best(shuffled, code, *FORD) == followed
    assert followed is None or followed.fits(code, *FORD)
    assert followed is not None or not any(one.fits(code, *FORD) for one in rules)


@settings(max_examples=150)
@given(rules_, codes_)
def test_without_a_rule_that_fits_the_general_meaning_stands(rules, code):
    others = [one for one in rules if not one.fits(code, *FORD)]
    ruled = read(others, code, *FORD)

    assert (ruled.text, ruled.severity, ruled.rule) == (explain(code).text, explain(code).severity, None)
