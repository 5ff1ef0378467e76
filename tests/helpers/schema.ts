import { readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { projectRoot } from './spawn.js'

/** What is wrong with a document, held against a schema of `spec/schema/`; empty where it fits. */
export function schemaProblems(name: string, document: unknown): readonly string[] {
  const text = readFileSync(`${projectRoot}spec/schema/${name}.schema.json`, 'utf8')
  const ajv = new Ajv2020({ allErrors: true, allowUnionTypes: true, strict: false })
  const validate = ajv.compile(JSON.parse(text))
  validate(document)
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath}: ${message}`)
}
