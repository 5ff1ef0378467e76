import type * as syntax from '../syntax/tree.js'
import { builtins, predefined } from './builtins.js'
import { type ConstantSource, type Constants, createConstants } from './constants.js'
import { duplicateName, duplicateOp, predefinedName, reservedName, unknownType } from './errors.js'
import type { LoadedFile, LoadedFiles } from './load.js'
import type { Enumeration, Op, Pool, Struct, Type, Variable } from './model.js'
import { nearest } from './nearest.js'
import { reportDuplicates, resolveType } from './resolve-type.js'
import type { Draft, Globals } from './scopes.js'
import { typeCycle } from './type-errors.js'
import { poison, voidType } from './types.js'

/** The first pass: every global name of every file is entered, and nothing is understood yet. */

export interface DeclaredStruct {
  readonly struct: Draft<Struct>
  readonly members: syntax.Member[]
}

export interface DeclaredVariable {
  readonly variable: Draft<Variable>
  readonly type: syntax.TypeSyntax
  readonly declarator: syntax.Declarator
}

export interface DeclaredOp {
  readonly op: Draft<Op>
  readonly declaration: syntax.OpDeclaration
}

export interface Declared {
  readonly globals: Globals
  readonly constants: Constants
  readonly constantSources: ReadonlyMap<string, ConstantSource>
  readonly structs: readonly DeclaredStruct[]
  readonly pools: readonly { readonly pool: Draft<Pool>; readonly size: syntax.Expression }[]
  readonly variables: readonly DeclaredVariable[]
  readonly ops: readonly DeclaredOp[]
  /** Weak ops with the op that stands for them now. */
  readonly overridden: ReadonlyMap<Op, Op>
}

interface Collector {
  readonly globals: Globals
  readonly constants: Constants
  readonly constantSources: Map<string, ConstantSource>
  readonly structs: DeclaredStruct[]
  readonly structsByName: Map<string, DeclaredStruct>
  readonly pools: { pool: Draft<Pool>; size: syntax.Expression }[]
  readonly pendingPools: (syntax.Declaration & { readonly kind: 'pool' })[]
  readonly variables: DeclaredVariable[]
  readonly ops: DeclaredOp[]
  readonly overridden: Map<Op, Op>
}

export function declare(globals: Globals, loaded: LoadedFiles): Declared {
  const collector: Collector = {
    globals,
    constants: createConstants(globals),
    constantSources: new Map(),
    structs: [],
    structsByName: new Map(),
    pools: [],
    pendingPools: [],
    variables: [],
    ops: [],
    overridden: new Map(),
  }
  const taskStruct = globals.tasks.struct as Draft<Struct>
  const task: DeclaredStruct = { struct: taskStruct, members: [] }
  const taskType: Type = { kind: 'struct', struct: taskStruct }
  globals.types.set('task', { what: 'struct', span: taskStruct.span, resolve: () => taskType })
  globals.values.set('tasks', { kind: 'pool', span: globals.tasks.span, pool: globals.tasks })
  collector.structs.push(task)
  collector.structsByName.set('task', task)
  for (const file of loaded.files) {
    for (const declaration of file.tree.declarations) collect(collector, file, declaration)
  }
  // a pool may come before its struct
  for (const pool of collector.pendingPools) declarePool(collector, pool)
  return collector
}

function collect(collector: Collector, file: LoadedFile, declaration: syntax.Declaration): void {
  const { globals } = collector
  switch (declaration.kind) {
    case 'const':
    case 'param':
      declareConstant(collector, {
        name: declaration.name.text,
        home: file.path,
        span: declaration.name.span,
        role: declaration.kind,
        type: declaration.kind === 'param' ? declaration.type : null,
        value: declaration.kind === 'param' ? declaration.initial : declaration.value,
        setAt: null,
        settable: declaration.kind === 'param',
      })
      return
    case 'design':
      for (const entry of declaration.entries) declareChoice(collector, file, entry)
      return
    case 'enum':
      declareEnum(collector, declaration.name, declaration.values)
      return
    case 'struct':
      declareStruct(collector, declaration.name, declaration.members)
      return
    case 'typedef':
      declareTypedef(collector, declaration.name, declaration.type)
      return
    case 'pool':
      collector.pendingPools.push(declaration)
      return
    case 'variable':
      for (const declarator of declaration.declarators) {
        declareVariable(collector, declaration.type, declarator)
      }
      return
    case 'op':
      declareOp(collector, declaration)
      return
    case 'violation': {
      const { text, span } = declaration.name
      const before = globals.violations.get(text)
      if (before) globals.report(duplicateName(span, text, before.span))
      else globals.violations.set(text, { headline: declaration.headline, span })
      return
    }
    default:
      return
  }
}

/** Whether a value name is free; reports why not. */
function isFree(globals: Globals, name: syntax.Name): boolean {
  const { text, span } = name
  if (text === 'current' || text === 'tasks') {
    globals.report(
      reservedName(span, text, 'it stands for the running process, or for all of them'),
    )
    return false
  }
  if (Object.hasOwn(predefined, text)) {
    globals.report(predefinedName(span, text, predefined[text] ?? 0))
    return false
  }
  if (Object.hasOwn(builtins, text)) {
    globals.report(reservedName(span, text, 'it is a built-in function'))
    return false
  }
  const before = globals.values.get(text)
  if (before) {
    globals.report(duplicateName(span, text, before.span))
    return false
  }
  return true
}

