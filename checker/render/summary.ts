import type { Settings, VerdictDocument } from './json.js'

/** At most this many unreached lines are listed; the JSON has them all. */
const UNREACHED_MAX = 20

const MEBIBYTE = 2 ** 20

/**
 * The verdict for people and for grep: the first word of each line says what it tells. `holds` never stands without
 * its bounds and the words "sequential consistency".
 */
export function renderSummary(document: VerdictDocument): string {
  const lines = [
    `model: ${document.model}${settingsText(document.design)}`,
    `verdict: ${verdictText(document)}`,
    ...(document.leftOut ?? []).map((what) => `left out: ${what}`),
    `search: ${searchText(document)}`,
    ...reductionTexts(document),
    `bounds: ${boundsText(document)}`,
  ]
  if (document.verdict === 'holds') {
    const { uncovered } = document.coverage
    for (const name of uncovered) lines.push(`uncovered: ${name} was never true`)
    lines.push(...unreachedTexts(document))
  }
  const causes = document.violations.some(({ count }) => count !== undefined)
  if (causes)
    return `${[...lines, ...document.violations.map((_, index) => renderCause(document, index))].join('\n')}\n`
  const others = otherKinds(document)
  if (others.length > 0) lines.push(`also: ${others.join(', ')}`)
  return `${lines.join('\n')}\n`
}

/** One of the causes that `--all` tells apart: `cause: 1 of 2, leak at m.gmem:4:3, by a and b, met 3 times, 5 steps`. */
export function renderCause({ violations }: VerdictDocument, index: number): string {
  const violation = violations[index]
  if (violation === undefined) return ''
  const { kind, at, processes = [], count, trace } = violation
  const said = [
    `${index + 1} of ${violations.length}`,
    `${kind} at ${at.file}:${at.line}:${at.column}`,
    ...(processes.length === 0 ? [] : [`by ${processes.join(' and ')}`]),
    ...(count === undefined
      ? []
      : [`met ${count === 1 ? 'once' : count === 2 ? 'twice' : `${count} times`}`]),
    ...(trace === undefined ? [] : [`${trace.steps} ${trace.steps === 1 ? 'step' : 'steps'}`]),
  ]
  return `cause: ${said.join(', ')}`
}

/** What made the search smaller, and what did not; nothing where all states were seen at once. */
function reductionTexts({ search: { reductions, refused = [] } }: VerdictDocument): string[] {
  return [
    ...(reductions.length === 0 ? [] : [`reduced: ${reductions.join(', ')}`]),
    ...refused.map(({ name, reason }) => `not reduced: ${name}, ${reason}`),
  ]
}

/** The model's own lines one by one; of a library most models use a part only, so its lines are counted. */
function unreachedTexts(document: VerdictDocument): string[] {
  const own = document.coverage.unreached.filter((line) => line.file === document.file)
  const others = new Map<string, number>()
  for (const { file } of document.coverage.unreached) {
    if (file !== document.file) others.set(file, (others.get(file) ?? 0) + 1)
  }
  const lines = own
    .slice(0, UNREACHED_MAX)
    .map(({ file, line, text }) => `unreached: ${file}:${line}: ${text}`)
  if (own.length > UNREACHED_MAX) lines.push(`unreached: and ${own.length - UNREACHED_MAX} more`)
  for (const [file, count] of others) {
    lines.push(`unreached: ${count} ${count === 1 ? 'statement' : 'statements'} of ${file}`)
  }
  return lines
}

/** The verdict in one line. */
export function verdictText(document: VerdictDocument): string {
  const { verdict, violation, limit, limitMessage } = document
  if (verdict === 'holds') return 'holds, every interleaving explored'
  if (verdict === 'incomplete') return `incomplete, limit ${limit}: ${limitMessage}`
  if (violation === undefined) return 'violated'
  const { kind, at, process } = violation
  const who = process === null ? '' : ` by ${process}`
  return `violated ${kind} at ${at.file}:${at.line}:${at.column}${who}`
}

/** The verdict on a line of its own; one that holds carries its bounds. */
export const renderVerdictLine = (document: VerdictDocument): string =>
  document.verdict === 'holds'
    ? `${verdictText(document)}, bounds ${boundsText(document)}`
    : verdictText(document)

function otherKinds(document: VerdictDocument): string[] {
  const kinds = new Set(document.violations.map((violation) => violation.kind))
  if (document.violation !== undefined) kinds.delete(document.violation.kind)
  return [...kinds].sort()
}

const settingsText = (settings: Settings): string =>
  Object.entries(settings)
    .map(([name, value]) => `  ${name}=${value}`)
    .join('')

/** Figures in a fixed order, each a name and a plain number, so that scripts find them: README, "What it prints". */
function searchText({ search }: VerdictDocument): string {
  const exact = search.exact ? 'exact' : `omission probability ${search.omissionProbability}`
  return [
    `states ${search.distinctStates}`,
    `transitions ${search.generatedStates}`,
    `depth ${search.depth}`,
    `seconds ${search.seconds.toFixed(1)}`,
    `states/s ${search.seconds > 0 ? Math.round(search.distinctStates / search.seconds) : 0}`,
    `memory ${(search.peakBytes / MEBIBYTE).toFixed(1)} MiB`,
    `workers ${search.workers}`,
    `${search.engine} engine`,
    exact,
  ].join(', ')
}

function boundsText({ bounds }: VerdictDocument): string {
  const params = Object.entries(bounds.params).map(([name, value]) => `${name}=${value}`)
  const pools = Object.entries(bounds.pools).map(([name, size]) => `${name}[${size}]`)
  const ranges = Object.entries(bounds.ranges).map(([name, range]) => `${name} ${range}`)
  return [...params, ...pools, ...ranges, bounds.memoryModel].join(', ')
}
