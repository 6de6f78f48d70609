"""The burgerservicenummer: its form and its eleven test (Wabb 1; nine digits, weights 9 to 2 and -1)."""

_WEIGHTS = (9, 8, 7, 6, 5, 4, 3, 2, -1)


def canonical_bsn(text: str) -> str | None:
    """The nine digits of a BSN, or `None` when `text` (eight or nine ASCII digits) is none."""
    # `isdigit` accepts the digits of other scripts: hence the question for ASCII first.
    if not (text.isascii() and text.isdigit() and 8 <= len(text) <= 9):
        return None
    digits = text.zfill(9)
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, digits, strict=True))
    return digits if digits != "0" * 9 and total % 11 == 0 else None


def elfproef(text: str) -> bool:
    """Whether `text` passes the eleven test. Passing does not prove that the number was given to anyone."""
    return canonical_bsn(text) is not None
