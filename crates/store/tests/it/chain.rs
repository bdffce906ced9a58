//! What happened can't be changed afterwards without being noticed.

use bartizan_store::{Location, Tenant};

use crate::fixture::{Trial, observation, on_each, run};

/// Changes the database behind the store's back.
fn tamper(trial: &Trial, sql: &str) {
    match &trial.location {
        Location::File(file) => rusqlite::Connection::open(file).unwrap().execute_batch(sql).unwrap(),
        Location::Postgres(_) => {
            let server = std::env::var("BARTIZAN_POSTGRES").unwrap();
            let mut config: postgres::Config = server.parse().unwrap();
            let Location::Postgres(url) = &trial.location else { unreachable!() };
            config.dbname(url.rsplit('/').next().unwrap());
            config.connect(postgres::NoTls).unwrap().batch_execute(sql).unwrap();
        }
    }
}

fn filled(trial: &Trial) -> Tenant<'_> {
    let tenant = trial.store.organization("acme").unwrap();
    let repository = tenant.repository("acme/shop", "main", "test").unwrap().id;
    let many: Vec<_> = (1..40).map(|line| observation("eval", "a.py", line, &format!("eval(x{line})"))).collect();
    run(tenant, repository, "c1", &many);
    run(tenant, repository, "c2", &many[..30]);
    tenant
}

#[test]
fn an_untouched_chain_is_whole() {
    on_each(|trial| {
        let tenant = filled(trial);
        let verified = tenant.verify_events().unwrap();
        assert_eq!(verified.first_broken, None);
        // The repository, 39 findings and their scan, 9 closed ones and their scan.
        assert_eq!((verified.n_batches, verified.n_events), (3, 1 + 40 + 10));
        let mut n_events = 0;
        tenant
            .events(|_| {
                n_events += 1;
                Ok(())
            })
            .unwrap();
        assert_eq!(n_events, verified.n_events);
    });
}

#[test]
fn every_change_breaks_the_chain() {
    for sql in [
        "UPDATE event SET actor = 'nobody' WHERE kind = 'finding.closed'",
        "UPDATE event SET body = '{}' WHERE kind = 'scan.sealed'",
        "DELETE FROM event WHERE position = 2",
        "INSERT INTO event SELECT batch, position + 1000, organization, at_us, actor, kind, repository, finding, body FROM event
         WHERE kind = 'repository.added'",
        "DELETE FROM chain WHERE number = 3",
        "UPDATE chain SET digest = content WHERE number = 2",
        "DELETE FROM event WHERE batch IN (SELECT batch FROM chain WHERE number = 3); DELETE FROM chain WHERE number = 3;
         UPDATE organization SET chain_length = 2",
    ] {
        on_each(|trial| {
            let tenant = filled(trial);
            tamper(trial, sql);
            assert!(tenant.verify_events().unwrap().first_broken.is_some(), "{sql}");
        });
    }
}
