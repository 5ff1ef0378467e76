import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { readModel } from '../../checker/design/model.js'
import { withoutParking } from '../../checker/reduction/bit-locks.js'
import { type Mover, moversOf } from '../../checker/reduction/movers.js'
import {
  type Interpreter,
  interpreter,
  isVisible,
  lower,
  type Outcome,
  type State,
  stateKey,
  type TransitionSystem,
} from '../../spec/index.js'
import { corpusModels, corpusReader, spreadRows } from '../helpers/corpus.js'

/**
 * By brute force: wherever two processes can move one after the other, and the analysis says that the first step moves
 * right, or the second moves left, the other order is possible too and leads to the same state, or to a violation.
 */
const movers = suite('movers, against every pair of steps')

const maxStates = Number(process.env.STATES ?? 60)

const seen = { right: 0, left: 0 }

for (const file of corpusModels('even')) {
  movers(file, () => {
    const { model } = readModel(file, corpusReader())
    for (const configuration of spreadRows(model, 1)) {
      if (!model) continue
      const system = lower(model, configuration).result
      if (system === null || system.processes.some(({ on }) => on !== null)) continue
      compareOrders(system)
    }
  })
}

function compareOrders(full: TransitionSystem): void {
  const { withLocks } = moversOf(full)
  const system = withoutParking(full, withLocks.bitLocks)
  const machine = interpreter(system)
  for (const state of reachable(machine)) {
    for (const p of system.processes.keys()) {
      for (const first of nexts(machine, state, p)) {
        for (const q of system.processes.keys()) {
          if (q === p) continue
          for (const second of machine.fire(first.state, q)) {
            const right = moverAt(system, withLocks, state, p).right
            const left = moverAt(system, withLocks, first.state, q).left
            if (!right && !left) continue
            if (right) seen.right += 1
            if (left) seen.left += 1
            assert.ok(commutes(machine, state, p, first, q, second), told(system, state, p, q))
          }
        }
      }
    }
  }
}

function* nexts(machine: Interpreter, state: State, process: number) {
  for (const outcome of machine.fire(state, process)) if (outcome.kind === 'next') yield outcome
}

function moverAt(
  system: TransitionSystem,
  movers: { of(code: number, at: number): Mover },
  state: State,
  process: number,
): Mover {
  const code = system.processes[process]?.code ?? -1
  return movers.of(code, state.processes[process]?.at ?? -1)
}

/** q's step, then p's: to the same state, unless one of the two is a violation. */
function commutes(
  machine: Interpreter,
  state: State,
  p: number,
  first: Outcome,
  q: number,
  second: Outcome,
): boolean {
  const others = machine.fire(state, q)
  if (others.some(({ kind }) => kind === 'violation')) return true
  const other = others.find(({ choices }) => `${choices}` === `${second.choices}`)
  if (other === undefined) return false
  // A step that meets a bound after the other must do so before it.
  if (second.kind === 'cut' || other.kind !== 'next') return second.kind === other.kind
  const last = machine.fire(other.state, p)
  if (last.some(({ kind }) => kind === 'violation')) return true
  if (second.kind !== 'next') return false
  return last.some(
    (outcome) =>
      outcome.kind === 'next' &&
      `${outcome.choices}` === `${first.choices}` &&
      stateKey(outcome.state) === stateKey(second.state),
  )
}

function reachable(machine: Interpreter): readonly State[] {
  const found = new Map<string, State>()
  for (const outcome of machine.initial()) {
    if (outcome.kind === 'next') found.set(stateKey(outcome.state), outcome.state)
  }
  for (const state of found.values()) {
    if (machine.judge(state) !== null) continue
    for (const p of machine.system.processes.keys()) {
      for (const outcome of nexts(machine, state, p)) {
        if (found.size < maxStates) found.set(stateKey(outcome.state), outcome.state)
      }
    }
    if (found.size >= maxStates) break
  }
  return [...found.values()]
}

function told(system: TransitionSystem, state: State, p: number, q: number): string {
  const text = (process: number): string => {
    const { name, code } = system.processes[process] ?? { name: '', code: -1 }
    const i = system.codes[code]?.instructions[state.processes[process]?.at ?? -1]
    if (i === undefined || !isVisible(i)) return name
    const { span } = i.site
    return `${name}: ${system.sources.get(span.file)?.excerpt(span)}`
  }
  return `${text(p)}, then ${text(q)}`
}

movers('both kinds were met', () => {
  assert.ok(seen.right > 1000 && seen.left > 1000, JSON.stringify(seen))
})

movers.run()
