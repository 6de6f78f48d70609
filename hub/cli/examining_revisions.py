"""What `hub doctor` says of the policy that operators let count. What stands beside the hub is looked at apart."""

from collections.abc import Iterator
from dataclasses import replace

from hub.cli.finding import Finding, Grade, Patient
from hub.errors import EngineUnavailable, WeakConfiguration
from hub.governance.in_force import InForce
from hub.model.instant import to_text
from hub.policy_wiring import policies_of
from hub.settings import EMBEDDED
from hub.store.engine import Store
from hub.store.policy import ActRow

_REMEDY = (
    "leg bij HUB_POLICY_KEY_FILE de sleutel waarmee deze revisie is ondertekend (gids voor beheerders, Another policy),"
    " of neem haar terug met `hub beleid neem-terug`"
)


def revisions(patient: Patient, store: Store, newest: str | None) -> Iterator[Finding]:
    """Each revision that counts can be read, is signed, approved and decides; `newest`: what the newest decision names."""
    # In process: whether a server has it too is what the servers themselves are asked for.
    settings = replace(patient.settings, engine=EMBEDDED, fleet_token_file=None)
    try:
        in_force = policies_of(settings, patient.bundle, store)[1]
    except WeakConfiguration:
        # Named with the settings.
        return
    try:
        act = in_force.act()
    except EngineUnavailable as error:
        yield Finding("beleid", Grade.WRONG, error.sentence.rstrip("."), _REMEDY)
        return
    if act is not None and any(act.counting):
        yield from _counting(in_force, act, patient)
    names = {revision or patient.bundle.revision for revision in (act.counting if act else (None,))}
    if newest is not None and newest not in names:
        what = "het beleid is een ander dan dat van de nieuwste beslissing in het logboek"
        yield Finding("beleid", Grade.CARE, what, "goed na een wisseling van beleid; kijk anders naar HUB_POLICIES")


def _counting(in_force: InForce, act: ActRow, patient: Patient) -> Iterator[Finding]:
    if (reason := in_force.trouble(to_text(patient.now))) is not None:
        yield Finding(
            "beleid", Grade.WRONG, f"een revisie die geldt, kan niet beslissen: {reason.rstrip('.')}", _REMEDY
        )
        return
    if act.everyone is not None:
        patient.counting.append(in_force.everyone().bundle)
        yield Finding("beleid", Grade.WELL, f"voor iedereen geldt revisie {act.everyone[:19]}…")
    if act.staged is not None:
        chosen = "1 partner" if len(act.partners) == 1 else f"{len(act.partners)} partners"
        yield Finding("beleid", Grade.WELL, f"voor {chosen} geldt revisie {act.staged[:19]}…")
