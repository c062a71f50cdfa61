"""Alert levels only rise inside an occurrence."""

from itertools import groupby

from hypothesis import given
from hypothesis import strategies as st

from maintenance.domain.levels import Level, is_news, of_fault, of_item, raised
from maintenance.domain.status import Status


def test_ok_and_unknown_call_nobody():
    assert [of_item(status) for status in Status] == [None, None, Level.SOON, Level.DUE, Level.OVERDUE]


def test_an_ignored_fault_has_no_level():
    assert [of_fault(severity) for severity in ("warning", "critical", "ignore")] == [
        Level.WARNING,
        Level.CRITICAL,
        None,
    ]


def test_one_mail_of_faults_and_items_tells_the_worst_first():
    ranked = groupby(sorted(Level, key=lambda level: -level.rank), key=lambda level: level.rank)

    assert [set(levels) for _, levels in ranked] == [
        {Level.OVERDUE},
        {Level.DUE, Level.CRITICAL},
        {Level.SOON, Level.WARNING},
    ]


@given(st.lists(st.sampled_from([None, Level.SOON, Level.DUE, Level.OVERDUE])))
def test_each_level_is_news_once_at_most(looks):
    held, news = None, []
    for wanted in looks:
        if is_news(held, wanted):
            news.append(wanted)
        held = raised(held, wanted)

    assert len(news) == len(set(news))
    assert news == sorted(news, key=lambda level: level.rank)
