"""The bench of withdrawals counts exactly the asks that were sent after the answer and still used the consent."""

from tests.bench.withdrawing import Asked, seen_after

WITHDRAWN = {"c-1": 10.0, "c-2": 20.0}


def test_an_ask_that_was_sent_before_the_answer_may_use_the_consent() -> None:
    assert seen_after([Asked(9.0, frozenset({"c-1"})), Asked(10.0, frozenset({"c-1"}))], WITHDRAWN) == 0


def test_an_ask_that_was_sent_after_the_answer_and_used_it_is_counted_once() -> None:
    after = Asked(25.0, frozenset({"c-1", "c-2"}))
    assert seen_after([after, Asked(15.0, frozenset({"c-1"})), Asked(15.0, frozenset({"c-2"}))], WITHDRAWN) == 2


def test_what_stands_or_was_given_anew_is_not_counted() -> None:
    assert seen_after([Asked(30.0, frozenset({"c-3"})), Asked(30.0, frozenset())], WITHDRAWN) == 0
