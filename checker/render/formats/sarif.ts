import type { TransitionSystem } from '../../../spec/index.js'
import { processName } from '../../trace/changes.js'
import { sourcePlace } from '../../trace/place.js'
import { headline } from '../headline.js'
import { signature, type ViolationDocument } from '../json.js'
import { verdictText } from '../summary.js'
import type { Finding, Run } from './finding.js'
import { codeFlow } from './sarif-flow.js'
import { location, physicalLocation, uriOf } from './sarif-place.js'

const SCHEMA =
  'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json'

/** What a process of the command line ended with (README, exit codes). */
const EXITS = { holds: 0, violated: 1, incomplete: 3 } as const

/**
 * SARIF 2.1.0 (OASIS): a result for each violation of the level that the search ended with, the shown one with its run,
 * a `threadFlow` for each process, `executionOrder` being the number of the step. A design that holds has no results; a
 * search that a limit ended was not successful, and says so.
 */
export function sarif(finding: Finding): string {
  const { document, run, interpreter } = finding
  const { system } = interpreter
  const shown = run === null ? [] : [shownResult(finding, run)]
  const others = (document?.violations ?? []).filter((each) => !isShown(system, run, each))
  const results = [...shown, ...others.map(plainResult)]
  const kinds = [...new Set(results.map(({ ruleId }) => ruleId))]
  const log = {
    $schema: SCHEMA,
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'gmemcheck',
            rules: kinds.map((kind) => {
              return {
                id: kind,
                shortDescription: { text: system.headlines.get(kind) ?? kind },
                help: { text: `gmemcheck explain ${kind}` },
                defaultConfiguration: { level: 'error' },
              }
            }),
          },
        },
        columnKind: 'utf16CodeUnits',
        ...(document === null ? {} : { invocations: [invocation(document)] }),
        results,
        properties: {
          model: system.name,
          row: finding.row,
          ...(document === null
            ? {}
            : {
                verdict: document.verdict,
                bounds: document.bounds,
                states: document.search.distinctStates,
              }),
        },
      },
    ],
  }
  return `${JSON.stringify(log, null, 2)}\n`
}

function invocation(document: NonNullable<Finding['document']>): object {
  const { verdict } = document
  const isComplete = verdict !== 'incomplete'
  const notification = { level: 'error', message: { text: verdictText(document) } }
  return {
    executionSuccessful: isComplete,
    exitCode: EXITS[verdict],
    ...(isComplete ? {} : { toolExecutionNotifications: [notification] }),
  }
}

interface Result {
  readonly ruleId: string
  readonly [property: string]: unknown
}

function shownResult({ file }: Finding, { trace, token, columns }: Run): Result {
  const { system, trap, kind } = trace
  const replay = `gmemcheck replay ${token} ${file}`
  const involved = (trap.involved ?? []).map(({ process, what, site }) =>
    location(system, site.span, `${processName(system, process)}: ${what}`),
  )
  return {
    ruleId: kind,
    level: 'error',
    message: { text: `${headline(trace)}: ${trap.message}\n\n${columns}` },
    locations: [{ physicalLocation: physicalLocation(system, trap.at) }],
    partialFingerprints: { 'gmemcheckSignature/v1': signature(system, trap) },
    codeFlows: trace.steps.length === 0 ? [] : [codeFlow(trace)],
    ...(involved.length === 0 ? {} : { relatedLocations: involved }),
    properties: { token, replay, steps: trace.steps.length, switches: trace.switches },
  }
}

/** A violation that the search also found, without a run of its own. */
function plainResult({ kind, message, at, signature: cause }: ViolationDocument): Result {
  const region = { startLine: at.line, startColumn: at.column }
  const artifactLocation = { uri: uriOf(at.file) }
  return {
    ruleId: kind,
    level: 'error',
    message: { text: message },
    locations: [{ physicalLocation: { artifactLocation, region } }],
    partialFingerprints: { 'gmemcheckSignature/v1': cause },
  }
}

function isShown(system: TransitionSystem, run: Run | null, other: ViolationDocument): boolean {
  if (run === null || run.trace.kind !== other.kind) return false
  const { file, line, column } = sourcePlace(system, run.trace.trap.at)
  const { at } = other
  return at.file === file && at.line === line && at.column === column
}
