//! Uploads by what they begin with (CWE-434). Names and media types that a browser says are not asked.
import { UPLOADS } from '../constants.js'
import { refuse } from '../refusal.js'

export type UploadKind = keyof typeof UPLOADS.kinds

type Magic = readonly (readonly [number, string])[]

/** Which files are allowed. */
export class UploadPolicy {
  readonly #allowed: readonly string[]
  readonly #sizeMax: number

  constructor(allowed: readonly UploadKind[], sizeMax: number) {
    if (allowed.length === 0 || !allowed.every((kind) => Object.hasOwn(UPLOADS.kinds, kind)) || !(sizeMax > 0)) refuse('configuration-invalid', 'upload policy')
    this.#allowed = allowed
    this.#sizeMax = sizeMax
  }

  /** Says what a file is, or refuses it. */
  check(content: Uint8Array): { type: UploadKind; extension: string } {
    if (content.length === 0) refuse('upload-empty')
    if (content.length > this.#sizeMax) refuse('upload-too-large')
    const found = Object.entries(UPLOADS.kinds).find(([, kind]) => begins(content, kind.magic) || ('or' in kind && begins(content, kind.or))) ?? refuse('upload-kind-unknown')
    if (!this.#allowed.includes(found[0])) refuse('upload-kind-refused')
    return { type: found[0] as UploadKind, extension: found[1].extension }
  }
}

function begins(content: Uint8Array, magic: Magic): boolean {
  return magic.every(([offset, hex]) => {
    const bytes = Buffer.from(hex, 'hex')
    return Buffer.from(content.subarray(offset, offset + bytes.length)).equals(bytes)
  })
}
