//! Names of files from outside (CWE-22), safe on every system.
import { open, type FileHandle } from 'node:fs/promises'
import { constants, realpathSync } from 'node:fs'
import path from 'node:path'

import { LIMITS } from '../constants.js'
import { isLonger } from '../encoding.js'
import { refuse } from '../refusal.js'

/** Separators, what Windows gives a meaning, and what can't be seen: controls, formats, line and paragraph separators. */
const NEVER = /[/\\:*?"<>|\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u
const DEVICE = /^(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\.|$)/i

/** Checks one name. */
export function checkFileName(name: string): string {
  if (name === '') refuse('name-empty')
  if (isLonger(name, LIMITS.file_name_chars)) refuse('name-too-long')
  if (NEVER.test(name)) refuse('name-character')
  if (/^\.{1,2}$/.test(name) || DEVICE.test(name)) refuse('name-reserved')
  if (/^[. ]|[. ]$/.test(name)) refuse('name-hidden')
  return name
}

/** Splits a relative path into names. Nothing is normalized: a path that goes up is refused, even if it comes back. */
export function checkRelativePath(text: string): string[] {
  if (text === '') refuse('path-empty')
  const parts = text.split('/')
  if (text.startsWith('/') || parts.some((part) => /^\.{1,2}$/.test(part))) refuse('path-escapes')
  return parts.map(checkFileName)
}

/** Opens an existing file below a folder, for reading. No symbolic link leads out of it, or is the file. */
export async function openBelow(folder: string, relative: string): Promise<FileHandle> {
  const root = realpathSync(folder), file = path.join(root, ...checkRelativePath(relative))
  const parent = realpathSync(path.dirname(file))
  if (parent !== root && !parent.startsWith(root + path.sep)) refuse('path-escapes')
  return open(path.join(parent, path.basename(file)), constants.O_RDONLY | constants.O_NOFOLLOW)
}
