"""Who gets which answer at which door: a table of roles and doors that stands here alone, held against the hub.

The doors are those of the API description, so that a new one without a line fails. The columns are the roles in their
order. `+` taken; `-` 403, not his to do; `?` 404, no casus as far as he hears; `x` 400 or 409: a document of a form that
this kind does not use, or an emergency of his own.
"""

import httpx
import pytest

from hub.identity import register
from hub.identity.client import dpop_proof
from hub.identity.demo import read_demo_client
from tests.doors import GUARDED, ROLES, Roles, line_of, mark
from tests.region import BY

TABLE = """
postvak                                      + + + + + + + + +
verplichtingen                               + + + + + + + + +
verplichtingen/{verplichting}/afhandelingen  ? ? ? ? ? ? ? ? ?
casussen                                     + + + + + + - + -
leveringsreeksen                             + + x x + ? ? + ?
postvak/{zending}/ontvangsten                ? ? + ? ? ? ? ? ?
zoekingen                                    + + + ? ? ? ? ? ?
leveringen                                   + + x x + ? ? + ?
raadplegingen                                + + + ? ? ? + ? +
vastleggingen                                + + + + + ? ? + ?
afwezigheden                                 - + - - - ? ? - ?
afwezigheden/beeindigingen                   - + - - - ? ? - ?
afwezigheden/correcties                      - + - - - ? ? - ?
beperkingen                                  + - - - - ? ? - ?
betrokkenen                                  + - + - - ? ? - ?
betrokkenen/beeindigingen                    + - + - - ? ? - ?
betrokkenen/correcties                       + - + - - ? ? - ?
betwistingen                                 + - - - - ? ? - ?
bezwaren                                     + - - - - ? ? - ?
bronvoorwaarden                              + + + + + ? ? + ?
fasen                                        + - + - - ? ? - ?
geheimhoudingsverklaringen                   + - + - - ? ? - ?
geheimhoudingsverklaringen/beeindigingen     + - + - - ? ? - ?
geheimhoudingsverklaringen/correcties        + - + - - ? ? - ?
geheimuitzonderingen                         + + + + + ? ? + ?
geheimuitzonderingen/beeindigingen           - + - - - ? ? - ?
geheimuitzonderingen/correcties              - + - - - ? ? - ?
grondslagen                                  - - + + - ? ? - ?
grondslagen/beeindigingen                    - - - - - ? ? - ?
grondslagen/correcties                       - - - - - ? ? - ?
informeringen                                + - - - - ? ? - ?
informeringen/beeindigingen                  + - - - - ? ? - ?
informeringen/correcties                     + - - - - ? ? - ?
noodverzoeken                                + x + + + ? ? + ?
noodsituaties                                - + - - - ? ? - ?
noodsituaties/beeindigingen                  - + - - - ? ? - ?
noodsituaties/correcties                     - + - - - ? ? - ?
posities                                     + - + - - ? ? - ?
posities/beeindigingen                       + - + - - ? ? - ?
posities/correcties                          + - + - - ? ? - ?
procedurestatussen                           - - - + - ? ? - ?
procedurestatussen/beeindigingen             - - - - - ? ? - ?
procedurestatussen/correcties                - - - - - ? ? - ?
regimes                                      + - + - - ? ? - ?
regimes/beeindigingen                        + - + - - ? ? - ?
regimes/correcties                           + - + - - ? ? - ?
relaties                                     + - + - - ? ? - ?
relaties/beeindigingen                       + - - - - ? ? - ?
relaties/correcties                          + - - - - ? ? - ?
termijnen                                    + - + - - ? ? - ?
termijnen/beeindigingen                      + - + - - ? ? - ?
termijnen/correcties                         + - + - - ? ? - ?
terugnames                                   + + + + + ? ? + ?
toestemmingen                                + + + + + ? ? + ?
toestemmingen/beeindigingen                  - + - - - ? ? - ?
toestemmingen/correcties                     - + - - - ? ? - ?
triagegroepleden                             + - + - - ? ? - ?
triagegroepleden/beeindigingen               + - + - - ? ? - ?
triagegroepleden/correcties                  + - + - - ? ? - ?
tweede-professionals                         - x - - - ? ? - ?
uitstellen                                   + - - - - ? ? - ?
uitstellen/beeindigingen                     + - - - - ? ? - ?
uitstellen/correcties                        + - - - - ? ? - ?
uitwisseltoestemmingen                       + + + + + ? ? + ?
uitwisseltoestemmingen/beeindigingen         - + - - - ? ? - ?
uitwisseltoestemmingen/correcties            - + - - - ? ? - ?
verstrekkingen                               + + + + + ? ? + ?
vertegenwoordigingen                         - + - - - ? ? - ?
vertegenwoordigingen/beeindigingen           - + - - - ? ? - ?
vertegenwoordigingen/correcties              - + - - - ? ? - ?
weigeringen                                  + + + + + ? ? + ?
weigeringen/beeindigingen                    - + - - - ? ? - ?
weigeringen/correcties                       - + - - - ? ? - ?
"""


