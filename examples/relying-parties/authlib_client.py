"""Signs in by code and PKCE with Authlib: python3 authlib_client.py <issuer> <redirect address> < client.json

The input has clientId and clientSecret, as `countersign application create-openid-client --json` prints them.
"""

import json
import secrets
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import urlsplit

import requests
from authlib.common.security import generate_token
from authlib.integrations.requests_client import OAuth2Session
from authlib.jose import JsonWebKey, JsonWebToken
from authlib.oidc.core import CodeIDToken

issuer, redirect_uri = sys.argv[1:]
client = json.load(sys.stdin)
metadata = requests.get(f"{issuer}/.well-known/openid-configuration", timeout=30).json()
session = OAuth2Session(
    client["clientId"],
    client["clientSecret"],
    scope="openid profile",
    redirect_uri=redirect_uri,
    code_challenge_method="S256",
)
verifier, nonce = generate_token(48), secrets.token_urlsafe()
url, state = session.create_authorization_url(
    metadata["authorization_endpoint"], code_verifier=verifier, nonce=nonce
)


class Callback(BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.returned = self.path
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_):
        """Addresses have codes."""


at = urlsplit(redirect_uri)
server = HTTPServer((at.hostname, at.port), Callback)
print(url, flush=True)
server.handle_request()

tokens = session.fetch_token(
    metadata["token_endpoint"],
    authorization_response=f"{at.scheme}://{at.netloc}{server.returned}",
    state=state,
    code_verifier=verifier,
)
keys = JsonWebKey.import_key_set(requests.get(metadata["jwks_uri"], timeout=30).json())
claims = JsonWebToken(["RS256"]).decode(
    tokens["id_token"],
    keys,
    claims_cls=CodeIDToken,
    claims_options={
        "iss": {"essential": True, "value": issuer},
        "aud": {"essential": True, "value": client["clientId"]},
    },
    claims_params={
        "nonce": nonce,
        "client_id": client["clientId"],
        "access_token": tokens["access_token"],
    },
)
claims.validate()
person = session.get(metadata["userinfo_endpoint"], timeout=30)
person.raise_for_status()
print(json.dumps({"sub": claims["sub"], "userinfo": person.json()}), flush=True)
