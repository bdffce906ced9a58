//! A service that signs people in, calls itself an API, and survives a malicious provider. Run by the attack suite on loopback.

use std::env::var;

use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use bartizan_paved_axum::{
    ApiOptions, Auth, Caller, ClientSecret, Problem, Provider, Session, Sessions, SignedIn, dangerous, paved, scopes,
};
use http::StatusCode;
use serde_json::{Value, json};

scopes! { Read = ["read"]; }

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let provider = Provider::new(&var("ISSUER")?, &var("CLIENT_ID")?, ClientSecret::from_env("CLIENT_SECRET")?)
        .scopes(["offline_access", "read"])
        .userinfo();
    let mut auth = Auth::at(&var("BASE_URL")?)
        .provider(provider)
        .sessions(Sessions::in_memory()?)
        .dangerously(dangerous("the attack suite runs on 127.0.0.1")?.http_on_loopback());
    if let Ok(issuer) = var("ISSUER2") {
        auth = auth.provider(Provider::new(&issuer, &var("CLIENT_ID2")?, ClientSecret::from_env("CLIENT_SECRET2")?).named("2").userinfo());
    }
    let auth = auth.build()?;
    let audience = var("AUDIENCE").unwrap_or_else(|_| "https://api.example".into());
    let api = auth.api(&audience, ApiOptions { scopes: vec!["read".into()], dpop: true, ..ApiOptions::default() })?;

    let routes = Router::new().route("/", get(hello)).route("/me", get(me)).route("/refresh", post(refresh)).route("/api/me", get(api_me));
    let app = paved(auth).api(api).routes(routes);
    axum::serve(tokio::net::TcpListener::bind(format!("127.0.0.1:{}", var("PORT")?)).await?, app).await?;
    Ok(())
}

async fn hello() -> Json<Value> {
    Json(json!({ "hello": "world" }))
}

async fn me(user: SignedIn) -> Json<Value> {
    Json(json!({ "sub": user.subject }))
}

async fn refresh(session: Session) -> Result<Response, Problem> {
    Ok(match session.refresh().await? {
        Some(_) => Json(json!({ "refreshed": true })).into_response(),
        None => (StatusCode::UNAUTHORIZED, Json(json!({ "error": "not signed in" }))).into_response(),
    })
}

async fn api_me(caller: Caller<Read>) -> Json<Value> {
    Json(json!({ "sub": caller.subject }))
}
