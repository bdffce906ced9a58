//! What each kind of vector asks: one function a kind.

use std::sync::{Arc, Mutex};

use bartizan_paved_audit::{AuditEvent, EventKind};
use bartizan_paved_auth::{
    self as auth, AccessExpectation, AccessToken, Answer, AuthorizationRequest, CallbackExpectation, ClientAuthKind, ClientCredentials,
    Fields, Grant, GrantKind, IdToken, IdTokenExpectation, Identity, JwksCache, KeyRing, KeySet, LogoutToken, MetadataExpectation, Offer,
    Pinned, Proof, ProofExpectation, ProofRequest, PublicKey, RefreshExpectation, Resource, Scheme, SessionLimits, Signed,
    TokenExpectation, TokenKind, TokenType, Verified,
};
use bartizan_paved_passwords as passwords;
use bartizan_paved_safe_http as safe_http;
use bartizan_paved_safe_input as safe_input;
use bartizan_paved_secret::Secret;
use bartizan_paved_spec::{JsonObject, Reason, Refused, encode_base64url, refuse};
use bartizan_paved_web_guard::{self as guard, ResponseClass};
use serde_json::{Value, json};

type Run = fn(&Value) -> Result<Value, Refused>;

/// Every kind there is.
pub(crate) const RUN: &[(&str, Run)] = &[
    ("jws", |i| Ok(json!({ "claims": auth::verify_jws(text(i, "token"), &keys(i), &pinned(i)?, &texts(i, "typ"))? }))),
    ("id-token", id_token),
    ("refreshed-id-token", refreshed_id_token),
    ("access-token", access_token),
    ("logout-token", logout_token),
    ("dpop-proof", dpop_proof),
    ("jwks", jwks),
    ("public-url", |i| {
        let origin = auth::parse_public_url(text(i, "url"), flag(i, "http_on_loopback"))?;
        Ok(json!({ "redirect_uri": format!("{origin}{}", text(i, "path")), "origin": origin }))
    }),
    ("discovery", discovery),
    ("client-metadata", |i| Ok(json!({ "algorithms": names(&pinned(i)?) }))),
    ("authorization-request", authorization_request),
    ("authorization-url", |i| Ok(json!({ "url": auth::authorization_url(text(i, "endpoint"), &fields(&i["parameters"])) }))),
    ("token-request", token_request),
    ("client-assertion", |i| parts(auth::client_assertion_parts(text(i, "client_id"), text(i, "issuer"), &signed(i)))),
    ("request-object", |i| {
        parts(auth::request_object_parts(text(i, "client_id"), text(i, "issuer"), &fields(&i["parameters"]), &signed(i)))
    }),
    ("dpop-request", |i| {
        let request = ProofRequest {
            method: text(i, "method"),
            url: text(i, "url"),
            now: i["now"].as_u64().unwrap(),
            jti: text(i, "jti"),
            nonce: maybe(i, "nonce"),
            access_token: maybe(i, "access_token"),
        };
        parts(Ok(auth::proof_parts(text(i, "alg"), &request)))
    }),
    ("end-session", |i| {
        Ok(
            json!({ "url": auth::end_session_url(text(i, "endpoint"), text(i, "client_id"), maybe(i, "id_token_hint"), text(i, "post_logout_redirect_uri")) }),
        )
    }),
    ("authorization-response", |i| {
        let expected = CallbackExpectation { state: text(i, "state"), issuer: text(i, "issuer"), iss_required: flag(i, "iss_required") };
        Ok(json!({ "code": auth::check_callback(&auth::parse_callback(text(i, "query"))?, &expected)? }))
    }),
    ("mix-up", mix_up),
    ("push-response", |i| Ok(json!({ "request_uri": auth::parse_push_response(&answer(i))? }))),
    ("token-response", token_response),
    ("userinfo", |i| Ok(json!({ "claims": auth::parse_userinfo(&answer(i), text(i, "sub"))? }))),
    ("jwks-cache", jwks_cache),
    ("cookie-written", |i| {
        let name = text(i, "name");
        Ok(
            json!({ "header": match i["max_age"].as_u64() { Some(max_age) => guard::write_cookie(name, text(i, "value"), max_age)?, None => guard::remove_cookie(name)? } }),
        )
    }),
    ("cookie-read", |i| Ok(json!({ "value": guard::read_cookie(text(i, "header"), text(i, "name"))? }))),
    ("session-life", |i| {
        let limits = SessionLimits::shortened(i["idle"].as_f64(), None)?;
        Ok(json!({ "touch": auth::check_life(number(i, "created"), number(i, "seen"), number(i, "now"), &limits)? }))
    }),
    ("sealed", |i| {
        let ring = KeyRing::of(i["ring"].as_array().unwrap().iter().map(|key| (text(key, "id"), text(key, "key"))))?;
        Ok(json!({ "text": ring.open(text(i, "place"), text(i, "sealed"))?.as_str() }))
    }),
    ("request-site", |i| {
        guard::check_request_site(text(i, "method"), |name| list(&i["headers"], name), text(i, "origin"))?;
        Ok(json!({}))
    }),
    ("request-host", |i| {
        guard::check_request_host(&list(i, "hosts"), text(i, "origin"))?;
        Ok(json!({}))
    }),
    ("headers", headers),
    ("credentials", |i| {
        let found = auth::read_credentials(&list(i, "authorization"), text(i, "query"))?;
        Ok(json!({ "scheme": match found.scheme { Scheme::Bearer => "bearer", Scheme::Dpop => "dpop" }, "token": found.token.expose() }))
    }),
    ("challenge", |i| {
        let said = auth::challenge(
            reason(text(i, "refusal")),
            &Offer { metadata_url: maybe(i, "metadata_url"), scopes: &texts(i, "scopes"), dpop: flag(i, "dpop") },
        );
        Ok(json!({ "status": said.status, "values": said.values }))
    }),
    ("resource-metadata", |i| {
        let api = Resource {
            resource: text(i, "resource"),
            issuers: &texts(i, "issuers"),
            scopes: &list(i, "scopes"),
            dpop: flag(i, "dpop"),
            mtls: flag(i, "mtls"),
        };
        let (path, document) = auth::resource_metadata(&api)?;
        Ok(json!({ "path": path, "document": document }))
    }),
    ("introspection", |i| {
        let scopes = texts(i, "scopes");
        let (access, keep) = auth::check_introspection(&auth::json_answer(&answer(i), &[200])?, &access(i, &scopes))?;
        Ok(json!({ "sub": access.subject, "keep": keep }))
    }),
    ("audit-event", audit_event),
    ("local-path", |i| Ok(json!({ "path": safe_input::LocalPath::parse(text(i, "path"))?.as_str() }))),
    ("address", |i| safe_http::check_public_address(text(i, "address")).map(|_| json!({}))),
    ("url", |i| {
        let ports: Vec<_> = i["ports"].as_array().unwrap().iter().map(|port| u16::try_from(port.as_u64().unwrap()).unwrap()).collect();
        let target = safe_http::check_target(text(i, "url"), &texts(i, "schemes"), &ports)?;
        Ok(json!({ "scheme": target.scheme, "host": target.host, "port": target.port, "target": target.target }))
    }),
    ("file-name", |i| Ok(json!({ "name": safe_input::check_file_name(text(i, "name"))? }))),
    ("path-join", |i| Ok(json!({ "parts": safe_input::check_relative_path(text(i, "path"))? }))),
    ("upload", |i| {
        let digits = text(i, "content").as_bytes();
        let content: Vec<_> = digits.chunks(2).map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap()).collect();
        let kind = safe_input::UploadPolicy::new(&texts(i, "allowed"), usize::try_from(i["size_max"].as_u64().unwrap()).unwrap())?
            .check(&content)?;
        Ok(json!({ "type": kind.media_type, "extension": kind.extension }))
    }),
    ("password", |i| {
        if let Some(password) = maybe(i, "peppered") {
            return Ok(json!({ "hashed": passwords::peppered(password, Some(&Secret::new(text(i, "pepper").into()))).expose() }));
        }
        match maybe(i, "stored") {
            Some(stored) => Ok(json!({ "rehash": passwords::needs_rehash(stored) })),
            None => passwords::check_password(text(i, "password")).map(|()| json!({})),
        }
    }),
];

