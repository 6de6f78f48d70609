"""What a purpose needs of a group (4.1), and who may act for a purpose (end of section 2)."""

LEVELS = ("hit", "sam", "vol")
"""Lowest first; `agg` stands apart."""
PURPOSES = tuple(f"D{n:02d}" for n in range(1, 13))

# D01 .. D10; `-` means not needed.
_NEED = """
G01 vol vol vol sam vol vol sam sam vol -
G02 vol vol vol vol sam vol vol sam vol agg
G03 sam vol sam sam - sam vol vol sam agg
G04 sam sam vol sam vol vol sam sam vol agg
G05 sam sam sam - vol vol - - sam agg
G06 - - sam sam vol vol - sam sam -
G07 sam sam sam sam vol sam - sam sam agg
G08 sam sam sam sam vol sam - sam sam agg
G09 sam sam sam sam vol sam - sam sam agg
G10 sam sam sam sam sam sam - sam - agg
G11 sam sam sam sam sam sam - - sam agg
G12 sam sam sam - sam sam - sam sam agg
G13 sam sam sam sam vol vol - sam vol agg
G14 sam sam vol - - sam sam sam sam agg
G15 sam sam vol sam sam vol - sam sam -
G16 - vol vol vol vol sam vol vol vol -
G17 - vol vol sam sam sam sam sam vol agg
G18 - sam vol vol vol sam sam vol vol -
G19 - - vol - vol - sam - vol agg
G20 vol vol vol sam sam sam sam sam vol agg
G21 vol vol vol sam vol vol sam sam vol agg
"""


def _need() -> dict[tuple[str, str], str]:
    table: dict[tuple[str, str], str] = {}
    for line in _NEED.strip().splitlines():
        group, *levels = line.split()
        table |= {(purpose, group): level for purpose, level in zip(PURPOSES, levels, strict=False)}
        table["D11", group] = "vol"
        table["D12", group] = "vol" if group in {"G20", "G21"} else "hit"
    return table


NEED: dict[tuple[str, str], str] = _need()
"""(purpose, group) -> hit, sam, vol, agg or `-`."""

# Of D06 the contract lists all who may act; `y` of the betrokkene there falls to it.
# Words: y; part (at most sam); triage (in aangemeld and triage, members of the triage group); member (the same, if
# deelnemer); - (not eligible, also `source`, `informed`, `advise` and routes outside the hub); own (own supplied data);
# support (G20 and G21); title (with houdt_toezicht); crisis (while a crisismaatregel or an emergency runs);
# derde (by verstrekken); consent (a consent or emergency names it); onderzoek (ggd, at verkennend_onderzoek);
# wzd (a Wzd status runs); g19 (G19, the rest E_NOOIT).
_ELIGIBLE = """
ggz                        member  y      y       y       y    -          - y y -   own     -
geneesheer_directeur       -       -      -       y       y    y          - - y -   own     -
verslavingszorg            -       y      y       y       y    -          - y y -   own     -
vg_lvb                     -       y      y       y       y    wzd        - y y -   own     -
politie                    triage  y      part    y       -    -          - y part - own    -
om                         triage  y      -       y       -    y          - - part - own    -
reclassering               triage  y      title   y       -    -          - y y -   own     -
dji                        -       -      part    -       part -          - - part - own    -
college                    y       y      y       -       part y          y y y y   y       -
burgemeester               y       y      -       y       -    crisis     - y - y   y       -
ggd                        y       y      y       y       -    onderzoek  - y y y   own     -
zvh_procesregisseur        y       y      -       part    -    -          - - y y   support -
casusregisseur             -       y      y       y       part part       y y y -   support -
wmo_aanbieder              -       y      y       y       -    -          y y y -   own     -
woningcorporatie           -       derde  -       -       -    -          y - - -   own     -
zorgverzekeraar            -       -      -       -       g19  -          - - g19 - own     -
zorgkantoor                -       -      -       -       g19  -          - - g19 - own     -
naaste                     -       -      consent consent -    -          - - consent - -   -
betrokkene                 -       -      y       -       y    -          y y y -   y       -
toezicht                   -       -      -       -       -    -          - - - -   -       y
beleidsanalist             -       -      -       -       -    -          - - - y   -       -
ander_samenwerkingsverband -       -      -       -       -    -          - - - -   -       -
"""


def _eligible() -> dict[tuple[str, str], str]:
    table: dict[tuple[str, str], str] = {}
    for line in _ELIGIBLE.strip().splitlines():
        kind, *words = line.split()
        table |= {(kind, purpose): word for purpose, word in zip(PURPOSES, words, strict=True)}
    return table


ELIGIBLE: dict[tuple[str, str], str] = _eligible()
"""(partner kind, purpose) -> word."""
