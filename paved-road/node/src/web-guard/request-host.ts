//! Requests for another host: cache poisoning, rebinding, links made from a header.
import { refuse } from '../refusal.js'

/** Refuses a request whose Host header is not that of `origin`. */
export function checkRequestHost(hosts: readonly string[], origin: string): void {
  const ours = origin.slice(origin.indexOf('://') + 3), defaultPort = origin.startsWith('https:') ? ':443' : ':80'
  const host = hosts[0]?.toLowerCase()
  if (hosts.length !== 1 || (host !== ours && host !== ours + defaultPort)) refuse('host-mismatch')
}
