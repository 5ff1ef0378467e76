#!/usr/bin/env node
import { existsSync } from 'node:fs'

// Source maps apply only to modules loaded after this call, so the program itself is imported late.
process.setSourceMapsEnabled(true)

const main = new URL('../build/checker/cli/main.js', import.meta.url)
if (existsSync(main)) {
  await import(main.href)
} else {
  process.stderr.write('gmemcheck is not built yet: run `npm ci && npm run build` in its folder\n')
  process.exitCode = 70
}
