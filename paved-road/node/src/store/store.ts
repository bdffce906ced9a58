/**
 * Where sessions, begun sign-ins, leases and seen token ids live. Values are sealed, keys are hashes: whoever reads the store
 * learns neither. Every operation is atomic. What has expired is not there. Times are seconds since 1970.
 */
export interface Store {
  get(key: string): Promise<string | null>
  put(key: string, value: string, expires: number): Promise<void>
  /** Puts only if the key is not there; says whether it did. */
  add(key: string, value: string, expires: number): Promise<boolean>
  /** Removes a value and gives it: of many who take, one gets it. */
  take(key: string): Promise<string | null>
  /** Puts only if the value is still `before`. */
  replace(key: string, before: string, after: string, expires: number): Promise<boolean>
  /** Removes, only if the value is `value` where that is given. */
  remove(key: string, value?: string): Promise<void>
  /** Adds a member to a set. */
  link(set: string, member: string, expires: number): Promise<void>
  members(set: string): Promise<string[]>
}
