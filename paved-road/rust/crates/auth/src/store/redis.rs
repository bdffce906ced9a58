use bartizan_paved_safe_http::Later;

use super::Store;
use crate::StoreError;
use crate::danger::{Clock, system_clock};

/// What Redis answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RedisReply {
    /// Nil.
    Nothing,
    /// An integer.
    Number(i64),
    /// A text, or a status.
    Text(String),
    /// A list of texts.
    List(Vec<String>),
}

/// What is used of a Redis client: any driver gives this in a few lines.
pub trait RedisClient: Send + Sync {
    /// Sends a command, and gives the reply. An error of Redis is an error.
    fn send(&self, command: Vec<String>) -> Later<'_, Result<RedisReply, StoreError>>;
}

const REPLACE: &str =
    "if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3]) return 1 end return 0";
const REMOVE: &str = "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0";
const LINK: &str = "redis.call('ZADD', KEYS[1], ARGV[1], ARGV[2]) redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', ARGV[3]) local last = redis.call('ZRANGE', KEYS[1], -1, -1, 'WITHSCORES') redis.call('PEXPIREAT', KEYS[1], math.floor(last[2] * 1000)) return 1";

/// A store in Redis 6.2 or later, for any number of replicas. Its commands are those of the libraries in other languages.
pub struct RedisStore<C> {
    client: C,
    prefix: String,
    now: Clock,
}

impl<C: RedisClient> RedisStore<C> {
    /// A store whose keys begin with `prefix`.
    #[must_use]
    pub fn new(client: C, prefix: &str) -> Self {
        Self { client, prefix: prefix.to_owned(), now: system_clock() }
    }

    fn key(&self, key: &str) -> String {
        format!("{}{key}", self.prefix)
    }

    /// Milliseconds from now.
    fn lifetime(&self, expires: f64) -> String {
        ((expires - (self.now)()) * 1000.0).round().max(1.0).to_string()
    }

    async fn send(&self, command: &[&str]) -> Result<RedisReply, StoreError> {
        self.client.send(command.iter().map(|part| (*part).to_owned()).collect()).await
    }

    async fn text(&self, command: &[&str]) -> Result<Option<String>, StoreError> {
        match self.send(command).await? {
            RedisReply::Nothing => Ok(None),
            RedisReply::Text(text) => Ok(Some(text)),
            other @ (RedisReply::Number(_) | RedisReply::List(_)) => {
                Err(format!("Redis answered {other:?} where a text was expected").into())
            }
        }
    }
}

impl<C: RedisClient> Store for RedisStore<C> {
    fn get<'a>(&'a self, key: &'a str) -> Later<'a, Result<Option<String>, StoreError>> {
        Box::pin(async move { self.text(&["GET", &self.key(key)]).await })
    }

    fn put<'a>(&'a self, key: &'a str, value: String, expires: f64) -> Later<'a, Result<(), StoreError>> {
        Box::pin(async move { self.send(&["SET", &self.key(key), &value, "PX", &self.lifetime(expires)]).await.map(drop) })
    }

    fn add<'a>(&'a self, key: &'a str, value: String, expires: f64) -> Later<'a, Result<bool, StoreError>> {
        Box::pin(async move {
            Ok(self.send(&["SET", &self.key(key), &value, "PX", &self.lifetime(expires), "NX"]).await? != RedisReply::Nothing)
        })
    }

    fn take<'a>(&'a self, key: &'a str) -> Later<'a, Result<Option<String>, StoreError>> {
        Box::pin(async move { self.text(&["GETDEL", &self.key(key)]).await })
    }

    fn replace<'a>(&'a self, key: &'a str, before: &'a str, after: String, expires: f64) -> Later<'a, Result<bool, StoreError>> {
        Box::pin(async move {
            Ok(self.send(&["EVAL", REPLACE, "1", &self.key(key), before, &after, &self.lifetime(expires)]).await? == RedisReply::Number(1))
        })
    }

    fn remove<'a>(&'a self, key: &'a str, value: Option<&'a str>) -> Later<'a, Result<(), StoreError>> {
        Box::pin(async move {
            let key = self.key(key);
            let done = match value {
                None => self.send(&["DEL", &key]).await,
                Some(value) => self.send(&["EVAL", REMOVE, "1", &key, value]).await,
            };
            done.map(drop)
        })
    }

    fn link<'a>(&'a self, set: &'a str, member: &'a str, expires: f64) -> Later<'a, Result<(), StoreError>> {
        Box::pin(async move {
            self.send(&["EVAL", LINK, "1", &self.key(set), &expires.to_string(), member, &(self.now)().to_string()]).await.map(drop)
        })
    }

    fn members<'a>(&'a self, set: &'a str) -> Later<'a, Result<Vec<String>, StoreError>> {
        Box::pin(async move {
            match self.send(&["ZRANGEBYSCORE", &self.key(set), &format!("({}", (self.now)()), "+inf"]).await? {
                RedisReply::List(mut members) => {
                    members.sort_unstable();
                    Ok(members)
                }
                RedisReply::Nothing => Ok(Vec::new()),
                other @ (RedisReply::Number(_) | RedisReply::Text(_)) => {
                    Err(format!("Redis answered {other:?} where a list was expected").into())
                }
            }
        })
    }
}
