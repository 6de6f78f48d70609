"""The hub as `hub serve` runs it, which tells at its end how often the cache of decisions served."""

import json
import os
import sys
from pathlib import Path


def main() -> None:
    """Serve by the settings of the environment; write asked and served to the file named first."""
    # Development brings a library that another takes up wherever it finds it (17 MB): an installed hub has none.
    sys.modules["rfc3987_syntax"] = None  # type: ignore[assignment]
    from hub.run.serving import serve
    from hub.settings import from_environment
    from hub.wiring import ROOT, open_hub

    hub = open_hub(from_environment(os.environ, ROOT))
    try:
        serve(hub)
    finally:
        Path(sys.argv[1]).write_text(json.dumps(vars(hub.decider.hits)))
        hub.close()


if __name__ == "__main__":
    main()
