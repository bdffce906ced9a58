"""A service that signs people in, calls itself an API, and survives a malicious provider. Run by the attack suite on loopback."""

import os

from flask import Flask, Response

from bartizan_paved_road import Auth, ClientSecret, Refused, Sessions, SignInProvider, dangerous
from bartizan_paved_road.adapters.flask import caller, metadata, paved, protect, refresh, signed_in, who

env = os.environ
providers = [SignInProvider(env["ISSUER"], env["CLIENT_ID"], ClientSecret.from_env("CLIENT_SECRET"), scopes=["offline_access", "read"], userinfo=True)]
if env.get("ISSUER2"):
    providers.append(SignInProvider(env["ISSUER2"], env["CLIENT_ID2"], ClientSecret.from_env("CLIENT_SECRET2"), name="2", userinfo=True))

auth = Auth(
    public_url=env["BASE_URL"],
    providers=providers,
    sessions=Sessions.in_memory(),
    dangerous=dangerous(http_on_loopback=True, because="the attack suite runs on 127.0.0.1"),
)
api = auth.api(audience=env.get("AUDIENCE", "https://api.example"), scopes=["read"], dpop=True)

app = Flask(__name__)
paved(app, auth)
metadata(app, api)


@app.get("/")
def home() -> dict[str, str]:
    return {"hello": "world"}


@app.get("/me")
@signed_in
def me() -> dict[str, str]:
    return {"sub": who().subject}


@app.post("/refresh")
def refresh_now() -> tuple[dict[str, object], int]:
    return ({"refreshed": True}, 200) if refresh() else ({"error": "not signed in"}, 401)


@app.get("/api/me")
@protect(api, "read")
def api_me() -> dict[str, str]:
    return {"sub": caller().subject}


@app.errorhandler(Refused)
def not_available(_error: Refused) -> Response:
    """A provider that does not answer is no reason to say more than that."""
    return Response("Not available.\n", 503, content_type="text/plain")


if __name__ == "__main__":
    app.run("127.0.0.1", int(env["PORT"]), threaded=True)
