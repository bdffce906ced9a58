//! Security headers by class of response. The sets stand in constants.json.
import { HEADERS } from '../constants.js'
import { refuse } from '../refusal.js'

export type ResponseClass = 'page' | 'api' | 'redirect' | 'asset' | 'download'

const CLASSES: readonly string[] = ['page', 'api', 'redirect', 'asset', 'download'] satisfies ResponseClass[]
const NONCE = /^[A-Za-z0-9_-]{22,}$/

/** The headers of a response. `nonce` is new for every page: scripts and styles carry it. */
export function securityHeaders(kind: ResponseClass, options: { https: boolean; nonce: string }): Record<string, string> {
  if (!CLASSES.includes(kind)) refuse('configuration-invalid', 'response class')
  if (!NONCE.test(options.nonce)) refuse('configuration-invalid', 'a nonce has 128 bits in base64url')
  const set = { ...HEADERS.every, ...HEADERS[kind], ...(options.https ? HEADERS.https : {}) }
  return Object.fromEntries(Object.entries(set).map(([name, value]) => [name, value.replaceAll('{nonce}', options.nonce)]))
}
