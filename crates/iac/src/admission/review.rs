//! `AdmissionReview`, version v1 of `admission.k8s.io`: what the API server asks.
//!
//! Source: <https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/>.

use serde::Deserialize;
use serde_json::Value as Json;

pub(super) const API_VERSION: &str = "admission.k8s.io/v1";
pub(super) const KIND: &str = "AdmissionReview";

/// The largest identifier that is echoed, in bytes.
const MAX_UID_BYTES: usize = 256;

/// A question of the API server.
#[derive(Debug, Clone)]
pub struct Review {
    request: Request,
}

/// Why bytes are no question.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReviewError {
    /// They are no JSON, or a part of it is of another type than it should be.
    #[error("the body is no AdmissionReview: {0}")]
    Syntax(#[from] serde_json::Error),
    /// They are something else.
    #[error("expected `{API_VERSION}` `{KIND}`, found `{api_version}` `{kind}`")]
    AnotherKind {
        /// What stands there.
        api_version: String,
        /// What stands there.
        kind: String,
    },
    /// The answer could not be told from others.
    #[error("the request has no `uid`, or one that is too long")]
    Uid,
}

/// What somebody wants to do with an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operation {
    /// Make it.
    Create,
    /// Change it.
    Update,
    /// Anything else.
    Other,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Body {
    #[serde(default)]
    api_version: String,
    #[serde(default)]
    kind: String,
    request: Option<Request>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Request {
    uid: String,
    kind: GroupVersionKind,
    sub_resource: Option<String>,
    name: Option<String>,
    namespace: Option<String>,
    operation: String,
    user_info: User,
    object: Option<Json>,
    old_object: Option<Json>,
    dry_run: Option<bool>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct GroupVersionKind {
    group: String,
    version: String,
    kind: String,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct User {
    username: String,
}

impl Review {
    /// Reads the body of a request. How long it may be is the caller's matter; how deep it may be is limited by the reader of JSON.
    ///
    /// # Errors
    /// If it is no question.
    pub fn parse(body: &[u8]) -> Result<Self, ReviewError> {
        let body: Body = serde_json::from_slice(body)?;
        let Some(request) = body.request.filter(|_| body.api_version == API_VERSION && body.kind == KIND) else {
            return Err(ReviewError::AnotherKind { api_version: body.api_version, kind: body.kind });
        };
        if request.uid.is_empty() || MAX_UID_BYTES < request.uid.len() {
            return Err(ReviewError::Uid);
        }
        Ok(Self { request })
    }

    /// The request's identifier.
    #[must_use]
    pub fn uid(&self) -> &str {
        &self.request.uid
    }

    /// The namespace of the object, that of a namespace being itself; empty for objects of the whole cluster.
    #[must_use]
    pub fn namespace(&self) -> &str {
        self.request.namespace.as_deref().unwrap_or_default()
    }

    pub(super) fn operation(&self) -> Operation {
        match self.request.operation.as_str() {
            "CREATE" => Operation::Create,
            "UPDATE" => Operation::Update,
            _ => Operation::Other,
        }
    }

    pub(super) fn name(&self) -> &str {
        self.request.name.as_deref().unwrap_or_default()
    }

    pub(super) fn sub_resource(&self) -> &str {
        self.request.sub_resource.as_deref().unwrap_or_default()
    }

    pub(super) fn user(&self) -> &str {
        &self.request.user_info.username
    }

    pub(super) fn is_dry_run(&self) -> bool {
        self.request.dry_run == Some(true)
    }

    pub(super) fn kind(&self) -> &str {
        &self.request.kind.kind
    }

    /// The version of the API that the object is written in: `apps/v1`.
    pub(super) fn api_version(&self) -> String {
        let GroupVersionKind { group, version, .. } = &self.request.kind;
        if group.is_empty() { version.clone() } else { format!("{group}/{version}") }
    }

    pub(super) fn object(&self) -> Option<&Json> {
        self.request.object.as_ref().filter(|object| object.is_object())
    }

    pub(super) fn old_object(&self) -> Option<&Json> {
        self.request.old_object.as_ref().filter(|object| object.is_object())
    }
}

impl Operation {
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Update => "update",
            Self::Other => "other",
        }
    }
}
