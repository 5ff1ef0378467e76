import { fileURLToPath } from 'node:url'

/** The project's folder, seen from where this file is compiled to. */
export const projectRoot = fileURLToPath(new URL('../../', import.meta.url))

export const cliPath = `${projectRoot}bin/gmemcheck.js`
export const resultsPath = `${projectRoot}bench/results.jsonl`
