// Makes the vectors; they come out the same on every machine.
//   node paved-road/vectors/make/make.mjs           writes
//   node paved-road/vectors/make/make.mjs --check   fails if a file is stale
import { finish } from './kind.mjs'
import './public-names.mjs'
import './kinds/tokens.mjs'
import './kinds/protocol.mjs'
import './kinds/web.mjs'
import './kinds/safe.mjs'

finish(process.argv.includes('--check'))
