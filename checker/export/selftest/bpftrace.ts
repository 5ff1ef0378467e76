import { processName } from '../../trace/changes.js'
import type { Trace } from '../../trace/trace.js'
import { commentLines } from './comment.js'
import { rangesText } from './turns.js'

/** A kernel function of a trace, and the steps that are in it. */
interface Probed {
  readonly file: string
  readonly name: string
  readonly steps: string
}

/** A script that tells when the functions of a trace are entered and left on a real kernel, under the names of its steps. */
export function bpftraceOf(trace: Trace, columns: string): string {
  const probed = functionsOf(trace)
  const inlined = probed.filter(({ file }) => file.endsWith('.h'))
  const probes = probed.filter(({ file }) => !file.endsWith('.h'))
  const width = Math.max(...probes.map(({ name }) => name.length), 0)
  const about = [
    `${trace.system.name}: ${trace.headline}`,
    '',
    'Run this beside the test, whose threads are called like the processes. A function that the',
    'compiler has inlined, or that this kernel calls by another name, has no probe: take it out, or',
    'follow its caller. What is returned is shown as an int: of a pointer that is the lower half.',
    ...inlined.map(
      ({ file, name, steps }) => `not probed, for it is inlined: ${name} of ${file} (${steps})`,
    ),
    '',
    ...columns.trimEnd().split('\n'),
  ]
  const movers = [...new Set(trace.steps.map(({ process }) => process))].sort((a, b) => a - b)
  const names = movers.map(
    (process) => `comm == "${processName(trace.system, process).slice(0, 15)}"`,
  )
  const filter = `/${names.join(' || ')}/`
  return `${[
    '#!/usr/bin/env bpftrace',
    ...['/*', ...commentLines(about).map((line) => ` * ${line}`.trimEnd()), ' */'],
    'BEGIN { printf("%-16s %-15s %6s %4s\\n", "ns", "thread", "tid", "cpu"); }',
    ...probes.flatMap(({ file, name, steps }) => [
      '',
      `// ${file}`,
      ...probe('kprobe', name, filter, `> ${name.padEnd(width)}  ${steps}`, ''),
      ...probe('kretprobe', name, filter, `< ${name.padEnd(width)}  = %d`, ', (int32)retval'),
    ]),
  ].join('\n')}\n`
}

const probe = (
  kind: string,
  name: string,
  filter: string,
  words: string,
  more: string,
): readonly string[] => [
  `${kind}:${name}`,
  filter,
  '{',
  `	printf("%-16llu %-15s %6d %4d ${words}\\n", nsecs, comm, tid, cpu${more});`,
  '}',
]

/** The functions in the order in which the trace comes to them. */
function functionsOf(trace: Trace): readonly Probed[] {
  const steps = new Map<string, Map<number, number[]>>()
  for (const step of trace.steps) {
    for (const annotation of annotationsOf(step.site)) {
      const byProcess = steps.get(annotation) ?? new Map<number, number[]>()
      steps.set(annotation, byProcess)
      byProcess.set(step.process, [...(byProcess.get(step.process) ?? []), step.index])
    }
  }
  return [...steps].map(([annotation, byProcess]) => {
    const [, file = '', name = ''] = /^(.*):(\w+)$/.exec(annotation) ?? []
    const texts = [...byProcess].map(([process, indexes]) => {
      return `${processName(trace.system, process)} ${rangesText(indexes)}`
    })
    return { file, name, steps: texts.join(', ') }
  })
}

/** Of all ops around a step, the outermost first. */
function annotationsOf(site: Trace['steps'][number]['site']): readonly string[] {
  const found: string[] = []
  for (let call: typeof site.call | null = site.call; call !== null; call = call.parent) {
    if (call.annotation !== null) found.unshift(call.annotation)
  }
  if (site.annotation !== null) found.push(site.annotation)
  return [...new Set(found)]
}