fn text<'a>(input: &'a Value, name: &str) -> &'a str {
    maybe(input, name).unwrap_or_else(|| panic!("{name} is no text"))
}

fn maybe<'a>(input: &'a Value, name: &str) -> Option<&'a str> {
    input.get(name).and_then(Value::as_str)
}

fn number(input: &Value, name: &str) -> f64 {
    input[name].as_f64().unwrap_or_else(|| panic!("{name} is no number"))
}

fn flag(input: &Value, name: &str) -> bool {
    input[name].as_bool().unwrap_or(false)
}

fn texts<'a>(input: &'a Value, name: &str) -> Vec<&'a str> {
    input[name].as_array().into_iter().flatten().map(|one| one.as_str().unwrap()).collect()
}

fn list(input: &Value, name: &str) -> Vec<String> {
    texts(input, name).into_iter().map(str::to_owned).collect()
}

fn fields(input: &Value) -> Fields {
    input.as_object().unwrap().iter().map(|(name, value)| (name.clone(), value.as_str().unwrap().to_owned())).collect()
}

fn reason(code: &str) -> Reason {
    *Reason::ALL.iter().find(|reason| reason.code() == code).unwrap()
}

fn keys(input: &Value) -> Vec<PublicKey> {
    auth::parse_key_set(input["jwks"].to_string().as_bytes()).unwrap().keys
}

