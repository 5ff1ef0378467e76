import type { Executed, Exported, Host, Tool, ToolOptions, ToolResult } from './tool.js'

/**
 * TLC from a jar (`tla2tools.jar`): breadth first with one worker, so that the first violation is a nearest one. With
 * `-tool` everything it says is a message with a number:
 *
 *     @!@!@STARTMSG 2110:1 @!@!@
 *     Invariant No_assert is violated.
 *     @!@!@ENDMSG 2110 @!@!@
 *
 * The numbers are those of `tlc2/output/EC.java`, the wording is that of `tlc2/output/MP.java` in the sources of TLC;
 * behind the colon is the severity (1 and 2: errors, 4: a state of a trace). This was written from there, without
 * a TLC to try it on.
 */
export const tlc = (host: Host, jar: string | null): Tool => ({
  name: 'tlc',
  version: async () => {
    if (jar === null) return null
    const args = ['-cp', jar, 'tlc2.TLC', '-h']
    const { ended, stdout, stderr } = await host.execute('java', args, { timeoutSeconds: 30 })
    if (ended !== 'itself') return null
    return /TLC\d* Version [^\n]*/.exec(stdout + stderr)?.[0]?.trim() ?? null
  },
  run: async (exported, options) => {
    if (jar === null) throw new Error('there is no jar of TLC')
    const first = await search(host, jar, exported, options)
    if (first.limit !== 'bound') return first
    // It stops at what it meets first: a violation may lie behind the bound.
    const timeoutSeconds = Math.max(0.001, options.timeoutSeconds - first.seconds)
    const again = await search(host, jar, withoutBounds(exported), { ...options, timeoutSeconds })
    const seconds = first.seconds + again.seconds
    return again.verdict === 'holds' ? { ...first, seconds } : { ...again, seconds }
  },
})

/** Numbers of messages. */
const CODES = {
  memory: [1001, 1002, 1003],
  initialViolation: 2107,
  violation: 2110,
  deadlock: 2114,
  behaviour: 2121,
  success: 2193,
  statistics: 2199,
  state: 2217,
} as const

const BOUND = /^INVARIANT \w+ \\\* \d+ bound:.*\n/gm

/** A configuration in which a bound only ends its path. */
const withoutBounds = ({ files, kinds }: Exported): Exported => ({
  kinds,
  files: files.map((file) => ({ ...file, text: file.text.replace(BOUND, '') })),
})

async function search(
  host: Host,
  jar: string,
  { files }: Exported,
  { memoryBytes, timeoutSeconds }: ToolOptions,
): Promise<ToolResult> {
  const module = files.find(({ name }) => name.endsWith('.tla'))
  const config = files.find(({ name }) => name.endsWith('.cfg'))
  if (module === undefined || config === undefined) throw new Error('there is nothing to run')
  const scratch = await host.scratch(files)
  try {
    const heap = `-Xmx${Math.max(64, Math.floor(memoryBytes / 2 ** 20))}m`
    const java = ['-XX:+UseParallelGC', heap, '-cp', jar, 'tlc2.TLC']
    const args = ['-tool', '-workers', '1', '-config', config.name, module.name]
    const executed = await host.execute('java', [...java, ...args], {
      cwd: scratch.path,
      timeoutSeconds,
    })
    if (executed.ended === 'missing') throw new Error('java is not installed')
    return resultOf(executed, config.text)
  } finally {
    await scratch.remove()
  }
}

export interface Message {
  readonly code: number
  readonly severity: number
  readonly text: string
}

/** One message never contains another; what is printed between them is nobody's. */
export function messagesIn(output: string): readonly Message[] {
  const pattern = /^@!@!@STARTMSG (-?\d+):(\d+) @!@!@\r?\n([\s\S]*?)\r?\n?^@!@!@ENDMSG \1 @!@!@/gm
  return [...output.matchAll(pattern)].map(([, code, severity, text = '']) => ({
    code: Number(code),
    severity: Number(severity),
    text,
  }))
}

function resultOf({ ended, stdout, stderr, seconds }: Executed, config: string): ToolResult {
  const output = stdout + stderr
  const messages = messagesIn(stdout)
  const one = (code: number) => messages.find((message) => message.code === code)
  const nothing = { fault: null, states: null, depth: null, limit: null, trace: null }
  const said = { ...nothing, output, seconds }
  if (ended === 'time') return { ...said, verdict: 'incomplete', limit: 'time' }
  if (CODES.memory.some((code) => one(code) !== undefined)) {
    return { ...said, verdict: 'incomplete', limit: 'memory' }
  }
  const isExpected = new Set<number>([
    CODES.initialViolation,
    CODES.violation,
    CODES.deadlock,
    CODES.behaviour,
  ])
  const wrong = messages.find(
    ({ code, severity }) => (severity === 1 || severity === 2) && !isExpected.has(code),
  )
  if (wrong !== undefined)
    throw new Error(`TLC refuses what was exported\n${wrong.text}\n${output}`)
  const violation = one(CODES.violation) ?? one(CODES.initialViolation)
  if (violation !== undefined || one(CODES.deadlock) !== undefined) {
    const line = judgedLine(violation, config)
    const states = messages.filter(({ code }) => code === CODES.state)
    const initial = `1: <Initial predicate>\n${violation?.text ?? ''}`
    const trace = states.length === 0 ? initial : states.map(({ text }) => `${text}\n`).join('\n')
    const depth = Math.max(0, states.length - 1)
    const found = { ...said, depth, trace, fault: faultOf(line, trace) }
    return line.kind === 'bound'
      ? { ...found, verdict: 'incomplete', limit: 'bound' }
      : { ...found, verdict: 'violated' }
  }
  const distinct = /([\d,]+) distinct states found, 0 states left/.exec(
    one(CODES.statistics)?.text ?? '',
  )?.[1]
  if (one(CODES.success) === undefined || distinct === undefined) {
    throw new Error(`TLC ends without an answer (${ended})\n${output}`)
  }
  return { ...said, verdict: 'holds', states: Number(distinct.replaceAll(',', '')) }
}

interface JudgedLine {
  readonly number: number
  readonly kind: string
}

/** What the configuration says about the invariant that failed, or about a standstill. */
function judgedLine(violation: Message | undefined, config: string): JudgedLine {
  const name = violation && /^Invariant (\w+) is violated/.exec(violation.text)?.[1]
  if (violation !== undefined && name === undefined) throw new Error(violation.text)
  const head = name === undefined ? 'CHECK_DEADLOCK TRUE' : `INVARIANT ${name}`
  const line = config.split('\n').find((each) => each.startsWith(`${head} `))
  const [, number, kind] = /\\\* (\d+) ([\w-]+):/.exec(line ?? '') ?? []
  if (number === undefined || kind === undefined) throw new Error(`${head} says nothing of a fault`)
  return { number: Number(number), kind }
}

/** A kind has several faults; which it was is in the last state. */
function faultOf({ number }: JudgedLine, trace: string): number {
  const inState = [...trace.matchAll(/\bfault = (-?\d+)/g)].at(-1)?.[1] ?? '-1'
  return inState === '-1' ? number : Number(inState)
}
