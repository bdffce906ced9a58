//! What needs a clock, several replicas, or a look into the store.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::indexing_slicing,
    reason = "a test may fail"
)]

mod store;
mod world;

use std::collections::HashSet;
use std::sync::Arc;

use bartizan_paved_audit::EventKind;
use bartizan_paved_auth::{ApiIssuer, ApiOptions, KeyRing, MemoryStore, SessionLimits, Sessions, SignInRequest, Store};
use bartizan_paved_spec::Reason;
use serde_json::json;
use store::Spy;
use world::{TestClock, Visitor, World, id_token};

#[tokio::test]
async fn a_sign_in_that_was_begun_ends_after_ten_minutes() {
    let Some(world) = World::new() else { return };
    let mut visitor = Visitor::default();
    let back = world.begin(&mut visitor).await;
    world.clock.advance(600.0);
    assert_eq!(world.get(&mut visitor, &back).await.status, 400);
    assert_eq!(world.who(&visitor).await, None);
}

#[tokio::test]
async fn a_session_ends_without_use() {
    let Some(world) = World::new() else { return };
    let mut visitor = Visitor::default();
    world.sign_in(&mut visitor).await;
    for _ in 0..3 {
        world.clock.advance(1700.0);
        assert_eq!(world.who(&visitor).await.as_deref(), Some("alice"));
    }
    world.clock.advance(1800.0);
    assert_eq!(world.who(&visitor).await, None);
    world.clock.advance(-1800.0);
    assert_eq!(world.who(&visitor).await, None, "it does not come back");
}

#[tokio::test]
async fn a_session_ends_after_twelve_hours_of_use() {
    let Some(world) = World::new() else { return };
    let mut visitor = Visitor::default();
    world.sign_in(&mut visitor).await;
    for _ in 0..28 {
        world.clock.advance(1500.0);
        assert_eq!(world.who(&visitor).await.as_deref(), Some("alice"));
    }
    world.clock.advance(1500.0);
    assert_eq!(world.who(&visitor).await, None);
}

#[tokio::test]
async fn lifetimes_can_be_shortened_and_not_extended() {
    assert_eq!(SessionLimits::shortened(Some(1801.0), None).unwrap_err().reason, Reason::ConfigurationInvalid);
    let clock = TestClock::default();
    let sessions = Sessions::in_memory_with_clock(clock.as_clock()).unwrap();
    let Some(world) = World::with(clock, sessions, |builder| builder.lifetimes(SessionLimits::shortened(Some(60.0), None).unwrap())) else {
        return;
    };
    let mut visitor = Visitor::default();
    world.sign_in(&mut visitor).await;
    world.clock.advance(60.0);
    assert_eq!(world.who(&visitor).await, None);
}

#[tokio::test]
async fn a_session_gets_a_new_id_when_privileges_change() {
    let Some(world) = World::new() else { return };
    let mut visitor = Visitor::default();
    world.sign_in(&mut visitor).await;
    let thief = visitor.clone();
    let cookie = world.auth.rotate(&visitor.request("/")).await.unwrap();
    visitor.keep(&[cookie]);
    assert_eq!(world.who(&visitor).await.as_deref(), Some("alice"));
    assert_eq!(world.who(&thief).await, None);
}

#[tokio::test]
async fn a_second_sign_in_ends_the_first_session() {
    let Some(world) = World::new() else { return };
    let mut visitor = Visitor::default();
    world.sign_in(&mut visitor).await;
    let old = visitor.clone();
    world.sign_in(&mut visitor).await;
    assert_eq!(world.who(&visitor).await.as_deref(), Some("alice"));
    assert_eq!(world.who(&old).await, None);
}

#[tokio::test]
async fn all_sessions_of_a_subject_can_be_ended() {
    let Some(world) = World::new() else { return };
    let (mut one, mut two) = (Visitor::default(), Visitor::default());
    world.sign_in(&mut one).await;
    world.sign_in(&mut two).await;
    assert_eq!(world.auth.end_sessions_of(&world.provider.issuer, "alice").await.unwrap(), 2);
    assert_eq!((world.who(&one).await, world.who(&two).await), (None, None));
}

