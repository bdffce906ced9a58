//! An organization, and the way to all that belongs to it.

use crate::{Database, Host, Id, Location, Session, StoreError, chain};

/// A store: a database, and the time and chance that it is given.
pub struct Store {
    database: Database,
    host: Box<dyn Host>,
}

impl Store {
    /// Opens a store, and brings its schema up to date.
    ///
    /// # Errors
    /// If it can't be reached, or a later version of the program wrote it.
    pub fn open(location: &Location, host: Box<dyn Host>) -> Result<Self, StoreError> {
        Ok(Self { database: Database::open(location)?, host })
    }

    /// The organization of this name; it is made if there is none.
    ///
    /// # Errors
    /// If the database fails.
    pub fn organization(&self, name: &str) -> Result<Tenant<'_>, StoreError> {
        let id = Id::new(self.host.as_ref());
        let organization = self.database.write_all(|session| {
            session.execute(
                "INSERT INTO organization (id, name, created_us, chain_length, chain_digest) VALUES ($1, $2, $3, 0, $4)
                 ON CONFLICT (name) DO NOTHING",
                &[id.into(), name.into(), self.host.now_us().into(), chain::START.as_slice().into()],
            )?;
            session.one("SELECT id FROM organization WHERE name = $1", &[name.into()], |row| row.id(0))
        })?;
        Ok(Tenant { store: self, organization })
    }

    /// The names of all organizations, in order.
    ///
    /// # Errors
    /// If the database fails.
    pub fn organizations(&self) -> Result<Vec<String>, StoreError> {
        self.database
            .write_all(|session| session.all("SELECT name FROM organization ORDER BY name", &[], |row| Ok(row.text(0)?.to_owned())))
    }
}

/// One organization in a store. Nothing that it does reaches another one.
#[derive(Clone, Copy)]
pub struct Tenant<'a> {
    store: &'a Store,
    organization: Id,
}

impl Tenant<'_> {
    /// Which organization it is.
    #[must_use]
    pub const fn id(&self) -> Id {
        self.organization
    }

    pub(crate) fn host(&self) -> &dyn Host {
        self.store.host.as_ref()
    }

    /// Its id, as statements take it.
    pub(crate) fn key(&self) -> crate::Value {
        self.organization.into()
    }

    pub(crate) fn read<T>(&self, work: impl FnMut(&mut dyn Session) -> Result<T, StoreError>) -> Result<T, StoreError> {
        self.store.database.read(self.organization, work)
    }

    pub(crate) fn write<T>(&self, work: impl FnMut(&mut dyn Session) -> Result<T, StoreError>) -> Result<T, StoreError> {
        self.store.database.write(self.organization, work)
    }
}
