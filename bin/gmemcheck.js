#!/usr/bin/env node
import { existsSync } from 'node:fs'

// Packed into one file the program starts sooner. Who wants to see where something happens gets its modules, with
// source maps, which apply only to what is loaded after this call.
const { GMEMCHECK_DEBUG, NODE_V8_COVERAGE } = process.env
const inModules = Boolean(GMEMCHECK_DEBUG || NODE_V8_COVERAGE)
if (inModules) process.setSourceMapsEnabled(true)

const path = inModules ? '../build/checker/cli/main.js' : '../build/gmemcheck.js'
const main = new URL(path, import.meta.url)
if (existsSync(main)) {
  await import(main.href)
} else {
  process.stderr.write('gmemcheck is not built yet: run `npm ci && npm run build` in its folder\n')
  process.exitCode = 70
}
