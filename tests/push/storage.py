"""An object storage that speaks S3, in a process of its own on 127.0.0.1."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import obstore
import requests
from obstore.store import S3Store

from tests.brokers import free_ports
from tests.conftest import until

KEYS = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}


class Storage:
    """The server, and what stands in its buckets. What it keeps is gone when it ends."""

    def __init__(self) -> None:
        (self.port,) = free_ports(1)
        self.endpoint = f"http://127.0.0.1:{self.port}"
        self._log = tempfile.TemporaryFile()  # noqa: SIM115 - as long as the server
        self._start()

    def _start(self) -> None:
        program = Path(sys.executable).with_name("moto_server")
        self._process = subprocess.Popen(
            [program, "-H", "127.0.0.1", "-p", str(self.port)],
            stdout=self._log,
            stderr=self._log,
            env=os.environ | KEYS,
        )
        until(self._answers, 60)

    def _answers(self) -> bool:
        assert self._process.poll() is None, "the object storage ended"
        try:
            requests.get(self.endpoint, timeout=2)
        except requests.ConnectionError:
            return False
        return True

    def new(self, bucket: str) -> str:
        """An empty bucket; its address."""
        requests.put(f"{self.endpoint}/{bucket}", timeout=5).raise_for_status()
        return f"s3://{bucket}"

    def objects(self, bucket: str) -> dict[str, dict[str, Any]]:
        """Everything in a bucket: key → body, headers and tag."""
        store = S3Store(
            bucket,
            endpoint=self.endpoint,
            region="us-east-1",
            access_key_id="test",
            secret_access_key="test",
            client_options={"allow_http": True},
            virtual_hosted_style_request=False,
        )
        found = {}
        for chunk in obstore.list(store):
            for one in chunk:
                got = obstore.get(store, one["path"])
                found[one["path"]] = {
                    "body": bytes(got.bytes()),
                    "headers": dict(got.attributes),
                    "tag": one["e_tag"],
                }
        return found

    def stop(self) -> None:
        """No request is answered any more."""
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()

    def start(self) -> None:
        """An empty storage answers at the same address."""
        self._start()

    def close(self) -> None:
        """End."""
        self.stop()
        self._log.close()
