"""`feedsvc install-service`: the service starts with the machine."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from feedsvc.cli.common import EXIT_FAILED, config_option, reported, settings
from feedsvc.setup.service import NAME, Installation, sysusers, tmpfiles, unit, unreachable
from feedsvc.wiring.setup import folders


@click.command(name="install-service")
@click.option("--user", is_flag=True, help="For your own service manager, without root.")
@click.option("--print", "only_print", is_flag=True, help="Show the files; write nothing.")
@click.option("--force", is_flag=True, help="Replace files that say something else.")
@click.option(
    "--root",
    default="/",
    metavar="DIR",
    type=click.Path(file_okay=False, path_type=Path),
    help="Write below DIR, for packages and images.",
)
@config_option
@reported
def install_service(user: bool, only_print: bool, force: bool, root: Path, file: str) -> None:
    """Write what systemd needs to run feedsvc: a hardened unit, its account, its folders.

    The unit starts `feedsvc run` with this configuration, waits until it serves, and starts it again when it
    ends or hangs. `systemctl reload feedsvc` reads the configuration anew. Secrets go into /etc/feedsvc.env.
    """
    chosen = settings(file)
    given = Installation(
        program=Path(sys.executable).parent / "feedsvc",
        config=Path(file).absolute(),
        writes=folders(chosen),
        site=chosen.site.title,
    )
    if user:
        home = Path.home()
        wanted = {home / f".config/systemd/user/{NAME}.service": unit(given, user=True)}
        then = [
            "systemctl --user daemon-reload",
            f"systemctl --user enable --now {NAME}",
            "loginctl enable-linger",
        ]
    else:
        wanted = {
            root / f"etc/systemd/system/{NAME}.service": unit(given, user=False),
            root / f"etc/sysusers.d/{NAME}.conf": sysusers(),
            root / f"etc/tmpfiles.d/{NAME}.conf": tmpfiles(given),
        }
        then = [
            f"systemd-sysusers {NAME}.conf",
            f"systemd-tmpfiles --create {NAME}.conf",
            "systemctl daemon-reload",
            f"systemctl enable --now {NAME}",
        ]
    shut = None if user else unreachable(given)
    if shut is not None:
        click.echo(
            f"the account {NAME} may not enter {shut}: install feedsvc and its configuration elsewhere "
            f"(/srv/feedsvc), or chmod o+x {shut}",
            err=True,
        )
    if only_print:
        click.echo("\n".join(f"# {path}\n{text}" for path, text in wanted.items()), nl=False)
        return
    changed = [path for path, text in wanted.items() if path.exists() and path.read_text() != text]
    if changed and not force:
        click.echo(
            f"{changed[0]} says something else; look at it (--print shows ours), then --force", err=True
        )
        sys.exit(EXIT_FAILED)
    for path, text in wanted.items():
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        except OSError as error:
            hint = "" if user else "; call it with sudo, or with --user for a service of your own"
            click.echo(f"{path} cannot be written: {error.strerror}{hint}", err=True)
            sys.exit(EXIT_FAILED)
        click.echo(f"{path} is written")
    click.echo("\n".join(["Then:", *(f"  {line}" for line in then)]))
