//! `bartizan k8s admission`: the server that decides what comes into a cluster, and what installs it.

use std::{net::SocketAddr, path::PathBuf, sync::Arc, time::Duration};

use bartizan_iac::admission::{
    Admission,
    manifests::{CertificateSource, Installation, manifests},
};
use base64::Engine as _;
use clap::{Args, ValueHint};

use super::policies::{bad, settings};
use crate::{
    args::ByteSize,
    exit::Exit,
    failure::{Failure, Outcome},
    k8s::{AuditLog, CertificateFiles, Namespaces, Server, serve},
    output::print,
    session::read_regular,
};

const EXAMPLES: &str = "\
Examples:
  bartizan k8s admission --certificate tls.crt --key tls.key --settings admission.yaml
  bartizan k8s admission --manifests --image \"$IMAGE\" --ca ca.crt | kubectl apply -f -
  bartizan k8s admission --manifests --image \"$IMAGE\" --cert-manager > install.yaml

Each decision is one line of JSON on standard output, or at the end of --log.";

/// The largest certificate of an authority, in bytes.
const MAX_AUTHORITY_BYTES: u64 = 1 << 20;

/// Serve the webhook that decides what comes into a cluster, or print what installs it
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct AdmissionArgs {
    /// How strict it is, and where [default: refuses what is high or critical]
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    settings: Option<PathBuf>,
    /// Add safe values where a pod says nothing, at /mutate
    #[arg(long)]
    mutate: bool,
    /// Where to listen
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8443", help_heading = "Server")]
    listen: SocketAddr,
    /// The certificate in PEM, with those between it and its authority; read again when it changes
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, required_unless_present = "manifests", help_heading = "Server")]
    certificate: Option<PathBuf>,
    /// Its key, in PEM
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, required_unless_present = "manifests", help_heading = "Server")]
    key: Option<PathBuf>,
    /// Append decisions to a file instead of writing them to standard output
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, help_heading = "Server")]
    log: Option<PathBuf>,
    /// Ask the cluster for labels of namespaces, which can make one stricter, with the `token` and the `ca.crt` in this folder
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath, help_heading = "Server")]
    read_namespaces: Option<PathBuf>,
    /// The longest decision, in milliseconds; after it, what the settings say of errors holds
    #[arg(long, value_name = "MS", default_value_t = 5_000, value_parser = clap::value_parser!(u64).range(10..=30_000), help_heading = "Server")]
    deadline_ms: u64,
    /// The largest question
    #[arg(long, value_name = "SIZE", default_value = "8MiB", help_heading = "Server")]
    max_body: ByteSize,
    /// Print the objects that run the server in a cluster, and serve nothing
    #[arg(long, requires = "image", conflicts_with_all = ["certificate", "key", "log", "read_namespaces"], help_heading = "Installation")]
    manifests: bool,
    /// The image that has the program, best with its digest
    #[arg(long, value_name = "IMAGE", help_heading = "Installation")]
    image: Option<String>,
    /// The certificate of the authority, in PEM, by which the cluster knows the server
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, help_heading = "Installation")]
    ca: Option<PathBuf>,
    /// Let cert-manager make and renew the certificate
    #[arg(long, conflicts_with = "ca", help_heading = "Installation")]
    cert_manager: bool,
}

/// Runs the command.
pub(crate) fn run(args: AdmissionArgs) -> Outcome<Exit> {
    let (settings, settings_text) = settings(args.settings.as_deref())?;
    // Settings that name no rule are refused before anything is installed or served.
    let admission = Admission::new(settings).map_err(|error| bad(args.settings.as_deref(), &error))?;
    if args.manifests {
        let installation = Installation {
            image: args.image.clone().unwrap_or_default(),
            settings_text,
            mutates: args.mutate,
            certificate: certificate_source(&args)?,
        };
        print(&manifests(admission.settings(), &installation))?;
        return Ok(Exit::Success);
    }
    let (Some(certificate), Some(key)) = (args.certificate, args.key) else {
        return Err(Failure::bad_input("certificate", "the server needs a certificate").with_help("name one with `--certificate`").into());
    };
    let log = match &args.log {
        Some(path) => AuditLog::file(path)?,
        None => AuditLog::stdout(),
    };
    let server = Server {
        admission,
        certificate: Arc::new(CertificateFiles::open(certificate, key)?),
        log,
        namespaces: args.read_namespaces.map(Namespaces::new).transpose()?,
        mutates: args.mutate,
        max_body_bytes: usize::try_from(args.max_body.0).unwrap_or(usize::MAX),
        deadline: Duration::from_millis(args.deadline_ms),
    };
    serve(server, args.listen)?;
    Ok(Exit::Success)
}

fn certificate_source(args: &AdmissionArgs) -> Outcome<CertificateSource> {
    if args.cert_manager {
        return Ok(CertificateSource::CertManager);
    }
    let Some(path) = &args.ca else {
        let failure = Failure::bad_input("certificate", "the cluster needs to know the server by something");
        return Err(failure.with_help("name the certificate of its authority with `--ca`, or say `--cert-manager`").into());
    };
    let pem = read_regular(path, MAX_AUTHORITY_BYTES)?;
    Ok(CertificateSource::Secret(base64::engine::general_purpose::STANDARD.encode(pem)))
}
