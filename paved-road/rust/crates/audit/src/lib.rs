//! Structured events of what matters: sign-ins, refusals with their reason, and use of what is dangerous.
//!
//! ```
//! use bartizan_paved_audit::{AuditEvent, EventKind};
//!
//! let event = AuditEvent { subject: Some("alice".into()), ..AuditEvent::of(EventKind::SignIn) };
//! assert_eq!(event.to_ocsf(1_800_000_000_000, "event-1")["user"]["uid"], "alice");
//! ```

use std::io::Write;
use std::sync::{Arc, Mutex};
use std::time::{SystemTime, UNIX_EPOCH};

use bartizan_paved_spec::{Reason, Refused, limits, random_text};
use serde_json::{Map, Value, json};

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum EventKind {
    /// Somebody signed in.
    SignIn,
    /// A sign-in was refused.
    SignInRefused,
    /// A session ended, here or by the provider's word.
    SignOut,
    /// Tokens were renewed.
    Refresh,
    /// Tokens were not renewed.
    RefreshRefused,
    /// A sign-out was refused.
    LogoutRefused,
    /// An API refused a call.
    ApiRefused,
    /// A request was refused before any handler saw it.
    RequestRefused,
    /// A provider did what none should.
    ProviderAlarm,
    /// Security was lowered by `dangerous()`.
    Dangerous,
}

impl EventKind {
    /// Every kind, with its name in the audit log.
    pub const ALL: &[(Self, &str)] = &[
        (Self::SignIn, "sign-in"),
        (Self::SignInRefused, "sign-in-refused"),
        (Self::SignOut, "sign-out"),
        (Self::Refresh, "refresh"),
        (Self::RefreshRefused, "refresh-refused"),
        (Self::LogoutRefused, "logout-refused"),
        (Self::ApiRefused, "api-refused"),
        (Self::RequestRefused, "request-refused"),
        (Self::ProviderAlarm, "provider-alarm"),
        (Self::Dangerous, "dangerous"),
    ];

    /// The activity of OCSF's class 3002: logon, logoff, or other.
    const fn activity(self) -> u32 {
        match self {
            Self::SignIn | Self::SignInRefused => 1,
            Self::SignOut => 2,
            Self::Refresh
            | Self::RefreshRefused
            | Self::LogoutRefused
            | Self::ApiRefused
            | Self::RequestRefused
            | Self::ProviderAlarm
            | Self::Dangerous => 99,
        }
    }
}

/// Something that happened. It holds no secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditEvent {
    /// What.
    pub kind: EventKind,
    /// At which provider.
    pub issuer: Option<String>,
    /// To whom.
    pub subject: Option<String>,
    /// Why it was refused, if it was.
    pub reason: Option<Reason>,
    /// More, in words.
    pub detail: Option<String>,
    /// What the user is shown, to find this event by.
    pub reference: Option<String>,
}

impl AuditEvent {
    /// An event without details.
    #[must_use]
    pub const fn of(kind: EventKind) -> Self {
        Self { kind, issuer: None, subject: None, reason: None, detail: None, reference: None }
    }

    /// A refusal.
    #[must_use]
    pub fn refusal(kind: EventKind, refused: &Refused) -> Self {
        Self { reason: Some(refused.reason), detail: refused.detail.clone(), ..Self::of(kind) }
    }

    /// The event as OCSF 1.3 (class 3002, Authentication). `time` is in milliseconds since 1970; `id` is unique.
    #[must_use]
    pub fn to_ocsf(&self, time: u64, id: &str) -> Value {
        let activity = self.kind.activity();
        let severity = if self.kind == EventKind::Dangerous {
            4
        } else if self.reason.is_some() {
            3
        } else {
            1
        };
        let mut event = json!({
            "class_uid": 3002, "class_name": "Authentication", "category_uid": 3, "category_name": "Identity & Access Management",
            "activity_id": activity, "type_uid": 300_200 + activity, "time": time, "severity_id": severity,
            "status_id": if self.reason.is_some() { 2 } else { 1 },
        });
        let user = members([("uid", self.subject.as_deref().map(printable)), ("domain", self.issuer.as_deref().map(printable))]);
        if let Value::Object(members) = &mut event {
            if let Some(reason) = self.reason {
                members.insert("status_code".into(), reason.code().into());
            }
            if let Some(detail) = &self.detail {
                members.insert("status_detail".into(), printable(detail).into());
            }
            if !user.is_empty() {
                members.insert("user".into(), Value::Object(user));
            }
            let product = json!({ "name": "Bartizan paved road", "vendor_name": "Bartizan" });
            members.insert(
                "metadata".into(),
                json!({ "version": "1.3.0", "uid": self.reference.as_deref().unwrap_or(id), "product": product }),
            );
        }
        event
    }
}

fn members<const N: usize>(pairs: [(&str, Option<String>); N]) -> Map<String, Value> {
    pairs.into_iter().filter_map(|(name, value)| Some((name.to_owned(), Value::String(value?)))).collect()
}

/// One line of printable ASCII (CWE-117).
fn printable(text: &str) -> String {
    let shown = text.chars().take(limits::AUDIT_TEXT_CHARS);
    shown.map(|char| if matches!(char, ' '..='~') { char.to_string() } else { format!("\\u{{{:x}}}", u32::from(char)) }).collect()
}

/// Takes events. It must not panic, and should not wait.
pub type AuditSink = Arc<dyn Fn(&AuditEvent) + Send + Sync>;

/// Writes events as lines of JSON. What can't be written is lost, for an audit log must not keep a service from answering.
#[must_use]
pub fn json_lines(out: impl Write + Send + 'static) -> AuditSink {
    let out = Mutex::new(out);
    Arc::new(move |event| {
        let time = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| u64::try_from(since.as_millis()).unwrap_or(u64::MAX));
        let line = format!("{}\n", event.to_ocsf(time, &random_text::<16>().unwrap_or_default()));
        let mut out = out.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        drop(out.write_all(line.as_bytes()).and_then(|()| out.flush()));
    })
}

/// Lines of JSON on standard error: where events go by default.
#[must_use]
pub fn standard_error() -> AuditSink {
    json_lines(std::io::stderr())
}
