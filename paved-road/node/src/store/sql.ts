//! The two tables of SQLite and PostgreSQL, and the statements on them.
import type { Store } from './store.js'

/** Runs a statement with parameters and gives its rows. `?` stands for a parameter. */
export type Query = (sql: string, parameters: (string | number)[]) => Promise<Record<string, unknown>[]>

export const SCHEMA = [
  'CREATE TABLE IF NOT EXISTS bz_records (key TEXT PRIMARY KEY, value TEXT NOT NULL, expires DOUBLE PRECISION NOT NULL)',
  'CREATE INDEX IF NOT EXISTS bz_records_expires ON bz_records (expires)',
  'CREATE TABLE IF NOT EXISTS bz_members (name TEXT NOT NULL, member TEXT NOT NULL, expires DOUBLE PRECISION NOT NULL, PRIMARY KEY (name, member))',
  'CREATE INDEX IF NOT EXISTS bz_members_expires ON bz_members (expires)',
]

/** A store in an SQL database. Every operation is one statement, so that it is atomic without a transaction. */
export class SqlStore implements Store {
  readonly #query: Query
  readonly #now: () => number

  constructor(query: Query, now: () => number = () => Date.now() / 1000) {
    this.#query = query
    this.#now = now
  }

  /** Makes the tables, where they are not there. */
  async migrate(): Promise<void> {
    for (const statement of SCHEMA) await this.#query(statement, [])
  }

  /** Removes what has expired. Call it now and then. */
  async sweep(): Promise<void> {
    await this.#query('DELETE FROM bz_records WHERE expires <= ?', [this.#now()])
    await this.#query('DELETE FROM bz_members WHERE expires <= ?', [this.#now()])
  }

  async get(key: string): Promise<string | null> {
    return this.#value('SELECT value FROM bz_records WHERE key = ? AND expires > ?', [key, this.#now()])
  }

  async put(key: string, value: string, expires: number): Promise<void> {
    await this.#query('INSERT INTO bz_records (key, value, expires) VALUES (?, ?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value, expires = excluded.expires', [key, value, expires])
  }

  async add(key: string, value: string, expires: number): Promise<boolean> {
    const sql = 'INSERT INTO bz_records (key, value, expires) VALUES (?, ?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value, expires = excluded.expires WHERE bz_records.expires <= ? RETURNING key'
    return (await this.#query(sql, [key, value, expires, this.#now()])).length > 0
  }

  async take(key: string): Promise<string | null> {
    return this.#value('DELETE FROM bz_records WHERE key = ? AND expires > ? RETURNING value', [key, this.#now()])
  }

  async replace(key: string, before: string, after: string, expires: number): Promise<boolean> {
    return (await this.#query('UPDATE bz_records SET value = ?, expires = ? WHERE key = ? AND value = ? AND expires > ? RETURNING key', [after, expires, key, before, this.#now()])).length > 0
  }

  async remove(key: string, value?: string): Promise<void> {
    if (value === undefined) await this.#query('DELETE FROM bz_records WHERE key = ?', [key])
    else await this.#query('DELETE FROM bz_records WHERE key = ? AND value = ?', [key, value])
  }

  async link(set: string, member: string, expires: number): Promise<void> {
    await this.#query('INSERT INTO bz_members (name, member, expires) VALUES (?, ?, ?) ON CONFLICT (name, member) DO UPDATE SET expires = excluded.expires', [set, member, expires])
  }

  async members(set: string): Promise<string[]> {
    return (await this.#query('SELECT member FROM bz_members WHERE name = ? AND expires > ? ORDER BY member', [set, this.#now()])).map((row) => String(row['member']))
  }

  async #value(sql: string, parameters: (string | number)[]): Promise<string | null> {
    const [row] = await this.#query(sql, parameters)
    return row ? String(row['value']) : null
  }
}
