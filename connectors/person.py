"""Whom a document says it is about."""

import re

_NINE_DIGITS = re.compile(r"[0-9]{9}")


def is_bsn(text: str) -> bool:
    """Nine digits that pass the elfproef (Wabb; BRP logical design)."""
    if not _NINE_DIGITS.fullmatch(text) or text == "000000000":
        return False
    digits = [int(sign) for sign in text]
    return (sum(weight * digit for weight, digit in zip(range(9, 1, -1), digits, strict=False)) - digits[8]) % 11 == 0
