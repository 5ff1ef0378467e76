import type { Expr, Place, Slot, ValueType } from './expression.js'
import type { Code, InitialValue, Instruction, TransitionSystem } from './system.js'
import { isVisible } from './visible.js'

/** A readable, stable text of a transition system, for people and for golden tests. */
export function dumpSystem(system: TransitionSystem): string {
  const lines: string[] = [`system ${system.name}`, '']
  for (const { name, type, initial } of system.shared) {
    lines.push(`shared ${name} : ${printType(type, system)} = ${printInitial(initial)}`)
  }
  for (const pool of system.pools) {
    lines.push(`pool ${pool.name}[${pool.size}] ${pool.safety} of struct ${pool.type.name}`)
    for (const field of pool.type.fields) {
      const initial = printInitial(pool.initial[field.name] ?? 0)
      lines.push(`  ${field.name} : ${printType(field.type, system)} = ${initial}`)
    }
  }
  for (const [at, process] of system.processes.entries()) {
    const index = process.family === null ? '' : ` index ${process.family}`
    const kind = process.daemon ? 'daemon' : 'thread'
    const on = process.on === null ? '' : ` in ${process.context} on ${process.on}`
    lines.push(`${kind} ${at} ${process.name} runs code ${process.code}${index}${on}`)
  }
  for (const [at, code] of system.codes.entries()) lines.push('', ...dumpCode(`code ${at}`, code))
  for (const code of system.init) lines.push('', ...dumpCode('init', code))
  for (const one of system.invariants) {
    lines.push('', ...dumpCode(`invariant ${one.name ?? ''}`, one.code))
  }
  for (const one of system.finals) lines.push('', ...dumpCode('finally', one.code))
  for (const one of system.covers) lines.push('', ...dumpCode(`cover ${one.name}`, one.code))
  return `${lines.join('\n')}\n`
}

/** One line an instruction: location, `*` where a step begins (`~` a daemon's first), region, what it does, what is next. */
function dumpCode(title: string, code: Code): string[] {
  const lines = [`${title} ${code.name}, entry ${code.entry}`.replace(/ +/g, ' ')]
  for (const [at, i] of code.instructions.entries()) {
    const mark = code.idle.has(at) ? '~' : isVisible(i) ? '*' : ' '
    const region = i.region === 0 ? '' : ` {${i.region}}`
    const kept = isVisible(i) ? (code.kept[at] ?? []).map(slotName).join(' ') : ''
    const keeps = kept === '' ? '' : `   keeps ${kept}`
    lines.push(`${String(at).padStart(4)}${mark}${region} ${printInstruction(i)}${keeps}`)
  }
  return lines
}

function printType(type: ValueType, system: TransitionSystem): string {
  switch (type.kind) {
    case 'bool':
      return 'bool'
    case 'int':
      return `int ${type.from}..${type.to}${type.inferred ? ' inferred' : ''}`
    case 'enum':
      return `enum { ${type.values.join(', ')} }`
    case 'bits':
      return `bits { ${type.bits.join(', ')} }`
    case 'pointer':
      return `${type.struct} * into ${type.pools.map((at) => system.pools[at]?.name).join(', ')}`
    case 'lock':
      return type.which
    case 'head':
      return 'rcu_head'
    case 'array':
      return `${printType(type.of, system)}[${type.length}]`
    case 'struct':
      return `struct ${type.name}`
  }
}

function printInitial(value: InitialValue): string {
  if (typeof value === 'number') return String(value)
  if (Array.isArray(value)) return `[${value.map(printInitial).join(', ')}]`
  const fields = Object.entries(value as { readonly [field: string]: InitialValue })
  if (fields.some(([name]) => name === 'owner')) return 'free'
  if (fields.some(([name]) => name === 'callback')) return 'idle'
  return `{ ${fields.map(([name, inner]) => `${name} = ${printInitial(inner)}`).join(', ')} }`
}

export const slotName = (slot: Slot): string =>
  slot.temporary ? `%${slot.id}` : `${slot.name}.${slot.id}`

