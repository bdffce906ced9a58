//! The schema is made once, and never by an older program.

use bartizan_store::{Location, Store, StoreError};

use crate::fixture::{observation, on_each, open, run, sqlite};

#[test]
fn a_store_that_is_opened_again_holds_what_it_held() {
    on_each(|trial| {
        let tenant = trial.store.organization("acme").unwrap();
        let repository = tenant.repository("shop", "main", "test").unwrap().id;
        run(tenant, repository, "c1", &[observation("eval", "a.py", 3, "eval(x)")]);
        let again = open(&trial.location);
        let same = again.organization("acme").unwrap();
        assert_eq!(same.find_repository("shop").unwrap().map(|found| found.id), Some(repository));
        assert_eq!(same.verify_events().unwrap(), tenant.verify_events().unwrap());
    });
}

#[test]
fn a_store_of_a_later_version_is_left_alone() {
    let trial = sqlite();
    let Location::File(file) = &trial.location else { unreachable!() };
    let connection = rusqlite::Connection::open(file).unwrap();
    connection.execute_batch("INSERT INTO migration VALUES (9999, 'later', '')").unwrap();
    let refused = Store::open(&trial.location, Box::new(NoHost)).map(|_| ()).unwrap_err();
    assert!(matches!(refused, StoreError::TooNew { found: 9999, .. }), "{refused}");
    connection.execute_batch("DELETE FROM migration WHERE number = 9999; UPDATE migration SET digest = 'x'").unwrap();
    let refused = Store::open(&trial.location, Box::new(NoHost)).map(|_| ()).unwrap_err();
    assert!(matches!(refused, StoreError::ForeignMigration(1)), "{refused}");
}

#[test]
fn addresses_say_which_database() {
    assert_eq!(Location::parse("sqlite:a.db").unwrap(), Location::File("a.db".into()));
    assert_eq!(Location::parse("/x/a.db").unwrap(), Location::File("/x/a.db".into()));
    assert!(matches!(Location::parse("postgres://u@h/d").unwrap(), Location::Postgres(_)));
    for wrong in ["", "mysql://h/d", "sqlite:"] {
        assert!(matches!(Location::parse(wrong), Err(StoreError::Address(_))), "{wrong}");
    }
}

struct NoHost;

impl bartizan_store::Host for NoHost {
    fn now_us(&self) -> i64 {
        0
    }

    fn random(&self, _: &mut [u8]) {}
}
