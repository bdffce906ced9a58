//! One organization sees nothing of another.

use bartizan_store::{Filter, Location};

use crate::fixture::{observation, on_each, postgres, run};

#[test]
fn a_tenant_sees_what_is_its_own() {
    on_each(|trial| {
        let acme = trial.store.organization("acme").unwrap();
        let other = trial.store.organization("other").unwrap();
        let shop = acme.repository("shop", "main", "test").unwrap();
        run(acme, shop.id, "c1", &[observation("eval", "a.py", 3, "eval(x)")]);
        let finding = acme.findings(&Filter::default(), None, 9).unwrap().findings[0].id;
        assert_eq!(other.findings(&Filter::default(), None, 9).unwrap().findings, []);
        assert_eq!(other.finding(finding).unwrap(), None);
        assert_eq!(other.history(finding).unwrap(), []);
        assert_eq!(other.tally(None).unwrap(), []);
        assert_eq!(other.find_repository("shop").unwrap(), None);
        assert_ne!(other.repository("shop", "main", "test").unwrap().id, shop.id);
        assert_eq!(trial.store.organizations().unwrap(), ["acme", "other"]);
    });
}

#[test]
fn nothing_can_be_put_into_a_repository_of_another_tenant() {
    on_each(|trial| {
        let acme = trial.store.organization("acme").unwrap();
        let other = trial.store.organization("other").unwrap();
        let shop = acme.repository("shop", "main", "test").unwrap().id;
        let refused = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| run(other, shop, "c1", &[])));
        assert!(refused.is_err());
        assert_eq!(acme.findings(&Filter::default(), None, 9).unwrap().findings, []);
    });
}

/// The statements of the store name the organization; this one is what is left when one does not.
#[test]
fn postgres_shows_no_row_of_another_organization() {
    let Some(trial) = postgres() else {
        eprintln!("skipped: BARTIZAN_POSTGRES names no server");
        return;
    };
    let acme = trial.store.organization("acme").unwrap();
    let other = trial.store.organization("other").unwrap();
    let shop = acme.repository("shop", "main", "test").unwrap().id;
    run(acme, shop, "c1", &[observation("eval", "a.py", 3, "eval(x)")]);
    let Location::Postgres(url) = &trial.location else { unreachable!() };
    let mut client = postgres::Client::connect(url, postgres::NoTls).unwrap();
    let tables = ["repository", "scan", "finding", "occurrence", "tally", "event", "chain"];
    for (organization, n_most) in [(acme.id().to_string(), i64::MAX), (other.id().to_string(), 0), (String::new(), 0)] {
        let mut transaction = client.transaction().unwrap();
        transaction.batch_execute(&format!("SET LOCAL bartizan.organization = '{organization}'")).unwrap();
        for table in tables {
            let n_rows: i64 = transaction.query_one(&format!("SELECT COUNT(*) FROM {table}"), &[]).unwrap().get(0);
            assert!(n_rows <= n_most && (n_most == 0 || 0 < n_rows), "{organization} sees {n_rows} rows of {table}");
        }
    }
}
