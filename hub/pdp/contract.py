"""The shape of the facts document, as one table an object: key -> (check, what a missing key stands for).

Which keys may be missing:

- of a record, every key: "a missing key counts as null or empty". Of the flags that must be known the policy then
  answers E_INVOER, as it does for a record without a source. A record without a field says nothing of any (`packing`);
- elsewhere only a key whose absence can do nothing but close: null there means "not known" and is refused with the
  rule's own code (a user attribute, a term, a relation, `authority_from`, a consent's `capable`);
- never a key whose null means "no end" (`valid_until`, `withdrawn_at`, `closed_at`, `authority_until`): it may be null,
  but that has to be said; nor what a refusal is found by (the list `consents`, and `kind`, `source`, `receivers`,
  `purposes`, `groups`, `given_at`). To leave these out would be to open, and what is not known never permits.
"""

from functools import cached_property

from hub.pdp import codes
from hub.pdp.packing import record_of, records_of
from hub.pdp.shape import (
    EMPTY,
    REQUIRED,
    Derived,
    Part,
    age,
    bytes_of,
    filled,
    group_size,
    instant,
    name,
    null_is_empty,
    object_of,
    optional,
    optional_flag,
    rows_of,
    set_of,
    word,
)


class Facts(Part, frozen=True, dict=True, gc=True):
    """Canonical facts: what every engine gets."""

    @cached_property
    def text(self) -> bytes:
        """Their RFC 8785 bytes."""
        return bytes_of(self)


_NAMES = set_of(name)
_NAMES_OR_NULL = null_is_empty(_NAMES)
_PURPOSES = set_of(word(codes.PURPOSE_LIST))

