//! Helm's own functions, and those of Sprig that would ask for keys, hosts and certificates.

use super::{Args, Eval, Function, Kind, Machine, Val, exactly, fail, words::letters};

pub(super) const FUNCTIONS: &[Function] = &[
    exactly(2, "include", |machine, args| {
        let text = machine.execute(args.str(0)?, args.get(1))?;
        Ok(Val::new(Kind::Str(text)))
    }),
    exactly(2, "tpl", |machine, args| {
        let text = machine.execute_text(args.text(0)?, args.get(0).key, args.get(1))?;
        Ok(Val::new(Kind::Str(text)).keyed(args.get(0).key))
    }),
    exactly(2, "required", |_, args| {
        let val = args.get(1);
        let is_missing = val.is_nil() || val.as_text().is_some_and(|text| text.as_str().is_empty());
        if is_missing { fail(args.str(0)?) } else { Ok(val) }
    }),
    exactly(1, "fail", |_, args| fail(args.str(0)?)),
    // There is no cluster.
    exactly(4, "lookup", |machine, _| Ok(machine.heap.texts(&[]))),
    exactly(1, "getHostByName", |_, _| Ok(Val::text(""))),
    exactly(1, "bcrypt", |machine, _| Ok(Val::text(format!("$2a$10${}", hash(machine, 53)?)))),
    exactly(2, "htpasswd", |machine, args| {
        let user = args.str(0)?;
        Ok(Val::text(format!("{user}:$2a$10${}", hash(machine, 53)?)))
    }),
    exactly(5, "derivePassword", |machine, _| Ok(Val::text(hash(machine, 20)?))),
    exactly(1, "genPrivateKey", |machine, _| Ok(Val::text(pem(machine, "PRIVATE KEY")?))),
    exactly(2, "buildCustomCert", |machine, args| {
        use base64::Engine as _;
        let decoded =
            |text: &str| base64::engine::general_purpose::STANDARD.decode(text).map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
        match (decoded(args.str(0)?), decoded(args.str(1)?)) {
            (Ok(cert), Ok(key)) => Ok(machine.heap.texts(&[("Cert", &cert), ("Key", &key)])),
            _ => fail("unable to decode base64 certificate"),
        }
    }),
    exactly(2, "genCA", certificate),
    exactly(3, "genCAWithKey", certificate),
    exactly(4, "genSelfSignedCert", certificate),
    exactly(5, "genSelfSignedCertWithKey", certificate),
    exactly(5, "genSignedCert", certificate),
    exactly(6, "genSignedCertWithKey", certificate),
    exactly(2, "encryptAES", |machine, _| Ok(Val::text(hash(machine, 44)?))),
    exactly(2, "decryptAES", |_, _| Ok(Val::text(""))),
];

fn hash(machine: &mut Machine, length: usize) -> Eval<String> {
    letters(machine, length, b"./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789")
}

/// A placeholder with the looks of a key. It is none.
fn pem(machine: &mut Machine, kind: &str) -> Eval<String> {
    let body = letters(machine, 64, b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789")?;
    Ok(format!("-----BEGIN {kind}-----\n{body}\n-----END {kind}-----\n"))
}

fn certificate(machine: &mut Machine, _: &Args<'_>) -> Eval<Val> {
    let cert = pem(machine, "CERTIFICATE")?;
    let key = pem(machine, "RSA PRIVATE KEY")?;
    Ok(machine.heap.texts(&[("Cert", &cert), ("Key", &key)]))
}
