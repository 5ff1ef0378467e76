/**
 * Puts the compiled command line into one file, build/gmemcheck.js: Node needs about a millisecond for each module it
 * looks up, and a counterexample of a small model takes less than all of them together. Each module becomes a function
 * that is called at once and returns its exports; no file imports itself by way of others, so the order of imports is
 * an order to call them in. What it does not know it refuses, so nothing is packed wrongly in silence.
 *
 * The file is a script, not a module, for V8 keeps what it has compiled of scripts only (program.js): its value is a
 * function that takes what modules have and scripts have not.
 */
import { readFileSync } from 'node:fs'
import { posix } from 'node:path'

const IMPORT = /^import (.+) from ['"](.+)['"];$/
const REEXPORT = /^export (\{.*\}|\*) from ['"](.+)['"];$/
const EXPORTED = /^export ((?:async )?function\*?|const|class) (\w+)/
// One such character in the text, and V8 needs twice the memory for all of it.
const NOT_ASCII = /[\u0080-\uffff]/g
const DEFAULT = /\bexport default (\w+);$/

/** The module `entry` of a folder, with all it imports from there, as the text of a script. */
export function pack(folder, entry) {
  const modules = new Map()
  const packages = new Map()
  const numberOf = (map, key, letter) => {
    if (!map.has(key)) map.set(key, `${letter}${map.size}`)
    return map.get(key)
  }
  const parts = []

  /** The variable that holds the exports of what a module imports. */
  const imported = (from, name) => {
    if (!name.startsWith('.')) return numberOf(packages, name, 'p')
    const path = posix.join(posix.dirname(from), name)
    if (!modules.has(path)) parts.push(wrapped(path))
    return modules.get(path)
  }

  const wrapped = (path) => {
    const { body, exports } = translate(path, readFileSync(`${folder}/${path}`, 'utf8'), imported)
    const name = numberOf(modules, path, 'm')
    return `// ${path}\nconst ${name} = (() => {\n${body}\nreturn { ${exports.join(', ')} };\n})();\n`
  }

  // The entry waits for its end, which only the top level of a module can do.
  const { body } = translate(entry, readFileSync(`${folder}/${entry}`, 'utf8'), imported)
  // Node makes an ES module of each built-in or CommonJS module that is imported; requiring them spares that.
  const heads = [...packages].map(([name, variable]) => `const ${variable} = require('${name}');\n`)
  const start = "(async (require, programUrl) => {\n'use strict';\n"
  const text = [start, ...heads, ...parts, `// ${entry}\n`, body, '\n})\n'].join('')
  return text.replace(NOT_ASCII, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

/** The text of a module without imports and exports, and what it exports, as properties of an object. */
function translate(path, text, imported) {
  const exports = []
  const lines = text.split('\n').map((line) => {
    if (line === 'export {};' || line.startsWith('//# sourceMappingURL=')) return ''
    const [, what, from] = IMPORT.exec(line) ?? []
    if (what !== undefined) return binding(what, imported(path, from), !from.startsWith('.'))
    const [, names, source] = REEXPORT.exec(line) ?? []
    if (names !== undefined) {
      const origin = imported(path, source)
      exports.push(
        ...(names === '*' ? [`...${origin}`] : list(names).map((n) => `${n}: ${origin}.${n}`)),
      )
      return ''
    }
    const [, , name] = EXPORTED.exec(line) ?? []
    if (name !== undefined) exports.push(name)
    const [, main] = DEFAULT.exec(line) ?? []
    if (main !== undefined) exports.push(`default: ${main}`)
    const rest = name === undefined ? line.replace(DEFAULT, '') : line.slice('export '.length)
    if (/^(?:import|export) /.test(rest))
      throw new Error(`${path}: cannot be packed: ${line.slice(0, 80)}`)
    return rest.replaceAll('import.meta.url', `new URL('./${path}', programUrl).href`)
  })
  return { body: lines.join('\n'), exports }
}

/** The line that an import becomes. The default of what is required is all of it. */
function binding(what, origin, isRequired) {
  if (what.startsWith('* as ')) return `const ${what.slice('* as '.length)} = ${origin};`
  if (!what.startsWith('{')) return `const ${what} = ${isRequired ? origin : `${origin}.default`};`
  return `const { ${list(what).join(', ').replaceAll(' as ', ': ')} } = ${origin};`
}

const list = (names) =>
  names
    .slice(1, -1)
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '')