#[tokio::test]
async fn a_stronger_sign_in_asks_for_it_and_checks_it() {
    let Some(world) = World::new() else { return };
    let mut visitor = Visitor::default();
    for (claims, status) in [(json!({}), 400), (json!({ "acr": "urn:strong", "auth_time": world.clock.now().floor() - 5.0 }), 302)] {
        world.provider.options(id_token(&claims)).await;
        let asked = SignInRequest { acr_values: Some(vec!["urn:strong".into()]), max_age: Some(60), ..SignInRequest::default() };
        let begun = world.auth.begin(visitor.request("/step-up"), asked).await.unwrap();
        visitor.keep(&begun.cookies);
        let back = world.finish(&begun).await;
        assert_eq!(world.get(&mut visitor, &back).await.status, status);
    }
    let user = world.auth.session(&visitor.request("/")).await.unwrap().unwrap();
    assert_eq!(user.acr.as_deref(), Some("urn:strong"));
}

#[tokio::test]
async fn the_store_learns_neither_ids_nor_tokens_nor_names() {
    let clock = TestClock::default();
    let spy = Arc::new(Spy::new(MemoryStore::with_clock(clock.as_clock())));
    let sessions = Sessions::in_store(Arc::clone(&spy) as Arc<dyn Store>, KeyRing::ephemeral().unwrap());
    let Some(world) = World::with(clock, sessions, |builder| builder) else { return };
    let mut visitor = Visitor::default();
    world.sign_in(&mut visitor).await;
    let written = spy.written();
    assert!(written.contains("session:"));
    for secret in visitor.cookies.values().map(String::as_str).chain(["alice", "rt-", "eyJ", world.provider.issuer.as_str()]) {
        assert!(!written.contains(secret), "{secret}");
    }
}

