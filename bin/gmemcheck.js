#!/usr/bin/env node
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { Script } from 'node:vm'

// Packed into one file the program starts sooner, and sooner still with what V8 has compiled of it (scripts/program.js).
// Who wants to see where something happens gets its modules, with source maps, which apply only to what is loaded after
// this call.
const { GMEMCHECK_COMPILED, GMEMCHECK_DEBUG, NODE_V8_COVERAGE } = process.env
const inModules = Boolean(GMEMCHECK_DEBUG || NODE_V8_COVERAGE)
if (inModules) process.setSourceMapsEnabled(true)

const path = inModules ? '../build/checker/cli/main.js' : '../build/gmemcheck.js'
const main = new URL(path, import.meta.url)
if (!existsSync(main)) {
  process.stderr.write('gmemcheck is not built yet: run `npm ci && npm run build` in its folder\n')
  process.exitCode = 70
} else if (inModules) {
  await (await import(main.href)).ended
} else {
  const compiled = new URL('../build/gmemcheck.compiled', import.meta.url)
  const script = new Script(readFileSync(main, 'latin1'), {
    filename: main.href,
    cachedData: existsSync(compiled) ? readFileSync(compiled) : undefined,
  })
  if (GMEMCHECK_COMPILED !== undefined) {
    process.on('exit', () => writeFileSync(GMEMCHECK_COMPILED, script.createCachedData()))
  }
  await script.runInThisContext()(createRequire(main), main.href)
}
