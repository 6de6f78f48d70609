"""A Release as the asker reads it: Dutch keys, sentences with their article, and the receipt."""

from collections.abc import Hashable, Mapping
from functools import lru_cache
from typing import Any, Protocol

from hub.model.instant import to_text
from hub.model.release import Receipt, Release, Withheld
from hub.texts.sentences import Sentences, of_receiver, sentences


class Articles(Hashable, Protocol):
    """The law tables: the words of an article by its id, and the group of a field."""

    def article(self, id_: str) -> str: ...
    @property
    def groups(self) -> Mapping[str, str]: ...


def release_view(release: Release, articles: Articles) -> dict[str, Any]:
    """The body of an answer to a request: what leaves, what does not and why, duties, watermark, proof."""
    say = sentences()
    return {
        "tijdstip": to_text(release.at),
        "gegevens": [
            {
                "veld": line.field,
                "waarde": item.value,
                "niveau": line.level,
                "bron": line.source,
                "sinds": item.since,
                "grondslag": line.legal_basis,
                "grondslagSoort": say.basis(release.bases.get(line.legal_basis, "")),
                "geheimUitzondering": line.secrecy_exception,
                "viaBron": (line.field, line.source) in release.through,
            }
            for line, item in release.fields
        ],
        "geweigerd": [withheld_view(withheld, articles) for withheld in release.withheld],
        "verplichtingen": duties_view(release, say),
        "watermerk": _watermark(release),
        "beleid": release.policy_revision,
        "ontvangstbewijs": receipt_view(release.receipt) if release.receipt else None,
    }


def _watermark(release: Release) -> dict[str, Any] | None:
    """Who got it, when, and by which entry: to be shown over what is shown. None where no watermark is due (R29)."""
    mark = release.watermark
    if mark is None:
        return None
    return {
        "partner": mark.partner,
        "gebruiker": mark.user,
        "tijdstip": to_text(mark.at),
        "volgnummer": release.receipt.index if release.receipt else None,
    }


def receipt_view(receipt: Receipt) -> dict[str, Any]:
    """The receipt as `hub log verify` reads it."""
    return {
        "volgnummer": receipt.index,
        "bewijs": receipt.proof,
        "verteld": receipt.told,
        "zout": receipt.salt,
        "intern": receipt.internal_hash,
    }


def terms(duty: Mapping[str, Any]) -> dict[str, Any]:
    """By when, and for which fields, by the names on the wire."""
    names = {"within": "binnen", "at": "opTijdstip", "fields": "velden"}
    return {names[key]: value for key, value in duty.items() if key in names}


def duties_view(release: Release, say: Sentences) -> list[dict[str, Any]]:
    """The obligations of a release, with what each asks."""
    return [
        {"soort": duty.type, "uitleg": say.duty(duty.type), **terms(duty.document())} for duty in release.obligations
    ]


def withheld_view(withheld: Withheld, articles: Articles, to_sender: bool = False) -> Mapping[str, Any]:
    """What is told of one field that stays: why, by which article, and what would open it in general."""
    return _withheld_view(withheld.field, withheld.reasons, withheld.opens, articles, to_sender)


@lru_cache(maxsize=4096)
def _withheld_view(
    field: str,
    reasons: tuple[tuple[str, tuple[str, ...]], ...],
    opens: tuple[str, ...],
    articles: Articles,
    to_sender: bool,
) -> Mapping[str, Any]:
    """The same few reasons come back all day: their sentences are put together once. The result is read only."""
    say, group = of_receiver() if to_sender else sentences(), articles.groups.get(field, "")
    return {
        "veld": field,
        "redenen": [
            {"code": code, "zin": say.sentence(code), "artikelen": [articles.article(id_) for id_ in law]}
            for code, law in reasons
        ],
        "watKan": [say.opening(way, group) for way in opens],
    }
