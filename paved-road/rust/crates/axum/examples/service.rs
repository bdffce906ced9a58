//! The example with every option that a provider may ask for, chosen by environment. For interoperation tests.

use std::env::var;

use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use bartizan_paved_auth::ClientAuthentication;
use bartizan_paved_axum::{
    ApiOptions, Auth, Caller, ClientKey, ClientSecret, Problem, Provider, PublicClient, Session, Sessions, SignedIn, dangerous, paved,
    scopes,
};
use bartizan_paved_safe_http::{ExchangeRequest, exchange};
use http::{Method, StatusCode};
use serde_json::{Value, json};

scopes! { Read = ["read"]; }

type Failed = Box<dyn std::error::Error>;

#[tokio::main]
async fn main() -> Result<(), Failed> {
    let base = dangerous("tests run on 127.0.0.1")?.http_on_loopback();
    let auth = Auth::at(&var("BASE_URL")?).sessions(Sessions::in_memory()?).dangerously(base);
    let auth = match (var("CLIENT_KEY"), var("SIGNED_REQUESTS"), var("CLIENT_PUBLIC")) {
        (Ok(_), Ok(_), _) => auth.provider(provider(ClientKey::from_env("CLIENT_KEY")?)?.signed_requests()),
        (Ok(_), Err(_), _) => auth.provider(provider(ClientKey::from_env("CLIENT_KEY")?)?),
        (Err(_), _, Ok(_)) => auth.provider(provider(PublicClient)?),
        (Err(_), _, Err(_)) => auth.provider(provider(ClientSecret::from_env("CLIENT_SECRET")?)?),
    };
    let auth = auth.build()?;
    let api = auth.api(&var("AUDIENCE")?, ApiOptions { scopes: vec!["read".into()], dpop: true, ..ApiOptions::default() })?;

    let routes =
        Router::new().route("/me", get(me)).route("/api/me", get(api_me)).route("/call", get(call)).route("/refresh", post(refresh));
    let app = paved(auth).api(api).routes(routes);
    axum::serve(tokio::net::TcpListener::bind(format!("127.0.0.1:{}", var("PORT")?)).await?, app).await?;
    Ok(())
}

fn provider<K: Into<ClientAuthentication>>(client: K) -> Result<Provider<K>, Failed> {
    let mut provider = Provider::new(&var("ISSUER")?, &var("CLIENT_ID")?, client).scopes(["offline_access", "read"]).prompt("consent");
    if var("DPOP").is_ok() {
        provider = provider.dpop();
    }
    if var("USERINFO").is_ok() {
        provider = provider.userinfo();
    }
    Ok(provider)
}

async fn me(user: SignedIn) -> Json<Value> {
    Json(json!({ "sub": user.subject }))
}

async fn api_me(caller: Caller<Read>) -> Json<Value> {
    Json(json!({ "sub": caller.subject, "client": caller.client_id }))
}

/// Calls its own API on the user's behalf.
async fn call(_: SignedIn, session: Session) -> Result<Response, Problem> {
    let url = format!("{}/api/me", var("BASE_URL").unwrap_or_default());
    let headers = session.authorize(&Method::GET, &url).await?;
    Ok(match exchange(&ExchangeRequest { headers, ..ExchangeRequest::new(Method::GET, &url) }, None).await {
        Ok(answer) => (StatusCode::from_u16(answer.status).unwrap_or(StatusCode::BAD_GATEWAY), answer.body).into_response(),
        Err(_) => StatusCode::BAD_GATEWAY.into_response(),
    })
}

async fn refresh(session: Session) -> Result<Response, Problem> {
    Ok(match session.refresh().await? {
        Some(_) => Json(json!({})).into_response(),
        None => (StatusCode::UNAUTHORIZED, Json(json!({}))).into_response(),
    })
}
