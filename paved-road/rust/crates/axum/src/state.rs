//! What handlers reach the library by. It is made behind the guard alone, so that whoever has it is behind the guard.

use std::sync::Arc;

use bartizan_paved_auth::{Api, Auth};

/// That nobody signs in here.
#[derive(Clone, Debug)]
pub struct NoAuth(pub(crate) ());

/// That people sign in here.
#[derive(Clone, Debug)]
pub struct WithAuth(pub(crate) Arc<Auth>);

/// That there is no API.
#[derive(Clone, Debug)]
pub struct NoApi(pub(crate) ());

/// That there is an API.
#[derive(Clone)]
pub struct WithApi(pub(crate) Arc<Api>);

/// The state of routes: `U` says whether people sign in, `A` whether there is an API.
#[derive(Clone)]
pub struct Paved<A = NoApi, U = WithAuth> {
    pub(crate) auth: U,
    pub(crate) api: A,
}

/// A state by which people sign in. Implement it for a state of your own that has a `Paved` inside.
pub trait HasAuth: Send + Sync {
    /// What signs people in.
    fn auth(&self) -> &Arc<Auth>;
}

/// A state with an API. Implement it for a state of your own that has a `Paved` inside.
pub trait HasApi: Send + Sync {
    /// What protects the API.
    fn api(&self) -> &Arc<Api>;
}

impl<A: Send + Sync> HasAuth for Paved<A, WithAuth> {
    fn auth(&self) -> &Arc<Auth> {
        &self.auth.0
    }
}

impl<U: Send + Sync> HasApi for Paved<WithApi, U> {
    fn api(&self) -> &Arc<Api> {
        &self.api.0
    }
}