def test_every_door_has_one_line() -> None:
    lines = [line.split()[0] for line in TABLE.strip().splitlines()]
    assert sorted(lines) == sorted(map(line_of, GUARDED))


@pytest.mark.parametrize("role", ROLES)
def test_each_role_hears_at_each_door_what_the_table_says(roles: Roles, role: str) -> None:
    column = list(ROLES).index(role)
    expected = {line.split()[0]: line.split()[1 + column] for line in TABLE.strip().splitlines()}
    assert {line_of(door): mark(roles.ask(ROLES[role], door)) for door in GUARDED} == expected


LEAD = "zvh-noord"


def suspend(roles: Roles, how: str) -> None:
    """Suspend the partner that leads, or its system alone."""
    at = roles.region.clock()
    if how == "partner":
        roles.region.hub.store.commit(lambda tx: register.suspend_partner(tx, LEAD, by=BY, at=at))
    else:
        roles.region.hub.store.commit(lambda tx: register.suspend_client(tx, LEAD, BY, at))


def token_of(roles: Roles, partner: str) -> str:
    """A good token."""
    return roles.call(partner, "GET", "/postvak").request.headers["Authorization"].split()[1]


def all_the_same(heard: dict[str, httpx.Response]) -> None:
    """One 401 at every door."""
    assert {name: answer.status_code for name, answer in heard.items() if answer.status_code != 401} == {}
    assert len({answer.content for answer in heard.values()}) == 1


@pytest.mark.parametrize("how", ["partner", "system"])
def test_who_is_suspended_hears_the_same_at_every_door_with_a_token_of_before(roles: Roles, how: str) -> None:
    assert roles.call(LEAD, "GET", "/postvak").status_code == 200
    suspend(roles, how)
    all_the_same({line_of(door): roles.ask(LEAD, door) for door in GUARDED})


@pytest.mark.parametrize(
    "how", ["no proof", "no token", "proof of another", "proof of another door", "proof of another token"]
)
def test_who_does_not_prove_it_hears_the_same_at_every_door(roles: Roles, how: str) -> None:
    region = roles.region
    token, other = (
        roles.call(one, "GET", "/postvak").request.headers["Authorization"].split()[1] for one in (LEAD, "ggz-noord")
    )
    key = read_demo_client(region.settings.home, "ggz-noord" if how == "proof of another" else LEAD).key
    size, heard = region.size(), {}
    for door in GUARDED:
        path = "/niets" if how == "proof of another door" else roles.place(door[1], LEAD)
        bound_to = other if how == "proof of another token" else token
        proof = dpop_proof(key, door[0], f"{region.hub.endpoints.resource}{path}", region.clock(), token=bound_to)
        headers = {
            "Authorization": "" if how == "no token" else f"DPoP {token}",
            "DPoP": "" if how == "no proof" else proof,
        }
        heard[line_of(door)] = roles.ask(LEAD, door, headers=headers)
    all_the_same(heard)
    assert region.size() == size, "who is nobody is not entered"


def test_a_proof_is_good_once_at_every_door(roles: Roles) -> None:
    first = {door: roles.ask(LEAD, door).request.headers["DPoP"] for door in GUARDED}
    all_the_same({line_of(door): roles.ask(LEAD, door, headers={"DPoP": proof}) for door, proof in first.items()})
