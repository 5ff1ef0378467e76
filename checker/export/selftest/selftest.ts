import { processName } from '../../trace/changes.js'
import { placeText, sourcePlace, sourceText } from '../../trace/place.js'
import type { Trace, TraceStep } from '../../trace/trace.js'
import { actions } from './actions.js'
import { bpftraceOf } from './bpftrace.js'
import { commentLines } from './comment.js'
import { head, machinery, rest } from './template.js'
import { type Entry, entriesOf, gateOf, rangesText, windowsOf } from './turns.js'

/** A test in C and a bpftrace script, or why there are none. */
export type Selftest =
  | { readonly c: string; readonly bpftrace: string; readonly refusal: null }
  | { readonly c: null; readonly bpftrace: null; readonly refusal: string }

/**
 * A counterexample as a user-space test of a real kernel, one thread for each process that user space can be: calls are
 * made in the order of the trace, and where they overlap in it, they are tried with all delays. `columns` is the text of
 * the counterexample.
 */
export function selftestOf(trace: Trace, columns: string): Selftest {
  const entries = entriesOf(trace)
  if (entries.length === 0) {
    const refusal =
      'no step of this trace is in a kernel function that user space is known to reach'
    return { c: null, bpftrace: null, refusal }
  }
  return { c: cText(trace, columns, entries), bpftrace: bpftraceOf(trace, columns), refusal: null }
}

function cText(trace: Trace, columns: string, entries: readonly Entry[]): string {
  const { system } = trace
  const driven = system.processes.flatMap((_, process) =>
    entries.some((entry) => entry.process === process) ? [process] : [],
  )
  const names = [...new Set(entries.map(({ action }) => action))]
  const definitions = [...new Set(names.map((name) => actions[name].definitions))]
  const parts = [
    block([
      `${system.name}: ${trace.headline}`,
      '',
      'One thread makes the calls of each process, in the order of the run below. Where two calls',
      'overlap in it, the second begins once the first has begun, with a delay that changes from',
      'round to round: what happens inside of the kernel cannot be held from here. Build it with',
      'cc -pthread, run it as a user who may open /dev/kvm, on a kernel with KASAN and DEBUG_VM.',
      '',
      ...columns.trimEnd().split('\n'),
    ]),
    head,
    ...definitions.filter((text) => text !== ''),
    `#define ENTRIES ${entries.length}`,
    machinery,
    ...names.map(
      (name) =>
        `/* ${actions[name].call} */\nstatic long ${name}(void)\n{\n${actions[name].body}\n}`,
    ),
    ...driven.map((process) => threadText(trace, entries, process)),
    ...restOfProcesses(trace, driven),
    rest,
    mainText(trace, entries, driven),
  ]
  return `${parts.join('\n\n')}\n`
}

const block = (lines: readonly string[]): string =>
  ['/*', ...commentLines(lines).map((line) => ` * ${line}`.trimEnd()), ' */'].join('\n')

function threadText(trace: Trace, entries: readonly Entry[], process: number): string {
  const name = processName(trace.system, process)
  const calls = entries.flatMap((entry, number) =>
    entry.process === process ? callLines(trace, entries, entry, number) : [],
  )
  const own = entries.filter((entry) => entry.process === process).flatMap(({ steps }) => steps)
  const outside = trace.steps.filter((step) => step.process === process && !own.includes(step))
  const left = outside.length === 0 ? [] : [outsideText(outside)]
  return [
    `static void *run_${name}(void *unused)`,
    '{',
    '	(void)unused;',
    `	pthread_setname_np(pthread_self(), "${name.slice(0, 15)}");`,
    '	for (int round = 1; round <= rounds; round++) {',
    '		pthread_barrier_wait(&at_start);',
    ...[...left, ...calls].map((line) => (line === '' ? '' : `\t\t${line}`)),
    '		pthread_barrier_wait(&at_end);',
    '	}',
    '	return NULL;',
    '}',
  ].join('\n')
}

const outsideText = (steps: readonly TraceStep[]): string =>
  `/* steps ${rangesText(steps.map(({ index }) => index))} are in no function that user space reaches */`

