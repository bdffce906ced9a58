//! The schema, and how it gets from one version to the next: forward only.

use crate::{Session, StoreError, database::Dialect};

/// One step of the schema.
struct Migration {
    name: &'static str,
    /// What both databases run.
    both: &'static str,
    /// What PostgreSQL runs after that.
    postgres: &'static str,
}

/// All steps, in order; a step that was released never changes.
const MIGRATIONS: &[Migration] = &[Migration {
    name: "findings",
    both: include_str!("../migrations/0001-findings.sql"),
    postgres: include_str!("../migrations/0001-findings.postgres.sql"),
}];

/// Applies the steps that are missing.
pub(crate) fn migrate(session: &mut dyn Session, dialect: Dialect) -> Result<(), StoreError> {
    if dialect == Dialect::Postgres {
        // Two programs that start at once: one waits. The number is the first eight bytes of "bartizan".
        session.batch("SELECT pg_advisory_xact_lock(7089076299026295150)")?;
    }
    session.batch("CREATE TABLE IF NOT EXISTS migration (number BIGINT PRIMARY KEY, name TEXT NOT NULL, digest TEXT NOT NULL)")?;
    let applied =
        session.all("SELECT number, digest FROM migration ORDER BY number", &[], |row| Ok((row.integer(0)?, row.text(1)?.to_owned())))?;
    let known = i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX);
    if let Some((found, _)) = applied.iter().find(|(number, _)| known < *number) {
        return Err(StoreError::TooNew { found: *found, known });
    }
    for (number, migration) in (1_i64..).zip(MIGRATIONS) {
        let digest = blake3::hash(migration.both.as_bytes()).to_hex().to_string();
        if let Some((_, applied)) = applied.iter().find(|(applied, _)| *applied == number) {
            if *applied != digest {
                return Err(StoreError::ForeignMigration(number));
            }
            continue;
        }
        session.batch(migration.both)?;
        if dialect == Dialect::Postgres {
            session.batch(migration.postgres)?;
        }
        session.execute(
            "INSERT INTO migration (number, name, digest) VALUES ($1, $2, $3)",
            &[number.into(), migration.name.into(), digest.into()],
        )?;
    }
    Ok(())
}