function isFreeType(globals: Globals, name: syntax.Name): boolean {
  const before = globals.types.get(name.text)
  if (before) globals.report(duplicateName(name.span, name.text, before.span))
  return !before
}

function declareConstant(collector: Collector, source: ConstantSource): void {
  const { globals } = collector
  const name: syntax.Name = { text: source.name, span: source.span }
  if (!isFree(globals, name)) return
  const resolve = collector.constants.declare(source)
  globals.values.set(source.name, { kind: 'constant', span: source.span, resolve })
  collector.constantSources.set(source.name, source)
}

function declareChoice(collector: Collector, file: LoadedFile, entry: syntax.DesignEntry): void {
  if (!entry.type) return // a promotion: see settings.ts
  declareConstant(collector, {
    name: entry.name.text,
    home: file.path,
    span: entry.name.span,
    role: 'design',
    type: entry.type,
    value: entry.initial,
    setAt: null,
    settable: true,
  })
}

function declareEnum(
  collector: Collector,
  name: syntax.Name,
  values: readonly syntax.Name[],
): void {
  const { globals } = collector
  reportDuplicates(globals, values)
  if (!isFreeType(globals, name)) return
  const enumeration: Enumeration = {
    kind: 'enumeration',
    name: name.text,
    values: values.map((value) => value.text),
  }
  const type: Type = { kind: 'enum', enumeration }
  globals.enumerations.set(enumeration, name.span)
  globals.types.set(name.text, { what: 'enum', span: name.span, resolve: () => type })
}

function declareStruct(
  collector: Collector,
  name: syntax.Name,
  members: readonly syntax.Member[],
): void {
  const { globals, structs, structsByName } = collector
  if (name.text === 'task') {
    // members add up over files
    structsByName.get('task')?.members.push(...members)
    globals.used.add(globals.tasks)
    return
  }
  if (!isFreeType(globals, name)) return
  const struct: Draft<Struct> = {
    kind: 'struct',
    name: name.text,
    span: name.span,
    members: [],
    pools: [],
  }
  const declared: DeclaredStruct = { struct, members: [...members] }
  const type: Type = { kind: 'struct', struct }
  structs.push(declared)
  structsByName.set(name.text, declared)
  globals.types.set(name.text, { what: 'struct', span: name.span, resolve: () => type })
}

function declareTypedef(collector: Collector, name: syntax.Name, written: syntax.TypeSyntax): void {
  const { globals } = collector
  if (!isFreeType(globals, name)) return
  let type: Type | null = null
  let busy = false
  const resolve = (): Type => {
    if (type) return type
    if (busy) {
      globals.report(typeCycle(name.span, name.text))
      type = poison
      return type
    }
    busy = true
    const made = resolveType(globals, written)
    // a circle found on the way has decided already
    type ??= made
    return type
  }
  globals.types.set(name.text, { what: 'typedef', span: name.span, resolve })
}

function declarePool(
  collector: Collector,
  declaration: syntax.Declaration & { readonly kind: 'pool' },
): void {
  const { globals, structsByName } = collector
  const { element, name } = declaration
  const free = isFree(globals, name)
  const declared = structsByName.get(element.text)
  const unsuited = element.text === 'task' || !declared
  if (element.text === 'task') {
    const why = '`tasks` holds one object for each process, and no others exist'
    globals.report(reservedName(element.span, 'task', why))
  } else if (!declared) {
    const near = nearest(element.text, structsByName.keys())
    globals.report(unknownType(element.span, element.text, near))
  }
  if (!free) return
  if (unsuited) {
    globals.values.set(name.text, { kind: 'unknown', span: name.span })
    return
  }
  const pool: Draft<Pool> = {
    kind: 'pool',
    name: name.text,
    span: name.span,
    struct: declared.struct,
    size: null,
    safety: declaration.safety,
  }
  declared.struct.pools = [...declared.struct.pools, pool]
  collector.pools.push({ pool, size: declaration.size })
  globals.values.set(name.text, { kind: 'pool', span: name.span, pool })
}

function declareVariable(
  collector: Collector,
  type: syntax.TypeSyntax,
  declarator: syntax.Declarator,
): void {
  const { globals } = collector
  const { name } = declarator
  if (!isFree(globals, name)) return
  const variable: Draft<Variable> = {
    kind: 'variable',
    name: name.text,
    span: name.span,
    type: poison,
    initial: null,
  }
  collector.variables.push({ variable, type, declarator })
  globals.values.set(name.text, { kind: 'variable', span: name.span, variable })
}

function declareOp(collector: Collector, declaration: syntax.OpDeclaration): void {
  const { globals } = collector
  const { name, weak } = declaration
  const op: Draft<Op> = {
    kind: 'op',
    name: name.text,
    span: name.span,
    atomic: declaration.atomic,
    parameters: [],
    result: voidType,
    annotation: declaration.annotation,
    body: [],
  }
  const entry = { kind: 'op', span: name.span, op, weak } as const
  collector.ops.push({ op, declaration })
  const before = globals.values.get(name.text)
  if (before?.kind !== 'op') {
    if (isFree(globals, name)) globals.values.set(name.text, entry)
    return
  }
  if (before.weak === weak) {
    globals.report(duplicateOp(name.span, name.text, before.span))
  } else if (weak) {
    collector.overridden.set(op, before.op)
  } else {
    collector.overridden.set(before.op, op)
    globals.values.set(name.text, entry)
  }
}
