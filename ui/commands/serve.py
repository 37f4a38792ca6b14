"""`limner serve`: finds a port before anything heavy is loaded, then starts the page and the API."""

from __future__ import annotations

import errno
import socket
from pathlib import Path

from ui.commands.models import sharing_line
from ui.errors import SettingsError
from ui.settings import Settings, check_api_host, check_sign_in, load_settings, prepare_environment
from ui.wiring import Builder

NEXT_PORTS = 20


def serve(
    builder: Builder, host: str | None, port: int | None, data: Path | None, browse: bool, api_only: bool,
    auth: bool | None,
) -> None:  # fmt: skip
    """Serve the page and the API, or the API alone, until stopped.

    Raises:
        SettingsError: the address cannot be listened on, or nobody could sign in.
    """
    settings = load_settings(host=host, port=port, data=data, auth=auth)
    with listen(settings, exactly=port is not None or "port" in settings.model_fields_set) as listener:
        print("Limner is starting …", flush=True)
        prepare_environment(settings.threads)
        app = builder(settings)
        if line := sharing_line(settings):
            print(line, flush=True)
        from ui.server import make_api_server, run

        try:
            if api_only:
                check_api_host(settings.host, app.keys.any())
            else:
                check_sign_in(settings, app.users.any())
        except SettingsError:
            app.close()
            raise
        if api_only:
            run(app, make_api_server, listener)
            return
        from ui.web.server import make_server

        run(app, make_server, listener, browse)


def listen(settings: Settings, exactly: bool) -> socket.socket:
    """Return a listening socket on the settings' port or, where nobody asked for that one exactly, on one of the next.

    Raises:
        SettingsError: no port can be had.
    """
    ports = (settings.port,) if exactly or settings.port == 0 else range(settings.port, settings.port + NEXT_PORTS)
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    why = ""
    for port in ports:
        listener = socket.socket(family, socket.SOCK_STREAM)
        try:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind((settings.host.strip("[]"), port))
            listener.listen(128)
        except OSError as error:
            listener.close()
            if error.errno != errno.EADDRINUSE:
                raise SettingsError(
                    f"Limner cannot listen on {settings.host} port {port} ({error.strerror}); choose another --port."
                ) from error
            why = f"Port {port} is in use by another program"
        else:
            return listener
    raise SettingsError(
        f"{why}; stop that program, or choose another with --port, such as --port {settings.port + 40}."
    )
