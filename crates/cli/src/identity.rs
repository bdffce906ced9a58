//! The key under which findings and secrets get their identity, and where it comes from.

use std::{
    env, fs,
    io::{self, Read as _},
    path::{Path, PathBuf},
};

use bartizan_core::IdentityKey;

use crate::{
    failure::{Failure, Place, reason},
    output::{Privacy, write_file},
    places, text,
};

/// The variable that holds a key.
pub(crate) const KEY_VARIABLE: &str = "BARTIZAN_IDENTITY_KEY";
/// The variable that names a file with a key.
pub(crate) const KEY_FILE_VARIABLE: &str = "BARTIZAN_IDENTITY_KEY_FILE";

/// Keys with fewer bytes can be guessed.
const MIN_KEY_BYTES: usize = 16;
const MAX_KEY_FILE_BYTES: u64 = 64 << 10;

/// A key and its origin.
#[derive(Debug)]
pub(crate) struct Identity {
    /// The key.
    pub(crate) key: IdentityKey,
    /// Where it comes from.
    pub(crate) origin: KeyOrigin,
}

/// Where a key comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum KeyOrigin {
    /// `BARTIZAN_IDENTITY_KEY`.
    Variable,
    /// The file that `BARTIZAN_IDENTITY_KEY_FILE` names.
    NamedFile(PathBuf),
    /// The installation's file.
    Installation(PathBuf),
    /// The baseline, whose ids were made under it.
    Baseline(PathBuf),
    /// It was made for this run and is forgotten; why.
    Ephemeral(String),
}

/// The key that the environment names, if it names one.
pub(crate) fn from_environment() -> Result<Option<Identity>, Failure> {
    if let Some(path) = env::var_os(KEY_FILE_VARIABLE).filter(|value| !value.is_empty()).map(PathBuf::from) {
        let material = read_limited(&path).map_err(|error| Failure::unreadable(&path, &error))?;
        let key = derive(&material).ok_or_else(|| too_short(KEY_FILE_VARIABLE).at(Place::whole(text::path(&path))))?;
        return Ok(Some(Identity { key, origin: KeyOrigin::NamedFile(path) }));
    }
    let Some(material) = env::var_os(KEY_VARIABLE).filter(|value| !value.is_empty()) else { return Ok(None) };
    let key = derive(material.as_encoded_bytes()).ok_or_else(|| too_short(KEY_VARIABLE))?;
    Ok(Some(Identity { key, origin: KeyOrigin::Variable }))
}

/// The installation's key; it is made when it is first needed. Where that is impossible, a key for this run alone.
pub(crate) fn of_installation() -> Result<Identity, Failure> {
    let Some(path) = installation_path() else {
        return ephemeral("neither XDG_DATA_HOME nor HOME is set".to_owned());
    };
    match read_limited(&path) {
        Ok(material) => read_installation(path, &material),
        Err(error) if error.kind() == io::ErrorKind::NotFound => match create(&path) {
            Ok(material) => read_installation(path, &material),
            Err(error) => ephemeral(format!("`{}` can't be created: {}", text::path(&path), reason(&error))),
        },
        Err(error) => ephemeral(format!("`{}` can't be read: {}", text::path(&path), reason(&error))),
    }
}

/// Where the installation's key is kept.
pub(crate) fn installation_path() -> Option<PathBuf> {
    places::data_dir().map(|folder| folder.join("identity.key"))
}

fn read_installation(path: PathBuf, material: &[u8]) -> Result<Identity, Failure> {
    let Some(key) = derive(material) else {
        let failure = Failure::bad_input("identity-key", "the installation's identity key is damaged");
        return Err(failure
            .at(Place::whole(text::path(&path)))
            .with_help("delete the file: a new key is made, and secrets get new ids in reports and baselines"));
    };
    Ok(Identity { key, origin: KeyOrigin::Installation(path) })
}

fn ephemeral(why: String) -> Result<Identity, Failure> {
    let bytes = random()?;
    Ok(Identity { key: IdentityKey::new(bytes), origin: KeyOrigin::Ephemeral(why) })
}

/// Random bytes of the system.
pub(crate) fn random() -> Result<[u8; 32], Failure> {
    let mut bytes = [0; 32];
    match getrandom::fill(&mut bytes) {
        Ok(()) => Ok(bytes),
        Err(error) => Err(Failure::bad_input("identity-key", format!("the system gives no random bytes: {error}"))
            .with_help(format!("set {KEY_VARIABLE} to at least {MIN_KEY_BYTES} secret characters"))),
    }
}

/// Makes a key and keeps it, readable for the user alone. Of several runs that do so at once, the first one wins.
fn create(path: &Path) -> io::Result<Vec<u8>> {
    let folder = path.parent().ok_or(io::ErrorKind::InvalidInput)?;
    fs::create_dir_all(folder)?;
    let bytes = random().map_err(|failure| io::Error::other(failure.message))?;
    let mut text: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    text.push('\n');
    let candidate = folder.join(format!(".identity.key.{}", std::process::id()));
    write_file(&candidate, Privacy::Private, |out| out.write_all(text.as_bytes()))?;
    // A link, other than a rename, never replaces a key that another run has made meanwhile.
    let linked = fs::hard_link(&candidate, path);
    if linked.as_ref().is_err_and(|error| error.kind() != io::ErrorKind::AlreadyExists) {
        fs::rename(&candidate, path)?;
    }
    let _ = fs::remove_file(&candidate);
    read_limited(path)
}

fn read_limited(path: &Path) -> io::Result<Vec<u8>> {
    let mut material = Vec::new();
    fs::File::open(path)?.take(MAX_KEY_FILE_BYTES).read_to_end(&mut material)?;
    Ok(material)
}

fn derive(material: &[u8]) -> Option<IdentityKey> {
    let material = material.trim_ascii();
    (MIN_KEY_BYTES <= material.len()).then(|| IdentityKey::derive(material))
}

fn too_short(variable: &str) -> Failure {
    Failure::bad_input("identity-key", format!("the key that {variable} gives is shorter than {MIN_KEY_BYTES} bytes"))
        .with_help("take at least 32 random characters, for example from `openssl rand -hex 32`")
}
