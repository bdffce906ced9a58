import { SqlStore } from './sql.js'

/** What is used of the package `pg`: a pool or a client. */
export interface PostgresPool {
  query(sql: string, parameters: (string | number)[]): Promise<{ rows: Record<string, unknown>[] }>
}

/** A store in PostgreSQL, for any number of replicas. Call `migrate()` once. */
export class PostgresStore extends SqlStore {
  constructor(pool: PostgresPool, now?: () => number) {
    super(async (sql, parameters) => {
      let n = 0
      return (await pool.query(sql.replaceAll('?', () => `$${++n}`), parameters)).rows
    }, now)
  }
}
