//! The store of findings, as commands reach it: where it is, and whose.

use std::{
    env,
    time::{SystemTime, UNIX_EPOCH},
};

use bartizan_store::{Host, Location, Store, StoreError};
use clap::Args;

use crate::{exit::Exit, failure::Failure, places};

/// The variable that says where the store is.
const STORE_VARIABLE: &str = "BARTIZAN_STORE";

/// The organization of those that have one.
const ORGANIZATION: &str = "default";

/// Which store.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Store")]
pub(crate) struct StoreArgs {
    /// Where findings are kept: a file, or postgres://USER@HOST/DATABASE [default: $BARTIZAN_STORE, or store.db in Bartizan's data folder]
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) store: Option<String>,
    /// The organization that they belong to
    #[arg(long, value_name = "NAME", default_value = ORGANIZATION)]
    pub(crate) organization: String,
}

impl StoreArgs {
    /// Opens the store; it is made if there is none.
    pub(crate) fn open(&self) -> Result<Store, Failure> {
        let location = self.location()?;
        if let Location::File(file) = &location
            && let Some(folder) = file.parent()
        {
            std::fs::create_dir_all(folder).map_err(|error| Failure::unwritable(folder, &error))?;
        }
        Store::open(&location, Box::new(Machine)).map_err(|error| failed(&error))
    }

    fn location(&self) -> Result<Location, Failure> {
        let named = self.store.clone().or_else(|| env::var(STORE_VARIABLE).ok().filter(|address| !address.is_empty()));
        if let Some(address) = named {
            return Location::parse(&address).map_err(|error| Failure::bad_input("store-address", error.to_string()));
        }
        let folder = places::data_dir().ok_or_else(|| {
            Failure::bad_input("store-address", "there is no folder to keep findings in: HOME is not set")
                .with_help(format!("name a store with --store, or in {STORE_VARIABLE}"))
        })?;
        Ok(Location::File(folder.join("store.db")))
    }
}

/// What a command says when the store fails.
pub(crate) fn failed(error: &StoreError) -> Failure {
    let (exit, kind, help) = match error {
        StoreError::NotAnId(_) => (Exit::BadInput, "not-an-id", "ids are in the list: `bartizan findings list`"),
        StoreError::Address(_) => (Exit::BadInput, "store-address", ""),
        StoreError::Unreachable(_) => (Exit::Storage, "store-unreachable", "check the address, and that the server runs"),
        StoreError::TooNew { .. } => (Exit::Storage, "store-too-new", ""),
        _ => (Exit::Storage, "store", ""),
    };
    Failure { exit, ..Failure::bad_input(kind, error.to_string()).with_help(help) }
}

/// The machine's clock and randomness.
struct Machine;

impl Host for Machine {
    fn now_us(&self) -> i64 {
        let elapsed = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |elapsed| elapsed.as_micros());
        i64::try_from(elapsed).unwrap_or(i64::MAX)
    }

    fn random(&self, buffer: &mut [u8]) {
        if getrandom::fill(buffer).is_ok() {
            return;
        }
        // A machine without randomness: what is made is an id, no secret, and must differ from others only.
        use std::hash::{BuildHasher as _, RandomState};
        for chunk in buffer.chunks_mut(8) {
            let bytes = RandomState::new().hash_one(self.now_us()).to_le_bytes();
            chunk.iter_mut().zip(bytes).for_each(|(to, from)| *to = from);
        }
    }
}

/// Who acts, as the history of findings names them.
pub(crate) fn actor() -> String {
    let user =
        ["BARTIZAN_ACTOR", "USER", "LOGNAME", "USERNAME"].iter().find_map(|name| env::var(name).ok().filter(|name| !name.is_empty()));
    user.unwrap_or_else(|| "command".to_owned())
}
