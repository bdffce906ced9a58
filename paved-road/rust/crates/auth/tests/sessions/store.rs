//! A store that remembers what it was told, and what every store must do.

use std::sync::{Arc, Mutex};

use bartizan_paved_auth::{Dialect, Later, MemoryStore, Query, RedisClient, RedisReply, RedisStore, SqlStore, SqlValue, Store, StoreError};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpStream;

use crate::world::TestClock;

pub(crate) struct Spy {
    inner: MemoryStore,
    written: Mutex<String>,
}

impl Spy {
    pub(crate) fn new(inner: MemoryStore) -> Self {
        Self { inner, written: Mutex::default() }
    }

    pub(crate) fn written(&self) -> String {
        self.written.lock().unwrap().clone()
    }

    fn note(&self, parts: &[&str]) {
        self.written.lock().unwrap().push_str(&(parts.join(" ") + "\n"));
    }
}

impl Store for Spy {
    fn get<'a>(&'a self, key: &'a str) -> Later<'a, Result<Option<String>, StoreError>> {
        self.note(&[key]);
        self.inner.get(key)
    }

    fn put<'a>(&'a self, key: &'a str, value: String, expires: f64) -> Later<'a, Result<(), StoreError>> {
        self.note(&[key, &value]);
        self.inner.put(key, value, expires)
    }

    fn add<'a>(&'a self, key: &'a str, value: String, expires: f64) -> Later<'a, Result<bool, StoreError>> {
        self.note(&[key, &value]);
        self.inner.add(key, value, expires)
    }

    fn take<'a>(&'a self, key: &'a str) -> Later<'a, Result<Option<String>, StoreError>> {
        self.note(&[key]);
        self.inner.take(key)
    }

    fn replace<'a>(&'a self, key: &'a str, before: &'a str, after: String, expires: f64) -> Later<'a, Result<bool, StoreError>> {
        self.note(&[key, before, &after]);
        self.inner.replace(key, before, after, expires)
    }

    fn remove<'a>(&'a self, key: &'a str, value: Option<&'a str>) -> Later<'a, Result<(), StoreError>> {
        self.note(&[key]);
        self.inner.remove(key, value)
    }

    fn link<'a>(&'a self, set: &'a str, member: &'a str, expires: f64) -> Later<'a, Result<(), StoreError>> {
        self.note(&[set, member]);
        self.inner.link(set, member, expires)
    }

    fn members<'a>(&'a self, set: &'a str) -> Later<'a, Result<Vec<String>, StoreError>> {
        self.note(&[set]);
        self.inner.members(set)
    }
}

/// What every store must do, as long as nothing expires.
async fn check_operations(store: &dyn Store, clock: &TestClock) {
    let soon = clock.now() + 10.0;
    let get = |key: &'static str| async move { store.get(key).await.unwrap() };
    assert_eq!(get("s:a").await, None);
    store.put("s:a", "1".into(), soon).await.unwrap();
    store.put("s:a", "2".into(), soon).await.unwrap();
    assert_eq!(get("s:a").await.as_deref(), Some("2"));
    assert!(!store.add("s:a", "3".into(), soon).await.unwrap(), "it is there");
    assert!(store.add("s:b", "1".into(), soon).await.unwrap());
    assert!(!store.replace("s:a", "1", "9".into(), soon).await.unwrap(), "somebody has changed it");
    assert!(store.replace("s:a", "2", "3".into(), soon).await.unwrap());
    assert!(!store.replace("s:none", "2", "3".into(), soon).await.unwrap());
    store.remove("s:a", Some("2")).await.unwrap();
    assert_eq!(get("s:a").await.as_deref(), Some("3"), "it has another value");
    store.remove("s:a", Some("3")).await.unwrap();
    assert_eq!(get("s:a").await, None);
    assert_eq!(store.take("s:b").await.unwrap().as_deref(), Some("1"));
    assert_eq!(store.take("s:b").await.unwrap(), None, "one gets it");
    for member in ["m2", "m1", "m2"] {
        store.link("set:x", member, soon).await.unwrap();
    }
    assert_eq!(store.members("set:x").await.unwrap(), ["m1", "m2"]);
}

/// What every store must do.
async fn check(store: &dyn Store, clock: &TestClock) {
    check_operations(store, clock).await;
    let soon = clock.now() + 10.0;
    let get = |key: &'static str| async move { store.get(key).await.unwrap() };
    store.put("s:c", "1".into(), soon).await.unwrap();
    clock.advance(10.1);
    assert_eq!(get("s:c").await, None, "it has expired");
    assert_eq!(store.take("s:c").await.unwrap(), None);
    assert_eq!(store.members("set:x").await.unwrap(), Vec::<String>::new());
    assert!(store.add("s:c", "2".into(), soon + 10.0).await.unwrap(), "what has expired is not in the way");
    assert_eq!(get("s:c").await.as_deref(), Some("2"));
}

