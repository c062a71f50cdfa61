"""One kept-alive connection to the portal's webhook door, for one thread."""

import http.client
from urllib.parse import urlsplit

TIMEOUT_SECONDS = 15


class Line:
    """Plain http.client: the sandbox shares its machine with the portal, and must send cheaply."""

    def __init__(self, url: str):
        parts = urlsplit(url)
        maker = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        self._connection = maker(parts.hostname, parts.port, timeout=TIMEOUT_SECONDS)
        self._path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")

    def close(self) -> None:
        self._connection.close()

    def post(self, body: bytes, headers: dict[str, str]) -> tuple[int, bytes]:
        """Status and body; (0, b"") if nobody answered. A line that the other side hung up is dialled once more."""
        for is_fresh in (self._connection.sock is None, True):
            try:
                self._connection.request("POST", self._path, body, headers)
                response = self._connection.getresponse()
                return response.status, response.read()
            except TimeoutError:
                self._connection.close()
                return 0, b""
            except (OSError, http.client.HTTPException):
                self._connection.close()
                if is_fresh:
                    return 0, b""
        return 0, b""