/** One call from user space, with what has to be before it and what cannot be forced in it. */
function callLines(
  trace: Trace,
  entries: readonly Entry[],
  entry: Entry,
  number: number,
): readonly string[] {
  const { ended, begun } = gateOf(entries, entry)
  const steps = rangesText(entry.steps.map(({ index }) => index))
  const said = [
    `${entry.text}, ${entry.annotation}: steps ${steps}`,
    ...windowsOf(trace, entry).map((step) => windowText(trace, step)),
  ]
  const [first = '', ...more] = commentLines(said)
  return [
    ...(more.length === 0
      ? [`/* ${first} */`]
      : ['/*', ...[first, ...more].map((line) => ` * ${line}`), ' */']),
    ...ended.map((other) => `wait_until(&ended[${other}], round);`),
    ...begun.map((other) => `wait_until(&begun[${other}], round);`),
    ...(begun.length === 0 ? [] : ['delay(round);']),
    `make(${number}, round, ${entry.action});`,
  ]
}

/** Where the run leaves a call half-way. */
function windowText({ system, steps }: Trace, step: TraceStep): string {
  const from = step.index
  let to = from
  while (steps[to] !== undefined && steps[to]?.process !== step.process) to++
  const others = [
    ...new Set(steps.slice(from, to).map(({ process }) => processName(system, process))),
  ]
  const range = rangesText(steps.slice(from, to).map(({ index }) => index))
  const at = placeText(sourcePlace(system, step.site.span))
  const text = sourceText(system, step.site.span).replace(/;$/, '')
  const shown = text.length > 60 ? `${text.slice(0, 59).trimEnd()}…` : text
  return `window: after step ${from}, ${shown} (${at}), ${others.join(' and ')} has to take ${
    from + 1 === to ? 'step' : 'steps'
  } ${range}; not forced`
}

/** Processes that user space is not. */
function restOfProcesses(trace: Trace, driven: readonly number[]): readonly string[] {
  return trace.system.processes.flatMap(({ name }, process) => {
    const steps = trace.steps.filter((step) => step.process === process)
    if (steps.length === 0 || driven.includes(process)) return []
    const functions = [
      ...new Set(steps.map(({ site }) => site.annotation ?? site.call.annotation ?? 'no function')),
    ]
    const lines = [
      `${name} takes steps ${rangesText(steps.map(({ index }) => index))} and has no thread here: user space is not known to`,
      `reach ${functions.join(', ')}.`,
    ]
    return [block(lines)]
  })
}

function mainText(trace: Trace, entries: readonly Entry[], driven: readonly number[]): string {
  const { system, headline } = trace
  const count = driven.length
  const said = JSON.stringify(headline).replaceAll('%', '%%').slice(1, -1)
  const results = entries.map((entry, number) => {
    const name = processName(system, entry.process)
    const what = JSON.stringify(`${name} ${entry.text}`).replaceAll('%', '%%').slice(1, -1)
    return `	printf("${what}: %ld done, %ld failed%s%s\\n", done[${number}], failed[${number}],\n\t       failed[${number}] ? ", last with " : "", failed[${number}] ? strerror(last_error[${number}]) : "");`
  })
  return `int main(int count, char **words)
{
	struct sigaction bad_access = { .sa_handler = on_bad_access };
	pthread_t threads[${count}];
	int kvm = open("/dev/kvm", O_RDWR | O_CLOEXEC);

	if (count > 1)
		rounds = atoi(words[1]);
	if (kvm < 0)
		skip("/dev/kvm");
	vm = ioctl(kvm, KVM_CREATE_VM, VM_TYPE);
	if (vm < 0)
		skip("KVM_CREATE_VM");
	page_size = sysconf(_SC_PAGESIZE);
	sigaction(SIGBUS, &bad_access, NULL);
	sigaction(SIGSEGV, &bad_access, NULL);
	signal(SIGALRM, on_alarm);
	alarm(SECONDS_MAX);
	pthread_barrier_init(&at_start, NULL, ${count + 1});
	pthread_barrier_init(&at_end, NULL, ${count + 1});
${driven.map((process, index) => `	pthread_create(&threads[${index}], NULL, run_${processName(system, process)}, NULL);`).join('\n')}
	for (int round = 1; round <= rounds; round++) {
		prepare();
		pthread_barrier_wait(&at_start);
		pthread_barrier_wait(&at_end);
		clean_up();
	}
	for (int i = 0; i < ${count}; i++)
		pthread_join(threads[i], NULL);
	printf("%d rounds\\n", rounds);
${results.join('\n')}
	printf("what the kernel has noticed is in its log: look for \\"${said}\\"\\n");
	return 0;
}`
}
