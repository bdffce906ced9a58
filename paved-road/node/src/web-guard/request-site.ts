//! Requests that other sites cause (CWE-352), by Fetch Metadata and Origin.
import { refuse } from '../refusal.js'

const SAFE = ['GET', 'HEAD', 'OPTIONS']

/** Values of a header by its name in lower case. */
export type HeaderValues = (name: string) => readonly string[]

/** Refuses a request that changes something, unless this origin or the user caused it. */
export function checkRequestSite(method: string, headers: HeaderValues, origin: string): void {
  if (SAFE.includes(method)) return
  const site = headers('sec-fetch-site'), origins = headers('origin')
  if (site.length > 0) {
    if (site.length !== 1 || !['same-origin', 'none'].includes(site[0]!)) refuse('cross-site-request')
    return
  }
  if (origins.length === 0) refuse('origin-missing')
  if (origins.length !== 1 || origins[0] !== origin) refuse('cross-site-request')
}