#[tokio::test]
async fn the_store_in_memory() {
    let clock = TestClock::default();
    check(&MemoryStore::with_clock(clock.as_clock()), &clock).await;
}

/// SQLite by `rusqlite`, as the documentation shows it.
struct Sqlite(Arc<Mutex<rusqlite::Connection>>);

impl Query for Sqlite {
    fn query<'a>(&'a self, sql: &'a str, parameters: Vec<SqlValue>) -> Later<'a, Result<Vec<String>, StoreError>> {
        let (connection, sql) = (Arc::clone(&self.0), sql.to_owned());
        Box::pin(async move {
            let work = move || {
                let parameters = parameters.into_iter().map(|value| match value {
                    SqlValue::Text(text) => rusqlite::types::Value::Text(text),
                    SqlValue::Time(seconds) => rusqlite::types::Value::Real(seconds),
                });
                let connection = connection.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
                let mut statement = connection.prepare_cached(&sql)?;
                statement.query_map(rusqlite::params_from_iter(parameters), |row| row.get(0))?.collect::<Result<_, _>>()
            };
            Ok(tokio::task::spawn_blocking(work).await??)
        })
    }
}

#[tokio::test]
async fn the_store_in_sqlite() {
    let clock = TestClock::default();
    let connection = rusqlite::Connection::open_in_memory().unwrap();
    let store = SqlStore::with_clock(Sqlite(Arc::new(Mutex::new(connection))), Dialect::QuestionMarks, clock.as_clock());
    store.migrate().await.unwrap();
    store.migrate().await.unwrap();
    check(&store, &clock).await;
    clock.advance(100.0);
    store.sweep().await.unwrap();
}

/// Redis by a few lines of its protocol: a command, a reply.
struct Redis(tokio::sync::Mutex<BufReader<TcpStream>>);

impl Redis {
    async fn reply(socket: &mut BufReader<TcpStream>) -> Result<RedisReply, StoreError> {
        let mut line = String::new();
        socket.read_line(&mut line).await?;
        let (kind, rest) = line.trim_end().split_at(1);
        match kind {
            "+" => Ok(RedisReply::Text(rest.into())),
            ":" => Ok(RedisReply::Number(rest.parse()?)),
            "$" if rest == "-1" => Ok(RedisReply::Nothing),
            "$" => {
                let mut text = vec![0; rest.parse::<usize>()? + 2];
                socket.read_exact(&mut text).await?;
                text.truncate(text.len() - 2);
                Ok(RedisReply::Text(String::from_utf8(text)?))
            }
            "*" => {
                let mut items = Vec::new();
                for _ in 0..rest.parse::<usize>()? {
                    match Box::pin(Self::reply(socket)).await? {
                        RedisReply::Text(item) => items.push(item),
                        other => return Err(format!("{other:?} in a list").into()),
                    }
                }
                Ok(RedisReply::List(items))
            }
            _ => Err(line.into()),
        }
    }
}

impl RedisClient for Redis {
    fn send(&self, command: Vec<String>) -> Later<'_, Result<RedisReply, StoreError>> {
        Box::pin(async move {
            let mut socket = self.0.lock().await;
            let parts: String = command.iter().map(|part| format!("${}\r\n{part}\r\n", part.len())).collect();
            socket.write_all(format!("*{}\r\n{parts}", command.len()).as_bytes()).await?;
            Self::reply(&mut socket).await
        })
    }
}

/// Redis counts time by itself: what must expire is left to the tests of the other stores.
#[tokio::test]
async fn the_store_in_redis() {
    let Ok(url) = std::env::var("BARTIZAN_TEST_REDIS") else { return println!("skipped: BARTIZAN_TEST_REDIS is not set") };
    let socket = TcpStream::connect(url.trim_start_matches("redis://")).await.unwrap();
    let store = RedisStore::new(Redis(tokio::sync::Mutex::new(BufReader::new(socket))), &format!("test-{}:", std::process::id()));
    let clock = TestClock::default();
    check_operations(&store, &clock).await;
    store.put("s:brief", "1".into(), clock.now() + 0.2).await.unwrap();
    store.link("set:brief", "m", clock.now() + 0.2).await.unwrap();
    tokio::time::sleep(std::time::Duration::from_millis(400)).await;
    assert_eq!(store.get("s:brief").await.unwrap(), None, "it has expired");
    assert_eq!(store.members("set:brief").await.unwrap(), Vec::<String>::new());
}
