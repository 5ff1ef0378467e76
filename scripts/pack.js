/**
 * Puts the compiled command line into one file, build/gmemcheck.js: Node needs about a millisecond for each module it
 * looks up, and a counterexample of a small model takes less than all of them together.
 *
 * The file is a script, not a module, for V8 keeps what it has compiled of scripts only (program.js): its value is a
 * function that takes what modules have and scripts have not, and ends when what the entry exports as `ended` does.
 */
import { readFileSync } from 'node:fs'
import { relative } from 'node:path'
import * as esbuild from 'esbuild'

/** The module `entry` of a folder, with all it imports from there, as the text of a script. */
export async function pack(folder, entry) {
  const { outputFiles } = await esbuild.build({
    entryPoints: [`${folder}/${entry}`],
    bundle: true,
    write: false,
    format: 'cjs',
    platform: 'node',
    packages: 'external',
    target: 'node20',
    // One character beyond ASCII in the text, and V8 needs twice the memory for all of it.
    charset: 'ascii',
    plugins: [placesOfTheirOwn(folder)],
    logLevel: 'warning',
  })
  const start = '(async (require, programUrl) => {\nconst module = { exports: {} };\n'
  return `${start}${outputFiles[0].text}\nawait module.exports.ended;\n})\n`
}

/** A worker is found beside the module that starts it, which in the packed file is beside nothing. */
const placesOfTheirOwn = (folder) => ({
  name: 'places of their own',
  setup(build) {
    build.onLoad({ filter: /\.js$/ }, ({ path }) => {
      const url = `new URL('./${relative(folder, path).replaceAll('\\', '/')}', programUrl).href`
      return { contents: readFileSync(path, 'utf8').replaceAll('import.meta.url', url) }
    })
  },
})
