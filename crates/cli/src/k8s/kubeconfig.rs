//! Whom to ask, and as whom: `kubeconfig`, or the account of the pod that the program runs in.
//!
//! Nothing is run and no check of certificates is turned off unless the caller asks for it: a `kubeconfig` often comes from somebody
//! else.

use std::{
    env,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use bartizan_source::document::{self, Node};
use base64::Engine as _;
use clap::{Args, ValueHint};

use crate::{
    failure::{Failure, Failures, Outcome},
    session::read_regular,
    text::harmless,
};

/// The largest file that is read, in bytes.
const MAX_FILE_BYTES: u64 = 4 << 20;
/// Where a pod finds the token of its account.
const IN_CLUSTER: &str = "/var/run/secrets/kubernetes.io/serviceaccount";

/// Which cluster is asked.
#[derive(Debug, Default, Args)]
#[command(next_help_heading = "Cluster")]
pub(crate) struct KubeconfigArgs {
    /// Who to ask, and as whom [default: the files in KUBECONFIG, ~/.kube/config, or the account of the pod that this runs in]
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) kubeconfig: Option<PathBuf>,
    /// The context in it [default: its current one]
    #[arg(long, value_name = "NAME")]
    pub(crate) context: Option<String>,
    /// Look at this namespace alone, and at what is of the whole cluster
    #[arg(short, long, value_name = "NAME")]
    pub(crate) namespace: Option<String>,
    /// Run the program by which the kubeconfig gets credentials, such as `aws` or `gke-gcloud-auth-plugin`
    #[arg(long)]
    pub(crate) allow_exec: bool,
    /// Ask a server although the kubeconfig says not to check who it is: whoever is on the way can read the token
    #[arg(long)]
    pub(crate) allow_insecure: bool,
}

/// How the API is reached.
#[derive(Debug)]
pub(crate) struct Access {
    /// The address of the API, without a slash at its end.
    pub(crate) server: String,
    /// How people call it.
    pub(crate) name: String,
    /// Certificates of authorities, in PEM; those of the system if there are none.
    pub(crate) authority: Option<Vec<u8>>,
    /// Whether who the server is is not checked.
    pub(crate) is_insecure: bool,
    pub(crate) credentials: Credentials,
}

/// Who asks.
#[derive(Default)]
pub(crate) struct Credentials {
    /// A bearer token.
    pub(crate) token: Option<String>,
    /// A name and a password.
    pub(crate) basic: Option<(String, String)>,
    /// A certificate and its key, in PEM.
    pub(crate) certificate: Option<(Vec<u8>, Vec<u8>)>,
}

impl std::fmt::Debug for Credentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("[redacted]")
    }
}

/// A file, and the folder that paths in it are relative to.
struct File {
    folder: PathBuf,
    text: String,
}

