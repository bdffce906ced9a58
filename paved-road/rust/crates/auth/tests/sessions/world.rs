//! A service without a server: requests of a browser go straight to `Auth`. The provider is `paved-road/testing/provider.mjs`.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{SystemTime, UNIX_EPOCH};

use bartizan_paved_audit::{AuditEvent, AuditSink};
use bartizan_paved_auth::{Auth, AuthBuilder, ClientSecret, Clock, HasProvider, Provider, Sessions, dangerous};
use bartizan_paved_safe_http::{ExchangeRequest, RawAnswer, exchange};
use bartizan_paved_secret::Secret;
use bartizan_paved_spec::parse_url;
use bartizan_paved_web_guard::{WebRequest, WebResponse};
use http::{HeaderMap, HeaderValue, Method};
use serde_json::{Value, json};

/// A provider that ends with the test.
pub(crate) struct TestProvider {
    child: Child,
    pub(crate) issuer: String,
    pub(crate) client_id: String,
    pub(crate) client_secret: String,
}

impl TestProvider {
    /// Starts it; `None`, and a line that says so, where there is no Node.js.
    pub(crate) fn start() -> Option<Self> {
        let script = Path::new(&std::env::var_os("CARGO_MANIFEST_DIR").unwrap()).join("../../../testing/provider.mjs");
        let child = Command::new("node").arg(&script).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
        let Ok(mut child) = child.map_err(|error| println!("skipped: node {}: {error}", script.display())) else { return None };
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let about: Value = serde_json::from_str(&line).unwrap_or_else(|_| panic!("{} said {line:?}", script.display()));
        let text = |name: &str| about[name].as_str().unwrap().to_owned();
        Some(Self { child, issuer: text("issuer"), client_id: text("clientId"), client_secret: text("clientSecret") })
    }

    async fn ask(&self, method: Method, path: &str, body: String) -> RawAnswer {
        let request = ExchangeRequest { body: body.into_bytes(), ..ExchangeRequest::new(method, &format!("{}{path}", self.issuer)) };
        exchange(&request, None).await.unwrap()
    }

    pub(crate) async fn options(&self, options: Value) {
        self.ask(Method::POST, "/__options", options.to_string()).await;
    }

    /// How often a path was asked for.
    pub(crate) async fn count(&self, path: &str) -> usize {
        let log: Value = serde_json::from_slice(&self.ask(Method::GET, "/__log", String::new()).await.body).unwrap();
        log.as_array().unwrap().iter().filter(|entry| entry["path"] == path).count()
    }
}

impl Drop for TestProvider {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A clock that moves when it is told to.
#[derive(Clone, Default)]
pub(crate) struct TestClock(Arc<Mutex<f64>>);

impl TestClock {
    pub(crate) fn advance(&self, seconds: f64) {
        *self.0.lock().unwrap() += seconds;
    }

    pub(crate) fn now(&self) -> f64 {
        SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs_f64() + *self.0.lock().unwrap()
    }

    pub(crate) fn as_clock(&self) -> Clock {
        let clock = self.clone();
        Arc::new(move || clock.now())
    }
}

/// A browser that keeps cookies.
#[derive(Clone, Default)]
pub(crate) struct Visitor {
    pub(crate) cookies: BTreeMap<String, String>,
}

impl Visitor {
    pub(crate) fn request(&self, target: &str) -> WebRequest {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let cookie = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ");
        let headers = HeaderMap::from_iter([(http::header::COOKIE, HeaderValue::from_str(&cookie).unwrap())]);
        WebRequest { method: Method::GET, path: path.into(), query: query.into(), headers, certificate: None }
    }

    pub(crate) fn keep(&mut self, cookies: &[String]) {
        for line in cookies {
            let (name, value) = line.split(';').next().unwrap().split_once('=').unwrap();
            self.cookies.remove(name);
            if !value.is_empty() {
                self.cookies.insert(name.into(), value.into());
            }
        }
    }
}

pub(crate) type Change = fn(AuthBuilder<HasProvider, Sessions>) -> AuthBuilder<HasProvider, Sessions>;

pub(crate) struct World {
    pub(crate) provider: TestProvider,
    pub(crate) clock: TestClock,
    pub(crate) sessions: Sessions,
    pub(crate) events: Arc<Mutex<Vec<AuditEvent>>>,
    pub(crate) auth: Auth,
}

impl World {
    pub(crate) fn new() -> Option<Self> {
        let clock = TestClock::default();
        let sessions = Sessions::in_memory_with_clock(clock.as_clock()).unwrap();
        Self::with(clock, sessions, |builder| builder)
    }

    pub(crate) fn with(clock: TestClock, sessions: Sessions, change: Change) -> Option<Self> {
        let provider = TestProvider::start()?;
        let events = Arc::default();
        let auth = make(&provider, &clock, &sessions, &events, change);
        Some(Self { auth, provider, clock, sessions, events })
    }

    /// Another replica, or the same one with other sessions.
    pub(crate) fn replica(&self, sessions: &Sessions) -> Auth {
        make(&self.provider, &self.clock, sessions, &self.events, |builder| builder)
    }

    /// Goes to the provider and comes back: the path and query of the callback.
    pub(crate) async fn finish(&self, answer: &WebResponse) -> String {
        let location = &answer.headers.iter().find(|(name, _)| *name == "location").expect("a redirect").1;
        let back = exchange(&ExchangeRequest::new(Method::GET, location), None).await.unwrap();
        let url = parse_url(back.header("location").expect("a redirect back")).unwrap();
        url.path + &url.query
    }

    pub(crate) async fn get(&self, visitor: &mut Visitor, target: &str) -> WebResponse {
        let answer = self.auth.handle(visitor.request(target), Vec::new()).await.unwrap().expect("an answer");
        visitor.keep(&answer.cookies);
        answer
    }

    pub(crate) async fn begin(&self, visitor: &mut Visitor) -> String {
        let answer = self.get(visitor, "/login").await;
        self.finish(&answer).await
    }

    pub(crate) async fn sign_in(&self, visitor: &mut Visitor) -> WebResponse {
        let back = self.begin(visitor).await;
        self.get(visitor, &back).await
    }

    pub(crate) async fn who(&self, visitor: &Visitor) -> Option<String> {
        self.auth.session(&visitor.request("/")).await.unwrap().map(|user| user.subject)
    }

    pub(crate) fn details(&self, kind: bartizan_paved_audit::EventKind) -> Vec<AuditEvent> {
        self.events.lock().unwrap().iter().filter(|event| event.kind == kind).cloned().collect()
    }
}

fn make(provider: &TestProvider, clock: &TestClock, sessions: &Sessions, events: &Arc<Mutex<Vec<AuditEvent>>>, change: Change) -> Auth {
    let events = Arc::clone(events);
    let audit: AuditSink = Arc::new(move |event| events.lock().unwrap().push(event.clone()));
    let client = ClientSecret::new(Secret::new(provider.client_secret.clone()));
    let builder = Auth::at("https://orders.example.org")
        .provider(Provider::new(&provider.issuer, &provider.client_id, client).scopes(["read"]))
        .sessions(sessions.clone())
        .audit(audit)
        .dangerously(dangerous("tests").unwrap().http_on_loopback().clock(clock.as_clock()));
    change(builder).build().unwrap()
}

/// Options by which the ID token says something else.
pub(crate) fn id_token(claims: &Value) -> Value {
    json!({ "idToken": { "claims": claims } })
}
