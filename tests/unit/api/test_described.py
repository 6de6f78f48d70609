"""The description of the API: Dutch from end to end, with a contact that is a setting, and enough to get a token by."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from hub.api.app import api_app, authzen_app, described
from hub.api.descriptions import SCHEMAS
from hub.errors import WeakConfiguration
from hub.identity.token_endpoint import ASSERTION_TYPE, GRANT_TYPE
from hub.settings import PLACEHOLDER, from_environment
from tests.repository import ROOT

DOCUMENTS = [described(make("https://hub.test")) for make in (api_app, authzen_app)]
ENGLISH = re.compile(
    r"\b(the|and|which|with|what|who|that|to|for|from|its|are|this|successful|response|validation)\b",
    re.IGNORECASE,
)


def told(part: Any) -> Iterator[str]:
    """Every text for a reader below `part`."""
    if isinstance(part, dict):
        yield from (str(part[key]) for key in ("description", "summary") if isinstance(part.get(key), str))
        for each in part.values():
            yield from told(each)
    elif isinstance(part, list):
        for each in part:
            yield from told(each)


@pytest.mark.parametrize("document", DOCUMENTS, ids=["v1", "authzen"])
def test_every_text_is_dutch(document: dict[str, Any]) -> None:
    texts = set(told(document))
    assert len(texts) > 30
    assert {text for text in texts if ENGLISH.search(re.sub("`[^`]*`|Rules", "", text))} == set()


@pytest.mark.parametrize("document", DOCUMENTS, ids=["v1", "authzen"])
def test_every_shape_says_what_it_is(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    own = {name for name in schemas if name not in SCHEMAS}
    # The bodies of records, made from their kinds.
    assert all(name.endswith("In") for name in own)
    assert all(schema.get("description") for schema in schemas.values())


def test_no_line_is_of_a_shape_that_there_is_not() -> None:
    used = {name for document in DOCUMENTS for name in document["components"]["schemas"]}
    assert set(SCHEMAS) - used == set()


def test_the_contact_is_that_of_the_setting() -> None:
    settings = from_environment({"HUB_CONTACT": "beheer@hub.test", "HUB_PUBLIC_URL": "https://hub.test"}, ROOT)
    contact = described(api_app(settings.public_url, settings.contact))["info"]["contact"]
    assert (contact["email"], contact["url"]) == ("beheer@hub.test", "https://hub.test")
    assert from_environment({}, ROOT).contact == PLACEHOLDER
    with pytest.raises(WeakConfiguration, match="HUB_CONTACT"):
        from_environment({"HUB_CONTACT": "niemand"}, ROOT)


def test_a_token_can_be_got_by_the_description_alone() -> None:
    for document in DOCUMENTS:
        how = document["components"]["securitySchemes"]["dpop"]["description"]
        fields = ("grant_type", "client_assertion_type", "client_assertion")
        claims = ("iss", "sub", "aud", "gebruiker", "iat", "exp", "jti", "htm", "htu", "ath", "kid")
        answers = ("access_token", "token_type", "expires_in", "error", "error_description")
        words = (*fields, *claims, *answers, GRANT_TYPE, ASSERTION_TYPE, "DPoP", "POST /oauth/token")
        assert [word for word in words if f"`{word}`" not in how] == []
