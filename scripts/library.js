/**
 * Parses the library at build time: the tree of each text of models/ goes into build/library/, in a file named after the
 * hash of the text. So a text that was edited since has no tree there and is parsed.
 */
import { createHash } from 'node:crypto'
import * as fs from 'node:fs'
import { filesUnder } from './files.js'

/** Brings build/library/ up to date with the texts and with the parser. */
export async function storeLibrary(root) {
  const folder = `${root}build/library`
  const stamp = parserHash(`${root}build/spec/syntax`)
  const stampFile = `${folder}/parser.sha256`
  const isOfThisParser = fs.existsSync(stampFile) && fs.readFileSync(stampFile, 'utf8') === stamp
  if (!isOfThisParser) fs.rmSync(folder, { recursive: true, force: true })
  fs.mkdirSync(folder, { recursive: true })

  const texts = filesUnder(`${root}models`)
    .filter((path) => path.endsWith('.gmem'))
    .map((path) => fs.readFileSync(`${root}models/${path}`, 'utf8'))
  const named = new Map(texts.map((text) => [`${hashOf(text)}.json`, text]))
  for (const old of filesUnder(folder)) {
    if (old !== 'parser.sha256' && !named.has(old)) fs.rmSync(`${folder}/${old}`)
  }
  const missing = [...named].filter(([name]) => !fs.existsSync(`${folder}/${name}`))
  if (missing.length > 0) {
    const { parse, SourceText, storeTree } = await import('../build/spec/index.js')
    for (const [name, text] of missing) {
      const { result, diagnostics } = parse(new SourceText('', text))
      if (result === null || diagnostics.length > 0) continue
      // A run that begins now must find the whole tree or none.
      fs.writeFileSync(`${folder}/${name}.new`, storeTree(result))
      fs.renameSync(`${folder}/${name}.new`, `${folder}/${name}`)
    }
  }
  fs.writeFileSync(stampFile, stamp)
}

const hashOf = (text) => createHash('sha256').update(text).digest('hex')

/** Another parser may give other trees: the hash of all that it is made of. */
function parserHash(folder) {
  const texts = filesUnder(folder)
    .filter((path) => path.endsWith('.js'))
    .map((path) => fs.readFileSync(`${folder}/${path}`))
  return texts.reduce((hash, text) => hash.update(text), createHash('sha256')).digest('hex')
}
