//! Addresses: whether one is public (IANA's special-purpose registries).
import { ADDRESSES } from '../constants.js'
import { refuse } from '../refusal.js'

/** An address as a number. */
export interface Address {
  bits: 32 | 128
  value: bigint
}

/** Reads an address in the one form of IPv4, or any of IPv6 without zone; null if it is none. */
export function parseAddress(text: string): Address | null {
  return text.includes(':') ? parseIpv6(text) : parseIpv4(text)
}

function parseIpv4(text: string): Address | null {
  const parts = text.split('.')
  if (parts.length !== 4 || !parts.every((part) => /^(?:0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255)) return null
  return { bits: 32, value: parts.reduce((value, part) => (value << 8n) | BigInt(part), 0n) }
}

function parseIpv6(text: string): Address | null {
  const halves = text.split('::')
  if (halves.length > 2) return null
  const [front, back] = halves.map((half, at) => groupsOf(half, at === halves.length - 1))
  if (!front || (halves.length === 2 && !back)) return null
  const missing = 8 - front.length - (back?.length ?? 0)
  if (halves.length === 2 ? missing < 1 : missing !== 0) return null
  const groups = [...front, ...Array<bigint>(halves.length === 2 ? missing : 0).fill(0n), ...(back ?? [])]
  return { bits: 128, value: groups.reduce((value, group) => (value << 16n) | group, 0n) }
}

/** The 16-bit groups of a half; the last part of the last half may be an IPv4 address. */
function groupsOf(text: string, isLast: boolean): bigint[] | null {
  if (text === '') return []
  const parts = text.split(':'), groups: bigint[] = []
  for (const [at, part] of parts.entries()) {
    const embedded = isLast && at === parts.length - 1 && part.includes('.') ? parseIpv4(part) : null
    if (embedded) groups.push(embedded.value >> 16n, embedded.value & 0xffffn)
    else if (/^[0-9A-Fa-f]{1,4}$/.test(part)) groups.push(BigInt(`0x${part}`))
    else return null
  }
  return groups
}

/** A range, as its first bits. */
function parseRange(text: string): { bits: 32 | 128; prefix: bigint; shift: bigint } {
  const [start, length] = text.split('/') as [string, string]
  const address = parseAddress(start)!, shift = BigInt(address.bits - Number(length))
  return { bits: address.bits, prefix: address.value >> shift, shift }
}

const REFUSED = [...ADDRESSES.ipv4_refused, ...ADDRESSES.ipv6_refused].map(parseRange)
const ALLOWED = ADDRESSES.ipv6_allowed.map(parseRange)

const isIn = (address: Address, ranges: typeof REFUSED): boolean => ranges.some(({ bits, prefix, shift }) => address.bits === bits && address.value >> shift === prefix)

/** Refuses an address that is not on the public Internet. */
export function checkPublicAddress(text: string): void {
  const address = parseAddress(text) ?? refuse('address-malformed')
  if (isIn(address, REFUSED) || (address.bits === 128 && !isIn(address, ALLOWED))) refuse('address-not-public')
}