USER = object_of(
    {
        "id": (name, REQUIRED),
        "role": (optional(name), None),
        "designated": (optional_flag, None),
        "screened": (optional_flag, None),
        "trained": (optional_flag, None),
        "bound_to_secrecy": (optional_flag, None),
    }
)
PARTNER = object_of(
    {
        "id": (name, REQUIRED),
        "kind": (word(codes.PARTNER_KINDS), REQUIRED),
        "standing": (word(codes.STANDINGS), REQUIRED),
        "relations": (set_of(word(codes.RELATIONS)), EMPTY),
        "secrecy_statement_until": (optional(instant), None),
        "employer_kind": (optional(word(codes.PARTNER_KINDS)), None),
        "authority_from": (optional(instant), None),
        "authority_until": (optional(instant), REQUIRED),
        "fulfils": (set_of(word(codes.FULFILS)), EMPTY),
    }
)
CASUS = object_of(
    {
        "id": (name, REQUIRED),
        "regime": (optional(word(codes.REGIMES)), None),
        "phase": (optional(word(codes.PHASES)), None),
        "aanmelder": (optional(name), None),
        "involved": (_NAMES, EMPTY),
        "triage_group": (_NAMES, EMPTY),
        "first_processed_at": (optional(instant), None),
        "term_ends_at": (optional(instant), None),
        "closed_at": (optional(instant), REQUIRED),
        "wvggz_status": (optional(word(codes.STATUSES)), None),
        "wzd_status": (optional(word(codes.STATUSES)), None),
        "subject_age": (optional(age), None),
        "unauthorised_absence": (optional_flag, None),
        "group_size": (optional(group_size), None),
        "informed_of": (_NAMES, EMPTY),
        "uavg41_until": (optional(instant), None),
    }
)
WPG = object_of(
    {
        "article": (optional(name), None),
        "category": (optional(name), None),
        "decision": (optional(name), None),
        "receivers": (_NAMES_OR_NULL, EMPTY),
        "authority_agreed": (optional_flag, None),
    }
)
WJSG = object_of({"article": (optional(name), None), "receivers": (_NAMES_OR_NULL, EMPTY)})
RECORD = record_of(
    {
        "field": (optional(name), None),
        "source": (optional(name), None),
        "source_kind": (optional(word(codes.SOURCE_KINDS)), None),
        "regime": (optional(word(codes.REGIMES)), None),
        "levels": (null_is_empty(set_of(word(codes.LEVELS_WRITTEN))), EMPTY),
        "person": (optional(word(codes.PERSONS)), None),
        "restricted": (optional_flag, None),
        "disputed": (optional_flag, None),
        "objected": (optional_flag, None),
        "destroy_on": (optional(instant), None),
        "denied_to": (_NAMES_OR_NULL, EMPTY),
        "vetoed": (optional_flag, None),
        "uavg41": (optional_flag, None),
        "treating_with": (_NAMES_OR_NULL, EMPTY),
        "supplier_agreed": (optional_flag, None),
        "financed_by": (_NAMES_OR_NULL, EMPTY),
        "melding_receiver": (optional(name), None),
        "wpg": (optional(WPG), None),
        "wjsg": (optional(WJSG), None),
    }
)
LEGAL_BASIS = object_of(
    {
        "id": (name, REQUIRED),
        "kind": (word(codes.BASIS_KINDS), REQUIRED),
        "partner": (name, REQUIRED),
        "purposes": (_PURPOSES, REQUIRED),
        "groups": (_NAMES, REQUIRED),
        "valid_from": (instant, REQUIRED),
        "valid_until": (optional(instant), REQUIRED),
        "reason": (filled, False),
        "rac_ref": (optional(name), None),
    }
)
SECRECY_EXCEPTION = object_of(
    {
        "id": (name, REQUIRED),
        "kind": (word(codes.SECRECY_KINDS), REQUIRED),
        "article": (optional(name), None),
        "source": (name, REQUIRED),
        "receivers": (_NAMES, REQUIRED),
        "purposes": (_PURPOSES, REQUIRED),
        "fields": (_NAMES, REQUIRED),
        "valid_from": (instant, REQUIRED),
        "valid_until": (optional(instant), REQUIRED),
        "reason": (filled, False),
        "second_professional": (optional(name), None),
        "consent_attempted": (optional_flag, None),
    }
)
GIVEN_BY = object_of(
    {
        "role": (optional(name), None),
        "authority_from": (optional(instant), None),
        "authority_until": (optional(instant), REQUIRED),
    }
)
CONSENT = object_of(
    {
        "id": (name, REQUIRED),
        "kind": (word(codes.CONSENT_KINDS), REQUIRED),
        "source": (name, REQUIRED),
        "receivers": (_NAMES, REQUIRED),
        "purposes": (_PURPOSES, REQUIRED),
        "groups": (_NAMES, REQUIRED),
        "given_at": (instant, REQUIRED),
        "valid_until": (optional(instant), REQUIRED),
        "withdrawn_at": (optional(instant), REQUIRED),
        "capable": (optional_flag, None),
        "voluntary": (optional_flag, None),
        "recorded_by_treating": (optional_flag, None),
        "given_by": (optional(GIVEN_BY), None),
    },
    expires_at=Derived,
)
EMERGENCY = object_of(
    {
        "kind": (word(codes.EMERGENCY_KINDS), REQUIRED),
        "source": (name, REQUIRED),
        "source_kind": (optional(word(codes.SOURCE_KINDS)), None),
        "receivers": (_NAMES, REQUIRED),
        "purposes": (_PURPOSES, REQUIRED),
        "fields": (_NAMES, REQUIRED),
        "reason": (filled, False),
        "second_professional": (optional(name), None),
        "started_at": (instant, REQUIRED),
        "unable_to_consent": (optional_flag, None),
    },
    ends_at=Derived,
)
FACTS = object_of(
    {
        "at": (instant, REQUIRED),
        "action": (word(codes.ACTIONS), REQUIRED),
        "started_by": (optional(name), None),
        "purpose": (name, REQUIRED),
        "requested": (_NAMES, REQUIRED),
        "user": (USER, REQUIRED),
        "partner": (PARTNER, REQUIRED),
        "casus": (CASUS, REQUIRED),
        "records": (records_of(RECORD), REQUIRED),
        "legal_bases": (rows_of(LEGAL_BASIS), REQUIRED),
        "secrecy_exceptions": (rows_of(SECRECY_EXCEPTION), REQUIRED),
        "consents": (rows_of(CONSENT), REQUIRED),
        "emergency": (optional(EMERGENCY), None),
    },
    Facts,
    rows=Derived,
)
