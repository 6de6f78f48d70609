"""The decision contract a second time, in plain Python: clear before fast, written from the text and not from the
policy.

`decide(facts)` takes canonical facts and gives the decision document (without `policy_revision`; every `law` is empty,
as the two readings may cite differently). It looks at no derived key of the engine but `expires_at` and `ends_at`.
"""

from tests.policy.oracle.decide import decide

__all__ = ["decide"]
