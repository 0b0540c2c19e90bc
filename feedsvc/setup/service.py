"""The unit with which systemd runs an installation, and the user and folder that it needs."""

from __future__ import annotations

import stat
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

NAME = "feedsvc"


@dataclass(frozen=True, slots=True, kw_only=True)
class Installation:
    """What is to run: absolute paths."""

    program: Path  #: …/bin/feedsvc
    config: Path
    writes: Sequence[Path]  #: folders that the service writes into
    site: str  #: the newsroom's name


def unit(given: Installation, *, user: bool) -> str:
    """A unit; `user`: for a person's own service manager, which hardens less and needs no account."""
    lines = [
        "# Written by `feedsvc install-service`. Your changes belong into a drop-in: systemctl edit feedsvc",
        "[Unit]",
        f"Description=feedsvc: the feeds of {_word(given.site)}",
        "Wants=network-online.target",
        "After=network-online.target",
        "",
        "[Service]",
        "Type=notify",
        "NotifyAccess=main",
        f"ExecStart={_path(given.program)} run --config {_path(given.config)}",
        "ExecReload=/bin/kill -HUP $MAINPID",
        f"EnvironmentFile=-/etc/{NAME}.env" if not user else f"EnvironmentFile=-%h/.config/{NAME}.env",
        "Restart=always",
        "RestartSec=2",
        "WatchdogSec=180",
        "TimeoutStartSec=300",
        "TimeoutStopSec=20",
        "KillMode=mixed",
        "LimitNOFILE=65536",
        "UMask=0077",
        "NoNewPrivileges=yes",
    ]
    if not user:
        lines += [f"User={NAME}", f"Group={NAME}", *_hardening(given)]
    return "\n".join([*lines, "", "[Install]", f"WantedBy={'default' if user else 'multi-user'}.target", ""])


def sysusers() -> str:
    """The account, for systemd-sysusers."""
    return f'u {NAME} - "feedsvc collects and serves feeds" / /usr/sbin/nologin\n'


def tmpfiles(given: Installation) -> str:
    """The folders that it writes into, for systemd-tmpfiles: made, and given to the account whole."""
    return "".join(
        f"d {_path(folder)} 0700 {NAME} {NAME} -\nZ {_path(folder)} - {NAME} {NAME} -\n"
        for folder in given.writes
    )


def _hardening(given: Installation) -> list[str]:
    at_home = any(path.is_relative_to(home) for home in ("/home", "/root") for path in _paths(given))
    return [
        "# What it may do: read its program and configuration, write its store, speak to the network.",
        "ProtectSystem=strict",
        f"ReadWritePaths={' '.join(_path(one) for one in given.writes)}",
        f"ProtectHome={'read-only' if at_home else 'yes'}",
        "PrivateTmp=yes",
        "PrivateDevices=yes",
        "PrivateUsers=yes",
        "DevicePolicy=closed",
        "ProtectClock=yes",
        "ProtectHostname=yes",
        "ProtectKernelLogs=yes",
        "ProtectKernelModules=yes",
        "ProtectKernelTunables=yes",
        "ProtectControlGroups=yes",
        "ProtectProc=invisible",
        "ProcSubset=pid",
        "LockPersonality=yes",
        "MemoryDenyWriteExecute=yes",
        "RemoveIPC=yes",
        "RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6",
        "RestrictNamespaces=yes",
        "RestrictRealtime=yes",
        "RestrictSUIDSGID=yes",
        "CapabilityBoundingSet=",
        "AmbientCapabilities=",
        "SystemCallArchitectures=native",
        "SystemCallFilter=@system-service",
        "SystemCallFilter=~@privileged",
        "SystemCallErrorNumber=EPERM",
    ]


def unreachable(given: Installation) -> Path | None:
    """The first folder on the way to the program or the configuration that only its owner may enter."""
    for path in (given.program, given.config):
        for folder in reversed(path.resolve().parents):
            if folder.exists() and not folder.stat().st_mode & stat.S_IXOTH:
                return folder
    return None


def _paths(given: Installation) -> list[Path]:
    return [given.program, given.config, *given.writes]


def _path(path: Path) -> str:
    """A path as a unit's value (systemd.syntax(7)): % begins a specifier, \\ an escape, a space ends it."""
    text = str(path).replace("\\", "\\\\").replace("%", "%%").replace('"', '\\"')
    return f'"{text}"' if " " in text else text


def _word(text: str) -> str:
    return "".join(char for char in text if char.isprintable()).replace("\\", "").replace("%", "%%")
