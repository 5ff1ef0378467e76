import { readFileSync } from 'node:fs'
import { Ajv } from 'ajv'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { writeFormat } from '../../../checker/index.js'
import { found, holds, violations } from '../../helpers/findings.js'
import { projectRoot } from '../../helpers/spawn.js'

/**
 * The schema as it was published, from a package that carries it. Its dialect is one that the validator does not know by
 * name; the keywords that it uses mean the same in later ones.
 */
const {
  $schema: _dialect,
  id: _id,
  ...schema
} = JSON.parse(
  readFileSync(
    `${projectRoot}node_modules/@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json`,
    'utf8',
  ),
)
const options = { strict: false, validateFormats: false, unicodeRegExp: false, allErrors: true }
const validate = new Ajv(options).compile(schema)

interface Log {
  readonly runs: readonly [
    {
      readonly invocations: readonly { readonly executionSuccessful: boolean }[]
      readonly results: readonly {
        readonly ruleId: string
        readonly codeFlows?: readonly { readonly threadFlows: readonly ThreadFlow[] }[]
      }[]
      readonly tool: { readonly driver: { readonly rules: readonly { readonly id: string }[] } }
      readonly properties: { readonly bounds?: { readonly memoryModel: string } }
    },
  ]
}

interface ThreadFlow {
  readonly id: string
  readonly locations: readonly {
    readonly executionOrder: number
    readonly importance: string
    readonly location: {
      readonly physicalLocation: {
        readonly region: { readonly snippet: { readonly text: string } }
      }
    }
  }[]
}

function read(text: string | null): Log {
  const log: unknown = JSON.parse(text ?? '')
  assert.ok(validate(log), JSON.stringify(validate.errors?.slice(0, 3)))
  return log as Log
}

export const sarif = suite('SARIF')

for (const { finding } of violations) {
  const { trace } = finding.run
  sarif(`${trace.system.name}: a thread flow for each process, in the order of the run`, () => {
    const { results, tool } = read(writeFormat('sarif', finding).text).runs[0]
    assert.is(results[0]?.ruleId, trace.kind)
    assert.is(results.length, finding.document?.violations.length)
    const rules = tool.driver.rules.map(({ id }) => id)
    assert.equal(new Set(rules), new Set(results.map(({ ruleId }) => ruleId)))
    const all = [...trace.steps, ...trace.loop]
    const flows = results[0]?.codeFlows?.[0]?.threadFlows ?? []
    const movers = new Set(all.map((step) => trace.system.processes[step.process]?.name))
    assert.equal(new Set(flows.map(({ id }) => id)), movers)
    assert.is(flows.length, movers.size)
    for (const { id, locations } of flows) {
      for (const { executionOrder, location } of locations) {
        const step = all[executionOrder - 1]
        assert.is(trace.system.processes[step?.process ?? -1]?.name, id)
        const { span } = step?.site ?? { span: null }
        const source = span && trace.system.sources.get(span.file)
        assert.is(location.physicalLocation.region.snippet.text, span && source?.excerpt(span))
      }
    }
    const orders = flows.flatMap(({ locations }) => locations.map((each) => each.executionOrder))
    assert.equal(
      orders.sort((a, b) => a - b),
      all.map((_, index) => index + 1),
    )
  })
}

sarif('a design that holds has no results, and its bounds', () => {
  const [run] = read(writeFormat('sarif', found(holds).finding).text).runs
  assert.equal(run.results, [])
  assert.is(run.invocations[0]?.executionSuccessful, true)
  assert.is(run.properties.bounds?.memoryModel, 'sequential consistency')
})

sarif('a search that a limit ended was not successful', () => {
  const [run] = read(writeFormat('sarif', found(holds, 3).finding).text).runs
  assert.equal(run.results, [])
  assert.is(run.invocations[0]?.executionSuccessful, false)
})

sarif('a run that was only replayed has results and no invocation', () => {
  const [first] = violations
  assert.ok(first)
  const replayed = { ...first.finding, document: null }
  const [run] = read(writeFormat('sarif', replayed).text).runs
  assert.is(run.results.length, 1)
  assert.is(run.invocations, undefined)
})

sarif('the schema refuses what is no SARIF', () => {
  const [first] = violations
  const log = JSON.parse((first && writeFormat('sarif', first.finding).text) ?? '')
  log.runs[0].results[0].codeFlows[0].threadFlows[0].locations[0].executionOrder = 'first'
  assert.not(validate(log))
})