fn pinned(input: &Value) -> Result<Pinned, Refused> {
    if input.get("algorithms").is_some() { Pinned::names(&texts(input, "algorithms")) } else { Ok(Pinned::default()) }
}

fn names(pinned: &Pinned) -> Vec<&'static str> {
    pinned.as_slice().iter().map(|alg| alg.name()).collect()
}

fn verified<K: TokenKind>(input: &Value) -> Result<Verified<K>, Refused> {
    auth::verify(text(input, "token"), &keys(input), &pinned(input)?)
}

fn answer(input: &Value) -> Answer {
    Answer {
        status: u16::try_from(input["status"].as_u64().unwrap()).unwrap(),
        content_type: text(input, "content_type").into(),
        body: text(input, "body").into(),
    }
}

fn access<'a>(input: &'a Value, scopes: &'a [&'a str]) -> AccessExpectation<'a> {
    let owned = |name| maybe(input, name).map(str::to_owned);
    let scheme = if text(input, "scheme") == "dpop" { Scheme::Dpop } else { Scheme::Bearer };
    let proof = Proof { scheme, jkt: owned("proof_jkt"), certificate: owned("certificate") };
    AccessExpectation { now: number(input, "now"), issuer: text(input, "issuer"), audience: text(input, "audience"), scopes, proof }
}

fn identity(who: &Identity) -> Value {
    json!({ "sub": who.subject, "sid": who.sid, "acr": who.acr, "auth_time": who.auth_time })
}

fn signed(input: &Value) -> Signed<'_> {
    Signed { alg: text(input, "alg"), kid: maybe(input, "kid"), now: input["now"].as_u64().unwrap(), jti: text(input, "jti") }
}

fn parts(made: Result<(JsonObject, JsonObject), Refused>) -> Result<Value, Refused> {
    made.map(|(header, claims)| json!({ "header": header, "claims": claims }))
}

fn id_token(i: &Value) -> Result<Value, Refused> {
    let expected = IdTokenExpectation {
        now: number(i, "now"),
        issuer: text(i, "issuer"),
        client_id: text(i, "client_id"),
        nonce: text(i, "nonce"),
        access_token: maybe(i, "access_token"),
        max_age: i["max_age"].as_f64(),
        acr_values: &list(i, "acr_values"),
    };
    auth::check_id_token(&verified::<IdToken>(i)?, &expected).map(|who| identity(&who))
}

fn refreshed_id_token(i: &Value) -> Result<Value, Refused> {
    let before = &i["before"];
    let expected = RefreshExpectation {
        now: number(i, "now"),
        issuer: text(i, "issuer"),
        client_id: text(i, "client_id"),
        subject: text(before, "sub"),
        nonce: text(before, "nonce"),
        auth_time: before["auth_time"].as_f64(),
    };
    auth::check_refreshed_id_token(&verified::<IdToken>(i)?, &expected).map(|who| identity(&who))
}

fn access_token(i: &Value) -> Result<Value, Refused> {
    let scopes = texts(i, "scopes");
    let found = auth::check_access_token(&verified::<AccessToken>(i)?, &access(i, &scopes))?;
    Ok(json!({ "sub": found.subject, "client_id": found.client_id, "scopes": found.scopes }))
}

fn logout_token(i: &Value) -> Result<Value, Refused> {
    let order = auth::check_logout_token(&verified::<LogoutToken>(i)?, number(i, "now"), text(i, "issuer"), text(i, "client_id"))?;
    if texts(i, "seen").contains(&order.token_id.as_str()) {
        return refuse(Reason::JtiReplayed);
    }
    Ok(json!({ "sub": order.subject, "sid": order.sid }))
}

