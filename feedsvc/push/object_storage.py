"""One bucket of an object storage that speaks Amazon's protocol (S3), as documents are written into it.

Credentials come from the environment as for every program that uses S3: AWS_ACCESS_KEY_ID,
AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, or the role of the machine.
"""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlsplit

from feedsvc.errors import BucketError, Code

SECONDS = "20s"  #: for one request
TRYING = timedelta(seconds=30)  #: for one request and its repetitions


class ChangedError(Exception):
    """The bucket has another object there than we thought: somebody else wrote it."""


class Bucket:
    """Writes into `address` (`s3://bucket/folder`). Raises BucketError where the storage does not answer."""

    def __init__(self, address: str, *, endpoint: str = "", region: str = "us-east-1") -> None:
        try:
            from obstore.store import S3Store
        except ImportError as error:
            words = f"{address}: needs obstore; install feedsvc[objects]"
            raise BucketError(Code.BUCKET, words) from error

        parts = urlsplit(address)
        self.address = address
        self._store = S3Store(
            parts.netloc,
            prefix=parts.path.strip("/") or None,
            region=region,
            endpoint=endpoint or None,
            virtual_hosted_style_request=False,
            client_options={"allow_http": endpoint.startswith("http://"), "timeout": SECONDS},
            retry_config={"max_retries": 2, "retry_timeout": TRYING},
        )

    def put(self, key: str, body: bytes, *, media_type: str, cache_control: str, known: str) -> str:
        """Write an object in place of the one with the tag `known` (none: ""); the tag of the new one.

        Raises ChangedError where there is another one by now (RFC 9110, section 13.1: If-Match,
        If-None-Match).
        """
        import obstore
        from obstore.exceptions import AlreadyExistsError, PreconditionError

        try:
            done = obstore.put(
                self._store,
                key,
                body,
                attributes={"Content-Type": media_type, "Cache-Control": cache_control},
                mode={"e_tag": known} if known else "create",
                use_multipart=False,
            )
        except (AlreadyExistsError, PreconditionError) as error:
            raise ChangedError(key) from error
        except Exception as error:
            raise self._failed(error) from error
        return str(done["e_tag"] or "")

    def tag(self, key: str) -> str:
        """The tag of the object that is there; "" where there is none."""
        import obstore

        try:
            return str(obstore.head(self._store, key)["e_tag"] or "")
        except FileNotFoundError:
            return ""
        except Exception as error:
            raise self._failed(error) from error

    def delete(self, key: str) -> None:
        """Remove an object, if there is one."""
        import obstore

        try:
            obstore.delete(self._store, key)
        except FileNotFoundError:
            return
        except Exception as error:
            raise self._failed(error) from error

    def _failed(self, error: Exception) -> BucketError:
        lines = str(error).splitlines()
        words = lines[0] if lines else type(error).__name__
        return BucketError(Code.BUCKET, f"{self.address}: {words}")
