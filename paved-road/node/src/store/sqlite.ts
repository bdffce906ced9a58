import { SqlStore } from './sql.js'

/** What is used of a SQLite database: `DatabaseSync` of node:sqlite and better-sqlite3 both have it. */
export interface SqliteDatabase {
  exec(sql: string): unknown
  prepare(sql: string): { all(...parameters: (string | number)[]): unknown[]; run(...parameters: (string | number)[]): unknown }
}

const GIVES_ROWS = /^SELECT|RETURNING/

/** A store in SQLite: for one machine. Call `migrate()` once. */
export class SqliteStore extends SqlStore {
  constructor(db: SqliteDatabase, now?: () => number) {
    db.exec('PRAGMA journal_mode = WAL')
    db.exec('PRAGMA busy_timeout = 5000')
    const prepared = new Map<string, ReturnType<SqliteDatabase['prepare']>>()
    super(async (sql, parameters) => {
      const statement = prepared.get(sql) ?? db.prepare(sql)
      prepared.set(sql, statement)
      if (GIVES_ROWS.test(sql)) return statement.all(...parameters) as Record<string, unknown>[]
      statement.run(...parameters)
      return []
    }, now)
  }
}
