"""The example with every option that a provider may ask for, chosen by environment. For interoperation tests."""

import os

import httpx
from flask import Flask

from bartizan_paved_road import Auth, ClientKey, ClientSecret, PublicClient, Sessions, SignInProvider, dangerous
from bartizan_paved_road.adapters.flask import authorize, caller, paved, protect, refresh, signed_in, who

env = os.environ
client = ClientKey.from_env("CLIENT_KEY") if env.get("CLIENT_KEY") else PublicClient() if env.get("CLIENT_PUBLIC") else ClientSecret.from_env("CLIENT_SECRET")
provider = SignInProvider(
    env["ISSUER"],
    env["CLIENT_ID"],
    client,
    scopes=["offline_access", "read"],
    prompt="consent",
    dpop=bool(env.get("DPOP")),
    signed_requests=bool(env.get("SIGNED_REQUESTS")),
    userinfo=bool(env.get("USERINFO")),
)
auth = Auth(public_url=env["BASE_URL"], providers=[provider], sessions=Sessions.in_memory(), dangerous=dangerous(http_on_loopback=True, because="tests run on 127.0.0.1"))
api = auth.api(audience=env["AUDIENCE"], scopes=["read"], dpop=True)

app = Flask(__name__)
paved(app, auth)


@app.get("/me")
@signed_in
def me() -> dict[str, str]:
    return {"sub": who().subject}


@app.get("/api/me")
@protect(api, "read")
def api_me() -> dict[str, str]:
    return {"sub": caller().subject, "client": caller().client_id}


@app.get("/call")
@signed_in
def call() -> tuple[dict[str, str], int]:
    url = f"{env['BASE_URL']}/api/me"
    answer = httpx.get(url, headers=authorize(url))
    return answer.json(), answer.status_code


@app.post("/refresh")
def refresh_now() -> tuple[dict[str, str], int]:
    return ({}, 200) if refresh() else ({}, 401)


if __name__ == "__main__":
    app.run("127.0.0.1", int(env["PORT"]), threaded=True)