fn dpop_proof(i: &Value) -> Result<Value, Refused> {
    let expected = ProofExpectation {
        now: number(i, "now"),
        method: text(i, "method"),
        url: text(i, "url"),
        access_token: text(i, "access_token"),
        nonce: maybe(i, "nonce"),
    };
    let proved = auth::check_proof(&list(i, "proofs"), &expected)?;
    if texts(i, "seen").contains(&proved.token_id.as_str()) { refuse(Reason::DpopReplayed) } else { Ok(json!({ "jkt": proved.jkt })) }
}

fn jwks(i: &Value) -> Result<Value, Refused> {
    let set = auth::parse_key_set(text(i, "text").as_bytes())?;
    let kept: Vec<_> = set.keys.iter().map(PublicKey::kid).collect();
    let ignored: Vec<_> = set.ignored.iter().map(|key| json!({ "kid": key.kid, "reason": key.reason.code() })).collect();
    Ok(json!({ "kept": kept, "ignored": ignored }))
}

fn discovery(i: &Value) -> Result<Value, Refused> {
    let client_auth = match text(i, "client_auth") {
        "secret" => ClientAuthKind::Secret,
        "key" => ClientAuthKind::Key,
        _ => ClientAuthKind::Public,
    };
    let expected = MetadataExpectation {
        issuer: text(i, "issuer"),
        algorithms: &pinned(i)?,
        client_auth,
        http_on_loopback: flag(i, "http_on_loopback"),
    };
    let provider = auth::parse_metadata(text(i, "text").as_bytes(), &expected)?;
    Ok(
        json!({ "algorithms": names(&provider.algorithms), "iss_required": provider.iss_required, "client_auth": provider.client_auth.name() }),
    )
}

fn authorization_request(i: &Value) -> Result<Value, Refused> {
    // What a type can't hold is refused where it is read.
    let Some(max_age) = i.get("max_age").map_or(Some(None), |age| age.as_u64().map(Some)) else {
        return refuse(Reason::ConfigurationInvalid);
    };
    let request = AuthorizationRequest {
        client_id: text(i, "client_id"),
        redirect_uri: text(i, "redirect_uri"),
        scopes: &list(i, "scopes"),
        state: text(i, "state"),
        nonce: text(i, "nonce"),
        code_verifier: text(i, "code_verifier"),
        max_age,
        acr_values: &list(i, "acr_values"),
        prompt: maybe(i, "prompt"),
        login_hint: maybe(i, "login_hint"),
        resource: maybe(i, "resource"),
        dpop_jkt: maybe(i, "dpop_jkt"),
    };
    let parameters: JsonObject = auth::authorization_parameters(&request)?.into_iter().map(|(name, value)| (name, value.into())).collect();
    Ok(json!({ "parameters": parameters }))
}

fn token_request(i: &Value) -> Result<Value, Refused> {
    let secret = |name| Secret::new(maybe(&i["client"], name).unwrap_or_default().into());
    let (secret, refresh) = (secret("secret"), Secret::new(maybe(i, "refresh_token").unwrap_or_default().into()));
    let client = match text(&i["client"], "method") {
        "client_secret_basic" => ClientCredentials::SecretBasic(&secret),
        "client_secret_post" => ClientCredentials::SecretPost(&secret),
        "private_key_jwt" => ClientCredentials::Assertion(text(&i["client"], "assertion").into()),
        _ => ClientCredentials::Public,
    };
    let grant = match text(i, "grant") {
        "refresh_token" => Grant::RefreshToken(&refresh),
        _ => Grant::AuthorizationCode {
            code: text(i, "code"),
            redirect_uri: text(i, "redirect_uri"),
            code_verifier: text(i, "code_verifier"),
            resource: maybe(i, "resource"),
        },
    };
    let request = auth::authenticate(text(&i["client"], "id"), &client, auth::grant_fields(&grant));
    let form: JsonObject = request.form.into_iter().map(|(name, value)| (name, value.into())).collect();
    Ok(json!({ "form": form, "authorization": request.authorization.as_ref().map(Secret::expose) }))
}

