"""`limner mcp`: the MCP server over stdin and stdout, for a client that starts it itself."""

from __future__ import annotations

from pathlib import Path

from ui.settings import load_settings
from ui.wiring import Builder


def mcp(builder: Builder, data: Path | None) -> None:
    """Serve until the client goes; nothing but the protocol is written to stdout."""
    app = builder(load_settings(data=data))
    from ui.api.serving import Service
    from ui.mcp.server import make_mcp

    try:
        app.start()
        app.warm_up()
        make_mcp(Service(app), app.owner).run("stdio")
    finally:
        app.close()