function printInstruction(i: Instruction): string {
  const next = ` -> ${i.next}`
  switch (i.kind) {
    case 'assign':
      return `${slotName(i.slot)} = ${printExpr(i.value)}${next}`
    case 'clear':
      return `clear ${i.slots.map(slotName).join(' ')}${next}`
    case 'branch':
      return `if ${printExpr(i.test)} -> ${i.then} else -> ${i.otherwise}`
    case 'either':
      return `either -> ${i.targets.join(' | ')}`
    case 'choose':
      return `choose ${slotName(i.slot)} in ${printExpr(i.from)}..${printExpr(i.to)}${next}`
    case 'enter':
    case 'leave':
      return `${i.kind} ${i.call.op ?? ''}#${i.call.id}${next}`
    case 'require':
      return `require ${printExpr(i.condition)} else ${i.violation} "${i.message}"${next}`
    case 'fail':
      return `fail ${i.violation} "${i.message}"`
    case 'end':
      return `end${next}`
    case 'atomic':
      return `${i.what} {${i.opens}}${next}`
    case 'guard':
      return `guard ${printExpr(i.condition)}${i.otherwise ? ` else ${i.otherwise}` : ''}${next}`
    default:
      return `${printAccess(i)}${next}`
  }
}

function printAccess(i: Instruction): string {
  switch (i.kind) {
    case 'load':
      return `${slotName(i.slot)} = ${i.marked ? 'marked ' : ''}load ${printPlace(i.place)}`
    case 'store':
      return `${i.marked ? 'marked ' : ''}store ${printPlace(i.place)} = ${printExpr(i.value)}`
    case 'update': {
      const traps = i.traps.map((trap) => `${trap.kind} if ${printExpr(trap.when)}; `).join('')
      const write = `when ${printExpr(i.when)} becomes ${printExpr(i.value)}`
      return `${i.name} ${printPlace(i.place)} old ${slotName(i.old)}: ${traps}${write}`
    }
    case 'lock':
      return `${i.result ? `${slotName(i.result)} = ` : ''}${i.name} ${printPlace(i.place)}`
    case 'assert-held':
      return `${i.name} ${printPlace(i.place)}`
    case 'bit-wait':
      return `${i.take ? 'wait and set' : 'wait for'} bit ${i.bit} of ${printPlace(i.place)}`
    case 'bit-wake':
      return `${i.clear ? 'clear and wake' : 'wake'} bit ${i.bit} of ${printPlace(i.place)}`
    case 'alloc': {
      const which = i.object ? printExpr(i.object) : `pool ${i.pool}`
      const flags = i.flags ? ` flags ${printExpr(i.flags)}` : ''
      return `${slotName(i.slot)} = alloc ${which}${flags}`
    }
    case 'free':
    case 'touch':
      return `${i.kind} ${printExpr(i.pointer)}`
    case 'destroy':
      return `destroy pool ${i.pool}`
    case 'context':
      return i.name
    case 'preemptible':
      return `${slotName(i.slot)} = preemptible`
    case 'might-sleep':
      return 'might_sleep'
    case 'grace':
      return `${i.name}${i.domain ? ` ${printPlace(i.domain)}` : ''}`
    case 'call-rcu':
      return `call_rcu ${printPlace(i.place)} callback ${i.callback}`
    case 'rcu-barrier':
      return 'rcu_barrier'
    case 'callback-begin':
      return `callback ${slotName(i.callback)} of head ${slotName(i.head)} begins`
    case 'callback-end':
      return `callback of head ${printExpr(i.head)} ends`
    case 'interrupt':
      return 'interrupt'
    case 'next-live':
      return `${slotName(i.slot)} = next live of pool ${i.pool} from ${printExpr(i.from)}`
    default:
      return i.kind
  }
}

export function printPlace(place: Place): string {
  const { root } = place
  const start =
    root.kind === 'shared'
      ? `$${root.variable}`
      : root.kind === 'local'
        ? slotName(root.slot)
        : `(${printExpr(root.pointer)})->`
  const path = place.path
    .map((one) => (one.kind === 'field' ? `.${one.name}` : `[${printExpr(one.index)}]`))
    .join('')
  return `${start}${path}`.replace('->.', '->')
}

function printExpr(e: Expr): string {
  switch (e.kind) {
    case 'literal':
      return String(e.value)
    case 'slot':
      return slotName(e.slot)
    case 'family':
      return 'index'
    case 'current':
      return 'current'
    case 'unary':
      return `${e.operator}${printExpr(e.operand)}`
    case 'binary':
      return `(${printExpr(e.left)} ${e.operator} ${printExpr(e.right)})`
    case 'conditional':
      return `(${printExpr(e.test)} ? ${printExpr(e.then)} : ${printExpr(e.otherwise)})`
    case 'same-address':
      return `same(${printExpr(e.left)}, ${printExpr(e.right)})`
    case 'object':
      return `&pool${e.pool}[${printExpr(e.index)}]`
    case 'advance':
      return `(${printExpr(e.pointer)} + ${printExpr(e.by)})`
    case 'index-in-pool':
      return `(${printExpr(e.pointer)} - pool${e.pool})`
  }
}
