//! Sign-in, sessions, API protection, security headers and CSRF protection for axum, in one call.
//!
//! ```no_run
//! use axum::{Router, routing::get};
//! use bartizan_paved_axum::{Auth, ClientSecret, Provider, Sessions, SignedIn, paved};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let auth = Auth::at("https://orders.example.org")
//!     .provider(Provider::new("https://id.example.org", "orders", ClientSecret::from_env("CLIENT_SECRET")?))
//!     .sessions(Sessions::in_memory()?)
//!     .build()?;
//! let app: Router = paved(auth).routes(Router::new().route("/me", get(me)));
//!
//! async fn me(user: SignedIn) -> String {
//!     format!("you are {}", user.subject)
//! }
//! # Ok(())
//! # }
//! ```
//!
//! What would not be protected does not compile. A handler that wants to know who is signed in can't be served without `paved`:
//!
//! ```compile_fail
//! use axum::{Router, routing::get};
//! use bartizan_paved_axum::SignedIn;
//!
//! async fn me(user: SignedIn) -> String { user.subject.clone() }
//! let app: Router = Router::new().route("/me", get(me));
//! ```
//!
//! A handler for callers of an API needs an API, and says which scopes it demands:
//!
//! ```compile_fail
//! use axum::{Router, routing::get};
//! use bartizan_paved_axum::{Auth, Caller, paved, scopes};
//!
//! scopes! { Read = ["read"]; }
//! async fn orders(caller: Caller<Read>) -> String { caller.subject.clone() }
//! fn without_api(auth: Auth) -> Router {
//!     paved(auth).routes(Router::new().route("/api/orders", get(orders)))
//! }
//! ```
//!
//! ```compile_fail
//! use bartizan_paved_axum::Caller;
//! async fn orders(caller: Caller<&str>) -> String { caller.subject.clone() }
//! ```
//!
//! The state by which handlers reach the library is made by `paved` alone:
//!
//! ```compile_fail
//! use bartizan_paved_axum::Paved;
//! fn state<A>(auth: std::sync::Arc<bartizan_paved_axum::Auth>, api: A) -> Paved<A> { Paved { auth, api } }
//! ```

mod answer;
mod extract;
mod road;
mod state;

pub use answer::Classed;
pub use bartizan_paved_audit::{AuditEvent, AuditSink, EventKind, json_lines};
pub use bartizan_paved_auth::{
    Access, Api, ApiIssuer, ApiOptions, Auth, ClientKey, ClientSecret, Failure, KeyRing, Paths, Pinned, Provider, PublicClient,
    SessionLimits, Sessions, SignInRequest, User, dangerous,
};
pub use bartizan_paved_safe_input::LocalPath;
pub use bartizan_paved_secret::Secret;
pub use bartizan_paved_spec::{Reason, Refused};
pub use bartizan_paved_web_guard::{GuardOptions, RateLimit, RateLimitBy, ResponseClass};
pub use extract::{Caller, ClientCertificate, Nonce, Problem, Scopes, Session, SignedIn};
pub use road::{Road, paved, protected};
pub use state::{HasApi, HasAuth, NoApi, NoAuth, Paved, WithApi, WithAuth};
