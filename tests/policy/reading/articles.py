"""Articles of Wvggz and Wzd that name receiver, source and groups (1.5, 1.6 and the article table)."""

from dataclasses import dataclass

OPENED = "opened"
"""Groups: what the receiver's column opens with `wvggz` (of a `wz..`: `wzd` or `wvggz`)."""


@dataclass(frozen=True)
class Article:
    """Who may get what from whom by one article; `zv` marks a `ggz` that must be zorgverantwoordelijke."""

    receivers: frozenset[str]
    sources: frozenset[str]
    groups: frozenset[str]
    fields: frozenset[str] = frozenset()
    zv: bool = False


def _row(receivers: str, sources: str, groups: str, fields: str = "", zv: bool = False) -> Article:
    return Article(
        frozenset(receivers.split()),
        frozenset(sources.split()),
        frozenset(groups.split()),
        frozenset(fields.split()),
        zv,
    )


_CARE = _row("ggz geneesheer_directeur", "geneesheer_directeur ggz", "G04 G05 G06 G07 G08 G09 G10 G11 G13 G18")
_TO_OM = _row("om", "geneesheer_directeur ggz", "G04 G05 G07 G13")
_TO_COLLEGE = _row("college", "geneesheer_directeur ggz", "G13", "essentiele_voorwaarden")

ARTICLES: dict[str, Article] = {
    "wv30": _row(
        "geneesheer_directeur politie om burgemeester ggz",
        "geneesheer_directeur politie om burgemeester ggz verslavingszorg vg_lvb",
        OPENED,
        zv=True,
    ),
    "wv03": _row("om", "college", "G01 G02 G13"),
    "wv08": _row("geneesheer_directeur", "om politie", "G10 G11"),
    "wv11": _CARE,
    "wv12": _CARE,
    "wv24": _CARE,
    "wv13": _TO_OM,
    "wv15": _TO_OM,
    "wv17": _TO_OM,
    "wv14": _TO_COLLEGE,
    "wv27": _TO_COLLEGE,
    "wv19": _row("burgemeester", "om", "G13"),
    "wv21": _row("geneesheer_directeur om", "burgemeester", "G13"),
    "wv23": _row("politie", "burgemeester om", "G01 G02 G13"),
    "wv25": _row("om", "geneesheer_directeur", "G13"),
    "wv26": _row("burgemeester", "geneesheer_directeur", "G13"),
    "wv29": _row("burgemeester om", "geneesheer_directeur", "G13"),
    "wz01": _row("vg_lvb burgemeester om ggz", "vg_lvb burgemeester om ggz", OPENED, zv=True),
    "wz07": _row("vg_lvb", "om", "G10 G11"),
}
PERMITS = frozenset({"wv23", "wv27"})
"""Articles that say `mag`; the others oblige."""
WITH_REASON = frozenset({"wv30", "wz01"})

OBLIGATIONS: dict[str, str] = {
    "log_dataverwerking": "",
    "log_nen7513": "",
    "notify_zv": "",
    "notify_bron": "",
    "inform_betrokkene": "P1M",
    "review_fg": "P1D",
    "note_in_dossier": "P1D",
    "second_approval": "P1D",
    "no_export": "",
    "watermark": "",
    "feedback_due": "P1Y",
    "via_provider": "",
    "expires_at": "",
}
"""Type -> within."""
