// Makes each language's constants from constants.json and reasons.txt.
//   node paved-road/make/constants.mjs           writes
//   node paved-road/make/constants.mjs --check   fails if a file is stale
import fs from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), '..')
const read = (name) => fs.readFileSync(path.join(root, name), 'utf8')

const constants = JSON.parse(read('constants.json'))
const reasons = read('make/reasons.txt').split('\n').filter((line) => line && !line.startsWith('#')).map((line) => {
  const [code, fault, meaning] = line.split(' | ')
  return { code, fault, meaning }
})
const groups = Object.entries(constants).filter(([, value]) => typeof value === 'object')
const NOTE = 'Made by make/constants.mjs from constants.json. Do not edit.'

const FILES = {
  'reasons.json': () => JSON.stringify({ about: 'Every reason for a refusal: stable codes, never renamed or reused. Made by make/constants.mjs from make/reasons.txt.', reasons }, null, 2) + '\n',
  'node/src/constants.ts': () => [
    `// ${NOTE}\n`,
    ...groups.map(([name, value]) => `export const ${name.toUpperCase()} = ${JSON.stringify(value, null, 2)} as const\n`),
    '/** Whose fault a refusal is. */\nexport type Fault = \'browser\' | \'client\' | \'configuration\' | \'provider\' | \'store\'\n',
    '/** Every reason for a refusal: whose fault, and what it means. */',
    `export const REASONS = {\n${reasons.map((r) => `  '${r.code}': { fault: '${r.fault}', meaning: ${JSON.stringify(r.meaning)} },`).join('\n')}\n} as const satisfies Record<string, { fault: Fault; meaning: string }>\n`,
    '/** A stable reason code. */\nexport type Reason = keyof typeof REASONS\n',
  ].join('\n'),
  'rust/crates/spec/src/constants.rs': () => [
    `//! ${NOTE}\n`,
    ...groups.map(([name, value]) => `/// \`${name}\` of constants.json.\npub mod ${name} {\n${rustItems(name, value)}}\n`),
    rustReasons(),
  ].join('\n'),
  'python/src/bartizan_paved_road/constants.py': () => [
    `"""${NOTE}"""\n\nfrom typing import Any, Final, Literal\n`,
    ...groups.map(([name, value]) => `${name.toUpperCase()}: Final[dict[str, Any]] = ${python(value)}\n`),
    `#: Every reason for a refusal: whose fault, and what it means.\nREASONS: Final[dict[str, tuple[str, str]]] = {\n${reasons.map((r) => `    "${r.code}": ("${r.fault}", ${JSON.stringify(r.meaning)}),`).join('\n')}\n}\n`,
    `#: A stable reason code.\nReason = Literal[\n${reasons.map((r) => `    "${r.code}",`).join('\n')}\n]\n`,
  ].join('\n'),
}

/** JSON's values as Python literals. */
function python(value, indent = '') {
  const inner = indent + '    '
  if (Array.isArray(value)) return value.length ? `[\n${value.map((item) => inner + python(item, inner) + ',\n').join('')}${indent}]` : '[]'
  if (value && typeof value === 'object') return `{\n${Object.entries(value).map(([k, v]) => `${inner}${JSON.stringify(k)}: ${python(v, inner)},\n`).join('')}${indent}}`
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  return JSON.stringify(value)
}

/** A group as constants of a module. Seconds are floating, as times are; sizes are counted. */
function rustItems(path, group, indent = '  ') {
  return Object.entries(group).filter(([name]) => name !== 'about').map(([name, value]) => {
    const doc = `${indent}/// \`${path}.${name}\`.\n`, item = `${indent}pub const ${name.toUpperCase()}`
    if (path === 'uploads') return `${doc}${item}: &[crate::UploadKind] = &[\n${Object.entries(value).map(([type, kind]) => `${indent}  ${rustUpload(type, kind)},\n`).join('')}${indent}];\n`
    if (typeof value === 'number') return `${doc}${item}: ${rustNumber(path, name, value)};\n`
    if (typeof value === 'string') return `${doc}${item}: &str = ${JSON.stringify(value)};\n`
    const parts = Array.isArray(value) ? value.map((one) => JSON.stringify(one)) : Object.entries(value).map((pair) => `(${pair.map((one) => JSON.stringify(one)).join(', ')})`)
    return `${doc}${item}: &[${Array.isArray(value) ? '&str' : '(&str, &str)'}] = &[${parts.join(', ')}];\n`
  }).join('')
}
const rustNumber = (path, name, value) => (path === 'lifetimes' && name !== 'jwks_burst' && name.endsWith('_seconds') ? `f64 = ${value}.0` : path === 'limits' ? `usize = ${value}` : path === 'lifetimes' ? `u64 = ${value}` : `u32 = ${value}`)
const rustMagic = (magic) => `&[${magic.map(([offset, hex]) => `(${offset}, &[${hex.match(/../g).map((byte) => `0x${byte}`).join(', ')}])`).join(', ')}]`
const rustUpload = (type, kind) => `crate::UploadKind { media_type: "${type}", extension: "${kind.extension}", magics: &[${[kind.magic, kind.or].filter(Boolean).map(rustMagic).join(', ')}] }`
const camel = (code) => code.split('-').map((word) => word[0].toUpperCase() + word.slice(1)).join('')
function rustReasons() {
  const arms = (of) => reasons.map((r) => `      Self::${camel(r.code)} => ${of(r)},\n`).join('')
  return `/// A stable reason code: never renamed or reused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Reason {
${reasons.map((r) => `  /// ${r.meaning}\n  ${camel(r.code)},\n`).join('')}}

impl Reason {
  /// Every reason there is.
  pub const ALL: &[Self] = &[${reasons.map((r) => `Self::${camel(r.code)}`).join(', ')}];

  /// The code, as the vectors and the audit log have it.
  #[must_use]
  pub const fn code(self) -> &'static str {
    match self {
${arms((r) => JSON.stringify(r.code))}    }
  }

  /// Whose fault it is.
  #[must_use]
  pub const fn fault(self) -> crate::Fault {
    match self {
${arms((r) => `crate::Fault::${camel(r.fault)}`)}    }
  }

  /// What it means, in one sentence.
  #[must_use]
  pub const fn meaning(self) -> &'static str {
    match self {
${arms((r) => JSON.stringify(r.meaning))}    }
  }
}
`
}

let stale = 0
for (const [name, make] of Object.entries(FILES)) {
  const file = path.join(root, name), text = make()
  if (process.argv.includes('--check')) {
    if (fs.existsSync(file) && fs.readFileSync(file, 'utf8') === text) continue
    console.error(`${name} is stale: run \`node paved-road/make/constants.mjs\``)
    stale += 1
  } else {
    fs.mkdirSync(path.dirname(file), { recursive: true })
    fs.writeFileSync(file, text)
  }
}
process.exit(stale ? 1 : 0)
