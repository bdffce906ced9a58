//! The ends of a session: by the user, and by the provider.

use bartizan_paved_audit::{AuditEvent, EventKind};
use bartizan_paved_spec::{Reason, Refused, cookies, decode_form, lifetimes, refuse};
use bartizan_paved_web_guard::{WebRequest, WebResponse, check_request_site, remove_cookie};
use serde_json::json;

use super::{Shared, session_key};
use crate::Failure;
use crate::hash::sha256;
use crate::logout_token::{LogoutToken, check_logout_token};
use crate::protocol::end_session_url;
use crate::provider_client::unverified_issuer;
use crate::sessions::SessionRecord;

impl Shared {
    pub(super) async fn handle_sign_out(&self, request: &WebRequest) -> Result<WebResponse, Failure> {
        if let Err(refused) = check_request_site(request.method.as_str(), |name| request.header(name), &self.origin) {
            return self.refusal(EventKind::LogoutRefused, &refused, vec![]);
        }
        let ended = match session_key(request) {
            None => None,
            Some(key) => match self.sessions.end(&key).await {
                Ok(record) => record,
                // It is gone, whatever it was.
                Err(Failure::Refused(_)) => None,
                Err(failure) => return Err(failure),
            },
        };
        let location = match &ended {
            None => self.after_sign_out.as_str().to_owned(),
            Some(record) => {
                self.note(EventKind::SignOut, &record.identity.issuer, Some(&record.identity.subject), None);
                self.leave_provider(record).await.unwrap_or_else(|_| self.after_sign_out.as_str().to_owned())
            }
        };
        Ok(WebResponse::redirect(303, location, self.is_https(), vec![remove_cookie(cookies::SESSION)?])?)
    }

    /// Revokes the tokens, and says where the browser goes. The session is over whatever the provider says.
    async fn leave_provider(&self, record: &SessionRecord) -> Result<String, Refused> {
        let client = &self.provider_of(record)?.client;
        let (token, hint) = match &record.refresh_token {
            Some(token) => (token, "refresh_token"),
            None => (&record.access_token, "access_token"),
        };
        // What can't be revoked ends by itself.
        drop(client.revoke(token, hint).await);
        let metadata = client.metadata().await?;
        let endpoint = metadata.end_session_endpoint.as_ref().ok_or(Reason::EndpointMissing)?;
        let back = format!("{}{}", self.origin, self.after_sign_out);
        Ok(end_session_url(endpoint, client.client_id(), record.id_token.as_ref().map(bartizan_paved_secret::Secret::expose), &back))
    }

    /// OpenID Connect Back-Channel Logout, sections 2.5 to 2.8.
    pub(super) async fn handle_back_channel_logout(&self, body: &[u8]) -> Result<WebResponse, Failure> {
        match self.log_out(body).await {
            Ok(()) => Ok(WebResponse::text(200, "", self.is_https())?),
            Err(Failure::Refused(refused)) => {
                (self.audit)(&AuditEvent::refusal(EventKind::LogoutRefused, &refused));
                Ok(WebResponse::json(400, &json!({ "error": "invalid_request" }), self.is_https())?)
            }
            Err(failure) => Err(failure),
        }
    }

    async fn log_out(&self, body: &[u8]) -> Result<(), Failure> {
        let form = decode_form(&String::from_utf8_lossy(body))?;
        let mut tokens = form.iter().filter(|(name, _)| name == "logout_token").map(|(_, value)| value);
        let token = tokens.next().ok_or(Reason::JwtMalformed)?;
        if tokens.next().is_some() {
            return Ok(refuse(Reason::ParameterRepeated)?);
        }
        // The issuer is read from the unverified token only to choose whose keys it must be signed by.
        let issuer = unverified_issuer(token)?;
        let provider = self.providers.iter().find(|provider| provider.client.issuer() == issuer).ok_or(Reason::IssMismatch)?;
        let client = &provider.client;
        let token = client.verify::<LogoutToken>(token).await?;
        let order = check_logout_token(&token, (self.now)(), client.issuer(), client.client_id())?;
        let key = format!("jti:{}", sha256(json!([issuer, order.token_id]).to_string()));
        if !self.sessions.store().add(&key, "1".into(), order.expiry + lifetimes::CLOCK_SKEW_SECONDS).await? {
            return Ok(refuse(Reason::JtiReplayed)?);
        }
        let ended = self.sessions.end_all(client.issuer(), order.subject.as_deref(), order.sid.as_deref()).await?;
        self.note(EventKind::SignOut, client.issuer(), order.subject.as_deref(), Some(format!("back-channel, sessions ended: {ended}")));
        Ok(())
    }
}
