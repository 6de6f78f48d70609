"""The tenant's policy: compiled from what stands there, and a stranger to the law's."""

import subprocess
from pathlib import Path

from hub.pdp.bundle import default_directory, read_bundle
from tests import servers
from tests.conftest import absent
from tests.interop.conftest import POLICY


def test_the_module_is_compiled_from_the_rules(tmp_path: Path) -> None:
    try:
        opa = servers.opa_program()
    except servers.MissingProgram as missing:
        absent(missing)
    built = tmp_path / "hub.wasm"
    subprocess.run([POLICY.parent / "build.sh", built], check=True, env={"PATH": "/usr/bin:/bin", "OPA": str(opa)})
    assert built.read_bytes() == (POLICY / "hub.wasm").read_bytes()


def test_the_law_knows_nothing_of_it(tmp_path: Path) -> None:
    law, tenant = read_bundle(default_directory()), read_bundle(POLICY)
    assert "interop" in tenant.reference
    assert "interop" not in law.reference
    assert not [path for path, text in law.rules.items() if b"interop" in text or b"todo" in text.lower()]
    assert tenant.approvals == {"demo"}, "refused in production as well, were it ever named as the hub's own policy"
