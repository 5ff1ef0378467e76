import type { StateId } from '../store/visited.js'
import type { StateGraph } from './graph.js'

/** The sets of states that all reach each other. */
export interface Components {
  readonly count: number
  /** By state id. */
  readonly componentOf: Uint32Array
  /** `[component]` is 1 when a step leaves it. */
  readonly left: Uint8Array
}

const UNSEEN = 0

/**
 * Strongly connected components of the state graph: Tarjan's algorithm (Depth-first search and linear graph
 * algorithms, 1972), with a stack of its own, since the graph is deeper than any call stack.
 */
export function componentsOf(graph: StateGraph): Components {
  const { count } = graph
  /** Order of discovery from 1. */
  const order = new Uint32Array(count)
  const low = new Uint32Array(count)
  const cursor = new Uint32Array(count)
  const componentOf = new Uint32Array(count)
  const isOpen = new Uint8Array(count)
  /** States not yet in a component, and the path from the root to where the search is. */
  const open = new WordStack(count)
  const path = new WordStack(count)
  let orders = 0
  let components = 0

  const enter = (id: StateId) => {
    orders++
    order[id] = orders
    low[id] = orders
    cursor[id] = graph.stepsFrom(id)
    isOpen[id] = 1
    open.push(id)
    path.push(id)
  }
  const close = (root: StateId) => {
    for (;;) {
      const id = open.pop()
      isOpen[id] = 0
      componentOf[id] = components
      if (id === root) break
    }
    components++
  }

  for (let root = 0; root < count; root++) {
    if (order[root] !== UNSEEN) continue
    enter(root)
    while (path.length > 0) {
      const id = path.top()
      const step = cursor[id] as number
      if (step < graph.stepsFrom(id + 1)) {
        cursor[id] = step + 1
        const target = graph.target(step)
        if (order[target] === UNSEEN) enter(target)
        else if (isOpen[target] === 1)
          low[id] = Math.min(low[id] as number, order[target] as number)
        continue
      }
      path.pop()
      if (path.length > 0) {
        const parent = path.top()
        low[parent] = Math.min(low[parent] as number, low[id] as number)
      }
      if (low[id] === order[id]) close(id)
    }
  }
  return { count: components, componentOf, left: leftOnes(graph, componentOf, components) }
}

function leftOnes(graph: StateGraph, componentOf: Uint32Array, count: number): Uint8Array {
  const left = new Uint8Array(count)
  for (let id = 0; id < graph.count; id++) {
    const component = componentOf[id] as number
    for (let step = graph.stepsFrom(id); step < graph.stepsFrom(id + 1); step++) {
      if (componentOf[graph.target(step)] !== component) left[component] = 1
    }
  }
  return left
}

class WordStack {
  readonly #items: Uint32Array
  length = 0

  constructor(capacity: number) {
    this.#items = new Uint32Array(capacity)
  }

  push(item: number): void {
    this.#items[this.length++] = item
  }

  top(): number {
    return this.#items[this.length - 1] as number
  }

  pop(): number {
    this.length--
    return this.#items[this.length] as number
  }
}
