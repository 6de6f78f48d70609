"""Every situation that revisions are compared over is a document of the contract."""

from hub.pdp.bundle import default_directory, read_bundle
from hub.pdp.canonical import canonical
from hub.policy.compare.laws import Laws
from hub.policy.compare.situations import Space

OWN = read_bundle(default_directory())


def test_every_situation_is_of_the_contracts_shape() -> None:
    space = Space(Laws(OWN, OWN))
    two_at_once = [one for one in space.situations if len(one.otherwise) > 1]
    assert len(two_at_once) > 1_000
    for situation in (*two_at_once, *space.situations[::10]):
        canonical(situation.document(space.laws))