impl KubeconfigArgs {
    /// Finds out whom to ask.
    pub(crate) fn access(&self) -> Outcome<Access> {
        let files = self.files()?;
        if files.is_empty() {
            return in_cluster();
        }
        let documents: Vec<_> = files.iter().map(|file| document::parse_yaml(&file.text)).collect();
        if let Some(problem) = documents.iter().flat_map(|document| &document.problems).find(|problem| problem.is_cut) {
            return Err(bad(format!("the kubeconfig can't be read: {}", problem.message), "look at it with `kubectl config view`"));
        }
        let roots: Vec<(&File, &Node<'_>)> =
            files.iter().zip(&documents).filter_map(|(file, document)| Some((file, document.root.as_ref()?))).collect();
        self.access_of(&roots)
    }

    fn files(&self) -> Outcome<Vec<File>> {
        let named = self.kubeconfig.as_ref().map(|path| vec![path.clone()]);
        let listed = env::var_os("KUBECONFIG").filter(|list| !list.is_empty());
        let listed = listed.map(|list| env::split_paths(&list).filter(|path| path.is_file()).collect());
        let usual = || env::var_os("HOME").map(|home| PathBuf::from(home).join(".kube/config")).filter(|path| path.is_file());
        let paths: Vec<PathBuf> = named.or(listed).unwrap_or_else(|| usual().into_iter().collect());
        let read = |path: &PathBuf| -> Outcome<File> {
            let bytes = read_regular(path, MAX_FILE_BYTES)?;
            let folder = path.parent().map(Path::to_owned).unwrap_or_default();
            Ok(File { folder, text: String::from_utf8_lossy(&bytes).into_owned() })
        };
        paths.iter().map(read).collect()
    }

    /// The first file that says something counts, as for kubectl.
    fn access_of(&self, roots: &[(&File, &Node<'_>)]) -> Outcome<Access> {
        let current = || roots.iter().find_map(|(_, root)| root.text_of("current-context").filter(|name| !name.is_empty()));
        let Some(name) = self.context.as_deref().or_else(current) else {
            return Err(bad("the kubeconfig has no current context", "name one with `--context`"));
        };
        let entry = |list: &str, of: &'static str, name: &str| {
            let found = roots.iter().find_map(|(file, root)| {
                let is_it = |item: &&Node<'_>| item.text_of("name") == Some(name);
                Some((*file, root.get(list)?.items().iter().find(is_it)?.get(of)?))
            });
            found.ok_or_else(|| bad(format!("the kubeconfig has no {of} `{}`", harmless(name)), "look at it with `kubectl config view`"))
        };
        let (_, context) = entry("contexts", "context", name)?;
        let (file, cluster) = entry("clusters", "cluster", context.text_of("cluster").unwrap_or_default())?;
        let Some(server) = cluster.text_of("server") else { return Err(bad("the cluster has no server", "give it one")) };
        if cluster.text_of("tls-server-name").is_some() || cluster.text_of("proxy-url").is_some() {
            let help = "name the server as its certificate does; name a proxy in the environment: HTTPS_PROXY";
            return Err(bad("the cluster has a `tls-server-name` or a `proxy-url`, which are not understood", help));
        }
        let is_insecure = cluster.is_true("insecure-skip-tls-verify");
        if is_insecure && !self.allow_insecure {
            return Err(bad(
                "the kubeconfig says not to check who the server is: whoever is on the way could read the token",
                "give the cluster a `certificate-authority`, or say `--allow-insecure`",
            ));
        }
        if server.starts_with("http://") && !self.allow_insecure && !is_loopback(server) {
            return Err(bad("the server is asked without encryption", "use `https`, or say `--allow-insecure`"));
        }
        let credentials = match context.text_of("user").filter(|user| !user.is_empty()) {
            Some(user) => {
                let (file, user) = entry("users", "user", user)?;
                self.credentials(file, user)?
            }
            None => Credentials::default(),
        };
        Ok(Access {
            server: server.trim_end_matches('/').to_owned(),
            name: name.to_owned(),
            authority: content(file, cluster, "certificate-authority")?,
            is_insecure,
            credentials,
        })
    }

    fn credentials(&self, file: &File, user: &Node<'_>) -> Outcome<Credentials> {
        if let Some(exec) = user.get("exec") {
            if !self.allow_exec {
                let command = harmless(exec.text_of("command").unwrap_or_default()).into_owned();
                let message = format!("the kubeconfig gets credentials by running `{command}`");
                return Err(bad(message, "if you trust it, say `--allow-exec`"));
            }
            return executed(exec);
        }
        if user.get("auth-provider").is_some() {
            return Err(bad("the kubeconfig has an `auth-provider`, which Kubernetes itself no longer knows", "use `exec` or a token"));
        }
        let token_file = user.text_of("tokenFile").map(|path| read_regular(&file.folder.join(path), MAX_FILE_BYTES)).transpose()?;
        let token_file = token_file.map(|bytes| String::from_utf8_lossy(&bytes).trim().to_owned());
        let certificate = match (content(file, user, "client-certificate")?, content(file, user, "client-key")?) {
            (Some(certificate), Some(key)) => Some((certificate, key)),
            (None, None) => None,
            _ => return Err(bad("the user has a certificate without a key, or a key without a certificate", "give both")),
        };
        let text = |name: &str| user.text_of(name).filter(|text| !text.is_empty()).map(str::to_owned);
        Ok(Credentials { token: token_file.or_else(|| text("token")), basic: text("username").zip(text("password")), certificate })
    }
}

/// What a field says in base64, or the file that a field of almost the same name says.
fn content(file: &File, node: &Node<'_>, name: &str) -> Outcome<Option<Vec<u8>>> {
    if let Some(data) = node.text_of(&format!("{name}-data")).filter(|data| !data.is_empty()) {
        let decoded = base64::engine::general_purpose::STANDARD.decode(data.trim());
        return decoded.map(Some).map_err(|_| bad(format!("`{name}-data` of the kubeconfig is no base64"), "write it again"));
    }
    let path = node.text_of(name).filter(|path| !path.is_empty());
    Ok(path.map(|path| read_regular(&file.folder.join(path), MAX_FILE_BYTES)).transpose()?)
}

/// What a program says, in the form of `client.authentication.k8s.io`. It is run without a shell.
fn executed(exec: &Node<'_>) -> Outcome<Credentials> {
    let name = exec.text_of("command").unwrap_or_default();
    let failed = |why: String| bad(format!("`{}`, which the kubeconfig gets credentials by, {why}", harmless(name)), "run it yourself");
    let version = exec.text_of("apiVersion").unwrap_or("client.authentication.k8s.io/v1");
    let information = serde_json::json!({ "apiVersion": version, "kind": "ExecCredential", "spec": { "interactive": false } });
    let mut command = Command::new(name);
    let arguments = exec.get("args").map(Node::items).unwrap_or_default();
    command.args(arguments.iter().filter_map(Node::scalar)).stdin(Stdio::null()).stderr(Stdio::inherit());
    command.env("KUBERNETES_EXEC_INFO", information.to_string());
    for variable in exec.get("env").map(Node::items).unwrap_or_default() {
        if let (Some(name), Some(value)) = (variable.text_of("name"), variable.text_of("value")) {
            command.env(name, value);
        }
    }
    let output = command.output().map_err(|error| failed(format!("can't be run: {error}")))?;
    if !output.status.success() {
        return Err(failed(format!("failed: {}", output.status)));
    }
    let said: serde_json::Value = serde_json::from_slice(&output.stdout).map_err(|_| failed("says nothing that can be read".to_owned()))?;
    let text = |name: &str| said.get("status").and_then(|status| status.get(name)?.as_str()).map(str::to_owned);
    let certificate = text("clientCertificateData").zip(text("clientKeyData"));
    let certificate = certificate.map(|(certificate, key)| (certificate.into_bytes(), key.into_bytes()));
    Ok(Credentials { token: text("token"), basic: None, certificate })
}

/// The account of the pod that the program runs in.
fn in_cluster() -> Outcome<Access> {
    if !Path::new(IN_CLUSTER).is_dir() {
        let help = "name one with `--kubeconfig`, or in the variable KUBECONFIG";
        return Err(bad("there is no kubeconfig, and this is no pod of a cluster", help));
    }
    Access::of_pod(Path::new(IN_CLUSTER))
}

impl Access {
    /// The access of a pod: its token and the certificate of the authority in a folder, the address in the environment.
    pub(crate) fn of_pod(folder: &Path) -> Outcome<Self> {
        let variable = |name: &str| env::var(name).ok().filter(|value| !value.is_empty());
        let Some((host, port)) = variable("KUBERNETES_SERVICE_HOST").zip(variable("KUBERNETES_SERVICE_PORT")) else {
            return Err(bad("KUBERNETES_SERVICE_HOST or KUBERNETES_SERVICE_PORT is not set", "run it in a pod"));
        };
        let host = if host.contains(':') { format!("[{host}]") } else { host };
        let token = read_regular(&folder.join("token"), MAX_FILE_BYTES)?;
        Ok(Self {
            server: format!("https://{host}:{port}"),
            name: "in-cluster".to_owned(),
            authority: Some(read_regular(&folder.join("ca.crt"), MAX_FILE_BYTES)?),
            is_insecure: false,
            credentials: Credentials { token: Some(String::from_utf8_lossy(&token).trim().to_owned()), ..Credentials::default() },
        })
    }
}

fn is_loopback(server: &str) -> bool {
    let rest = server.trim_start_matches("http://");
    let host = rest.split(['/', ':']).next().unwrap_or_default();
    rest.starts_with("[::1]") || host == "localhost" || host.parse::<std::net::Ipv4Addr>().is_ok_and(|address| address.is_loopback())
}

fn bad(message: impl Into<String>, help: &str) -> Failures {
    Failure::bad_input("kubeconfig", message).with_help(help).into()
}
