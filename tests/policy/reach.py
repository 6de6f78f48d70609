"""What random documents reach: grounds, eligibility, secrecy, codes, phases, regimes, duties, by word."""

from collections import Counter

from hub.pdp.contract import Facts
from tests.policy.engine import Row
from tests.policy.oracle.case import Case
from tests.policy.oracle.decide import explain
from tests.policy.oracle.secrecy import word_of
from tests.unit.pdp.facts import plain


class Reach:
    """What the documents reached: each counter by word, in releases but for codes, phases and levels."""

    def __init__(self) -> None:
        self.allowed = 0
        self.seen: dict[str, Counter[str]] = {}

    def count(self, what: str, word: str | None) -> None:
        """One more of `word`."""
        self.seen.setdefault(what, Counter())[str(word)] += 1

    def add(self, facts: Facts) -> Row:
        """Count one document; gives the oracle's decision."""
        decision, uses = explain(facts)
        case = Case(plain(facts))
        self.allowed += decision["allow"]
        self.count("phase", case.phase)
        for code in {refusal["code"] for refusal in decision["refusals"]}:
            self.count("code", code)
        for duty in decision["obligations"]:
            self.count("obligation", duty["type"])
        if decision["allow"]:
            self.count("regime", case.regime)
            self.count("eligibility", case.eligible)
        for use in uses:
            self.count("secrecy", word_of(use.field, use.record["source_kind"]))
            self.count("exemption", use.exemption.word if use.exemption else "none")
            for word in use.alternative.words:
                self.count("ground", word)
        return decision
