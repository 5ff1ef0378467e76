import { workerData } from 'node:worker_threads'
import { CONTROL, Station, TASK } from '../../engine/wasm/explorer/index.js'
import { type CrewData, TAKING } from './crew.js'

/** A thread of a search: works in each phase it is there for, until it is sent home. */
const { image, memory, index } = workerData as CrewData
const station = new Station(image, memory, index)
const { control } = station

/** Phases up to this one were begun without this thread. */
let seen = Atomics.load(control, CONTROL.phase)
const number = Atomics.add(control, CONTROL.joined, 1)
const isOver = (): boolean => Atomics.load(control, CONTROL.task) === TASK.stop
while (!isOver()) {
  Atomics.wait(control, CONTROL.phase, seen)
  seen = Atomics.load(control, CONTROL.phase)
  if (isOver()) break
  // Who has slept through a phase must not take the numbers of the next one for its own.
  const taking = Atomics.load(control, CONTROL.taking)
  if (Math.floor(taking / TAKING) !== seen || number >= taking % TAKING) continue
  station.work(() => false)
  Atomics.add(control, CONTROL.done, 1)
  Atomics.notify(control, CONTROL.done)
}