fn mix_up(i: &Value) -> Result<Value, Refused> {
    let parameters = auth::parse_callback(text(i, "query"))?;
    let issuer = maybe(&i["attempts"], &parameters.state).ok_or(Reason::AttemptUnknown)?;
    let expected = CallbackExpectation { state: &parameters.state.clone(), issuer, iss_required: flag(&i["iss_required"], issuer) };
    Ok(json!({ "issuer": issuer, "code": auth::check_callback(&parameters, &expected)? }))
}

fn token_response(i: &Value) -> Result<Value, Refused> {
    let expected = TokenExpectation {
        grant: if text(i, "grant") == "refresh_token" { GrantKind::RefreshToken } else { GrantKind::AuthorizationCode },
        token_type: if text(i, "token_type") == "DPoP" { TokenType::Dpop } else { TokenType::Bearer },
        needs_id_token: flag(i, "needs_id_token"),
        granted: &list(i, "granted"),
    };
    let tokens = auth::parse_token_response(&answer(i), &expected)?;
    let exposed = |secret: &Option<Secret>| secret.as_ref().map(|secret| secret.expose().to_owned());
    Ok(json!({
        "access_token": tokens.access_token.expose(), "refresh_token": exposed(&tokens.refresh_token), "id_token": exposed(&tokens.id_token),
        "expires_in": tokens.expires_in, "scopes": tokens.scopes,
    }))
}

/// A key for each id, all of the same curve: here it only counts what they are called.
fn key_set(kids: &[&str]) -> KeySet {
    let x = encode_base64url([7; 32]);
    let keys: Vec<_> = kids.iter().map(|kid| json!({ "kty": "OKP", "crv": "Ed25519", "x": x, "kid": kid })).collect();
    auth::parse_key_set(json!({ "keys": keys }).to_string().as_bytes()).unwrap()
}

fn jwks_cache(i: &Value) -> Result<Value, Refused> {
    let (now, fetches) = (Arc::new(Mutex::new(0.0)), Arc::new(Mutex::new(0)));
    let published: Vec<_> = i["published"]
        .as_array()
        .unwrap()
        .iter()
        .map(|set| (number(set, "from") * 1000.0, set["kids"].is_array().then(|| list(set, "kids"))))
        .collect();
    let (clock, fetch_clock, count) = (Arc::clone(&now), Arc::clone(&now), Arc::clone(&fetches));
    let fetch: auth::FetchKeys = Arc::new(move || {
        *count.lock().unwrap() += 1;
        let now = *fetch_clock.lock().unwrap();
        let kids = published.iter().rfind(|(from, _)| *from <= now).and_then(|(_, kids)| kids.clone());
        Box::pin(async move {
            kids.map_or_else(|| refuse(Reason::Unreachable), |kids| Ok(key_set(&kids.iter().map(String::as_str).collect::<Vec<_>>())))
        })
    });
    let cache = JwksCache::new(fetch, Arc::new(move || *clock.lock().unwrap()));
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let mut steps = Vec::new();
    for step in i["steps"].as_array().unwrap() {
        *now.lock().unwrap() = (number(step, "at") * 1000.0).round();
        let (before, kid) = (*fetches.lock().unwrap(), text(step, "kid"));
        let found = runtime.block_on(cache.keys(|key| key.kid() == kid)).is_ok_and(|keys| keys.iter().any(|key| key.kid() == kid));
        steps.push(json!({ "fetch": *fetches.lock().unwrap() > before, "found": found }));
    }
    Ok(json!({ "steps": steps }))
}

fn headers(i: &Value) -> Result<Value, Refused> {
    let Some((class, _)) = ResponseClass::ALL.iter().find(|(_, name)| *name == text(i, "class")) else {
        return refuse(Reason::ConfigurationInvalid);
    };
    let made: JsonObject = guard::security_headers(*class, flag(i, "https"), text(i, "nonce"))?
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value.into()))
        .collect();
    Ok(json!({ "headers": made }))
}

fn audit_event(i: &Value) -> Result<Value, Refused> {
    let event = &i["event"];
    let owned = |name| maybe(event, name).map(str::to_owned);
    let (kind, _) = EventKind::ALL.iter().find(|(_, name)| *name == text(event, "kind")).unwrap();
    let event = AuditEvent {
        kind: *kind,
        issuer: owned("issuer"),
        subject: owned("subject"),
        reason: maybe(event, "reason").map(reason),
        detail: owned("detail"),
        reference: owned("reference"),
    };
    Ok(event.to_ocsf(i["time"].as_u64().unwrap(), text(i, "id")))
}