#[tokio::test]
async fn a_record_can_not_be_moved_and_a_dropped_key_ends_sessions() {
    let clock = TestClock::default();
    let store: Arc<dyn Store> = Arc::new(MemoryStore::with_clock(clock.as_clock()));
    let sessions = Sessions::in_store(Arc::clone(&store), KeyRing::ephemeral().unwrap());
    let Some(world) = World::with(clock, sessions, |builder| builder) else { return };
    let (mut alice, mut bob) = (Visitor::default(), Visitor::default());
    world.sign_in(&mut alice).await;
    world.provider.options(id_token(&json!({ "sub": "bob" }))).await;
    world.sign_in(&mut bob).await;
    assert_eq!(world.who(&bob).await.as_deref(), Some("bob"));
    let key_of = |visitor: &Visitor| Sessions::key_of(&visitor.cookies["__Host-bz-session"]);
    let stolen = store.get(&key_of(&alice)).await.unwrap().unwrap();
    store.put(&key_of(&bob), stolen, world.clock.now() + 1000.0).await.unwrap();
    assert_eq!(world.who(&bob).await, None);

    let other = world.replica(&Sessions::in_store(store, KeyRing::ephemeral().unwrap()));
    assert!(other.session(&alice.request("/")).await.unwrap().is_none());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_requests_over_three_replicas_and_one_expired_token() {
    let Some(world) = World::new() else { return };
    world.provider.options(json!({ "expiresIn": 20, "tokenDelayMs": 300 })).await;
    let mut visitor = Visitor::default();
    world.sign_in(&mut visitor).await;
    world.clock.advance(15.0);
    let replicas = [world.replica(&world.sessions), world.replica(&world.sessions), world.replica(&world.sessions)].map(Arc::new);
    let before = world.provider.count("/token").await;
    let calls: Vec<_> = (0..1000)
        .map(|at| {
            let (auth, request) = (Arc::clone(&replicas[at % 3]), visitor.request("/"));
            tokio::spawn(async move { auth.authorize(&request, &http::Method::GET, "https://api.example/orders").await })
        })
        .collect();
    let mut seen = HashSet::new();
    for call in calls {
        let headers = call.await.unwrap().unwrap();
        seen.insert(headers[0].1.expose().to_owned());
    }
    assert_eq!(world.provider.count("/token").await - before, 1);
    assert_eq!(seen.len(), 1);
    assert_eq!(world.who(&visitor).await.as_deref(), Some("alice"));
}

#[tokio::test]
async fn a_refresh_goes_on_when_the_browser_has_gone() {
    let Some(world) = World::new() else { return };
    let mut visitor = Visitor::default();
    world.sign_in(&mut visitor).await;
    world.provider.options(json!({ "tokenDelayMs": 300 })).await;
    let request = visitor.request("/");
    let gone = tokio::time::timeout(std::time::Duration::from_millis(100), world.auth.refresh(&request)).await;
    assert!(gone.is_err(), "the answer came too soon for this test");
    tokio::time::sleep(std::time::Duration::from_millis(1500)).await;
    world.provider.options(json!({})).await;
    assert!(world.auth.refresh(&request).await.unwrap().is_some(), "the new refresh token was kept");
}

#[tokio::test]
async fn a_token_of_a_few_seconds_is_not_renewed_by_every_request() {
    let Some(world) = World::new() else { return };
    world.provider.options(json!({ "expiresIn": 10 })).await;
    let mut visitor = Visitor::default();
    world.sign_in(&mut visitor).await;
    let before = world.provider.count("/token").await;
    for _ in 0..5 {
        world.auth.authorize(&visitor.request("/"), &http::Method::GET, "https://api.example/").await.unwrap();
    }
    assert_eq!(world.provider.count("/token").await, before);
}

#[tokio::test]
async fn refusals_are_audited_and_the_user_gets_a_reference() {
    let Some(world) = World::new() else { return };
    world.provider.options(id_token(&json!({ "nonce": "x" }))).await;
    let answer = world.sign_in(&mut Visitor::default()).await;
    let events = world.details(EventKind::SignInRefused);
    assert_eq!(events[0].reason, Some(Reason::NonceMismatch));
    assert!(answer.body.contains(events[0].reference.as_ref().unwrap()));
    assert!(!answer.body.contains("nonce"));
}

#[tokio::test]
async fn what_is_dangerous_is_audited_at_start() {
    let Some(world) = World::new() else { return };
    let said: Vec<_> = world.details(EventKind::Dangerous).into_iter().filter_map(|event| event.detail).collect();
    assert_eq!(said, ["http on loopback: tests", "another clock: tests"]);
}

#[tokio::test]
async fn an_error_of_the_provider_stands_in_the_audit_only() {
    let Some(world) = World::new() else { return };
    world
        .provider
        .options(json!({ "response": { "code": null, "error": "access_denied", "error_description": "<script>alert(1)</script>" } }))
        .await;
    let answer = world.sign_in(&mut Visitor::default()).await;
    assert_eq!(answer.status, 400);
    assert!(!answer.body.contains("script") && !answer.body.contains("access_denied"));
    assert_eq!(world.details(EventKind::SignInRefused)[0].detail.as_deref(), Some("access_denied"));
}

#[tokio::test]
async fn introspection_is_asked_once_a_minute() {
    let Some(world) = World::new() else { return };
    let client = bartizan_paved_auth::ClientSecret::new(bartizan_paved_secret::Secret::new(world.provider.client_secret.clone()));
    let issuer = ApiIssuer { client_id: world.provider.client_id.clone(), client: client.into(), ..ApiIssuer::new(&world.provider.issuer) };
    let allowed = bartizan_paved_auth::dangerous("tests").unwrap().http_on_loopback().clock(world.clock.as_clock());
    let options = ApiOptions { introspection: true, ..ApiOptions::default() };
    let api =
        bartizan_paved_auth::Api::of_dangerously(issuer, "https://api.example", "https://api.example", options, Arc::new(|_| {}), &allowed)
            .unwrap();
    let mut request = Visitor::default().request("/orders");
    request.headers.insert("authorization", http::HeaderValue::from_static("Bearer opaque"));
    for _ in 0..5 {
        assert_eq!(api.check(&request, &["read"]).await.unwrap().subject, "alice");
    }
    assert_eq!(world.provider.count("/introspect").await, 1);
    world.clock.advance(61.0);
    world.provider.options(json!({ "introspection": { "active": false } })).await;
    assert_eq!(api.check(&request, &["read"]).await.unwrap_err().reason(), Some(Reason::TokenInactive));
    assert_eq!(world.provider.count("/introspect").await, 2);
}

#[tokio::test]
async fn secrets_print_nowhere() {
    let Some(world) = World::new() else { return };
    let key = bartizan_paved_auth::SigningKey::generate().unwrap();
    let ring = KeyRing::of([("k", "AAECAwQFBgcICQoLDA0ODwABAgMEBQYHCAkKCwwNDg8")]).unwrap();
    let client = bartizan_paved_auth::ClientSecret::new(bartizan_paved_secret::Secret::new("the-secret-text".into()));
    let printed = format!("{:?} {:?} {key:?} {ring:?} {client:?}", world.auth, world.sessions);
    for hidden in ["the-secret-text", "AAECAwQF", world.provider.client_secret.as_str()] {
        assert!(!printed.contains(hidden), "{printed}");
    }
}
