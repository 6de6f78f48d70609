"""A second reading of the law tables, made by hand from the law reference and apart from `policies/`.

Plain Python tables. `tests/policy/oracle` decides by them, and `test_tables.py` holds every cell of the policy's own
tables against them: a mistake in either reading shows as a difference.
"""


def words(text: str) -> frozenset[str]:
    """The words of a text, as a set."""
    return frozenset(text.split())
