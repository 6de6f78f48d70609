"""The other side of `view`: a plain FastAPI route that returns the same body as a dict, on the same server."""

import json
import sys
from pathlib import Path
from typing import Any

import uvicorn
from fastapi import FastAPI


def main() -> None:
    """Serve the body in the file named second, on the port named first."""
    body: dict[str, Any] = json.loads(Path(sys.argv[2]).read_bytes())
    app = FastAPI()

    @app.post("/plain")
    def plain():  # type: ignore[no-untyped-def] # a declared return type would make FastAPI encode it another way
        return body

    @app.get("/gereed")
    def ready() -> dict[str, str]:
        return {}

    uvicorn.run(
        app, host="127.0.0.1", port=int(sys.argv[1]), loop="uvloop", http="httptools", log_level="warning",
        access_log=False,
    )  # fmt: skip


if __name__ == "__main__":
    main()
