"""POST /auth/oauth/token: codes and refresh tokens become pairs of tokens."""

from werkzeug.wrappers import Request, Response

from vehicles.smartcar.sandbox import credentials
from vehicles.smartcar.sandbox.answers import as_json
from vehicles.smartcar.sandbox.tokens import refusal
from vehicles.smartcar.sandbox.world import World


class TokensV2:
    def __init__(self, world: World):
        self._world = world

    def rules(self) -> list[tuple]:
        return [("/auth/oauth/token", self.issue, "POST")]

    def issue(self, request: Request) -> Response:
        settings, said = self._world.settings, request.form
        if not credentials.is_basic(request, settings.application_id, settings.legacy_client_secret):
            answer = refusal(401, "invalid_client", "Client authentication failed (e.g., unknown client or secret)")
            answer.headers["WWW-Authenticate"] = 'Basic realm="smartcar"'
            return answer
        match said.get("grant_type", ""):
            case "authorization_code":
                return self._exchange(said.get("code", ""), said.get("redirect_uri", ""))
            case "refresh_token":
                return self._refresh(said.get("refresh_token", ""))
            case "":
                return _malformed("grant_type")
        return refusal(400, "unsupported_grant_type", "grant_type must be authorization_code or refresh_token")

    def _exchange(self, code: str, redirect_uri: str) -> Response:
        if not code:
            return _malformed("code")
        pair = self._world.grants.redeem(code, redirect_uri)
        return _told(pair) if pair else refusal(400, "invalid_grant", "Invalid or expired authorization code.")

    def _refresh(self, refresh_token: str) -> Response:
        if not refresh_token:
            return _malformed("refresh_token")
        pair = self._world.grants.renew(refresh_token)
        return _told(pair) if pair else refusal(400, "invalid_grant", "Invalid or expired refresh token.")


def _told(pair: dict) -> Response:
    response = as_json(pair)
    response.headers["Cache-Control"] = "no-store"
    return response


def _malformed(missing: str) -> Response:
    words = f"Missing or malformed request parameters (e.g., missing {missing})"
    return refusal(400, "invalid_request", words)
