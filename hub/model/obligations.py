"""The types of obligation of the decision contract, and who carries each out: the one list, all others are made of it."""

VIA_PROVIDER = "via_provider"

BY_THE_LOG = frozenset({"log_dataverwerking", "log_nen7513"})
"""Carried out by the record of processing that goes in with the entry (`hub.audit.processing`)."""

BY_THE_ANSWER = frozenset({"no_export", "watermark"})
"""Carried out in the answer itself (`hub.broker.duties`)."""

FOLLOWED_UP = frozenset(
    {
        "notify_zv",
        "notify_bron",
        "inform_betrokkene",
        "review_fg",
        "note_in_dossier",
        "second_approval",
        "feedback_due",
        "expires_at",
        VIA_PROVIDER,
    }
)
"""Put on file for who carries it out, in the same unit of work as the entry (`hub.broker.following`)."""

OBLIGATIONS = BY_THE_LOG | BY_THE_ANSWER | FOLLOWED_UP
