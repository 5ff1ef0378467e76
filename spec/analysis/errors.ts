import { type Diagnostic, error } from '../diagnostics/diagnostic.js'
import type { Span } from '../source/span.js'
import type { Enumeration } from './model.js'

/** Diagnostics about files and names: one function each, so that every message has one home. */

const didYouMean = (near: string | undefined): string | undefined =>
  near === undefined ? undefined : `did you mean \`${near}\`?`

const list = (names: readonly string[]): string => names.map((name) => `\`${name}\``).join(', ')

// ---- files

export const fileMissing = (at: Span, path: string, tried: readonly string[]): Diagnostic =>
  error('file-missing', at, `there is no file \`${path}\``, {
    // A path of the command line is looked at as it is.
    notes: tried.some((each) => each !== path)
      ? [`looked at ${list(tried)}`, "paths are relative to the model's folder, then to `models/`"]
      : [],
    help: 'check the path; it is written with its suffix `.gmem`',
  })

export const fileUnreadable = (
  at: Span,
  path: string,
  what: 'directory' | 'unreadable',
  reason: string,
): Diagnostic =>
  error(
    'file-unreadable',
    at,
    what === 'directory' ? `\`${path}\` is a directory` : `\`${path}\` cannot be read`,
    {
      notes: reason === '' || what === 'directory' ? [] : [reason],
      help: what === 'directory' ? 'name a `.gmem` file inside it' : 'check its permissions',
    },
  )

export const useCycle = (at: Span, chain: readonly string[]): Diagnostic =>
  error('use-cycle', at, 'these files use each other in a circle', {
    caption: 'this `use` closes the circle',
    notes: [`${chain.map((path) => `\`${path}\``).join(' uses ')}`],
    help: 'move what both need into a file of its own',
  })

export const modelMissing = (at: Span, path: string): Diagnostic =>
  error('model-missing', at, `\`${path}\` has no \`model\` declaration`, {
    notes: ['a file to check begins with the name of its model; a library has none'],
    help: 'add `model NAME;` before the other declarations',
  })

export const modelTwice = (at: Span, first: Span): Diagnostic =>
  error('model-twice', at, 'a file has one `model` declaration', {
    labels: [{ span: first, text: 'the first one' }],
    help: 'remove this one',
  })

export const modelInLibrary = (at: Span, path: string): Diagnostic =>
  error('model-in-library', at, `\`${path}\` is used as a library, but it is a model`, {
    notes: ['a library file has no `model` declaration: one run checks one model'],
    help: 'move what is shared into a file without `model`, and use that',
  })

export const unknownProcess = (at: Span, name: string, near: string | undefined): Diagnostic =>
  error('unknown-process', at, `no thread or daemon \`${name}\` whose CPU a handler could run on`, {
    notes: ['a handler interrupts one thread or daemon: no family and no other handler'],
    help: near ? `did you mean \`${near}\`?` : 'name a thread or a daemon of this model',
  })

export const notACallback = (at: Span, name: string, wanted: string): Diagnostic =>
  error('not-a-callback', at, `\`${name}\` cannot be the callback here`, {
    notes: [
      'a callback is an op that returns nothing and takes one pointer, to the object its head is in',
    ],
    help: `declare \`op ${name}(${wanted} *object) { … }\``,
  })

// ---- names

export const duplicateName = (at: Span, name: string, first: Span): Diagnostic =>
  error('duplicate-name', at, `\`${name}\` is declared twice`, {
    caption: 'again here',
    labels: [{ span: first, text: 'first declared here' }],
    notes: ['names are flat: all files of a model share them'],
    help: 'rename one of the two',
  })

export const predefinedName = (at: Span, name: string, value: number): Diagnostic =>
  error('duplicate-name', at, `\`${name}\` is already declared`, {
    notes: [`errno and GFP values are predefined: \`${name}\` is ${value}`],
    help: 'remove this declaration, or use another name',
  })

export const reservedName = (at: Span, name: string, why: string): Diagnostic =>
  error('reserved-name', at, `\`${name}\` cannot be declared`, {
    notes: [why],
    help: 'use another name',
  })

export const duplicateOp = (at: Span, name: string, first: Span): Diagnostic =>
  error('duplicate-name', at, `op \`${name}\` is defined twice`, {
    labels: [{ span: first, text: 'first defined here' }],
    notes: ['an op may be redefined only when its first definition is `weak`'],
    help: 'rename it, or write `weak op` in the library',
  })

export const weakSignature = (at: Span, name: string, weak: Span, wanted: string): Diagnostic =>
  error(
    'weak-signature',
    at,
    `\`${name}\` does not have the signature of the weak op it redefines`,
    {
      labels: [{ span: weak, text: `declared here as \`${wanted}\`` }],
      notes: ['every caller was checked against the weak declaration'],
      help: `write \`${wanted}\``,
    },
  )

export function unknownName(
  at: Span,
  name: string,
  near: string | undefined,
  owners: readonly Enumeration[],
): Diagnostic {
  const owner = owners[0]
  if (owner) {
    return error('enumerator-alone', at, `nothing here says which choice \`${name}\` belongs to`, {
      notes: [
        `\`${name}\` is a value of ${list(owners.map((each) => each.name))}`,
        'a value of a choice is found by what it is compared with, assigned to or passed as',
      ],
      help: `compare: \`${owner.name} == ${name}\``,
    })
  }
  return error('unknown-name', at, `\`${name}\` is not declared`, {
    notes: near
      ? []
      : ['no variable, pool, param, design choice or local of this name is in scope'],
    help: didYouMean(near),
  })
}

export const nobodyRuns = (at: Span, where: string): Diagnostic =>
  error('no-current', at, `there is no \`current\` in ${where}`, {
    notes: ['no process runs there: the whole state is set up or looked at'],
    help: 'go through all processes: `for (t in tasks) …`',
  })

export const opAsValue = (at: Span, name: string): Diagnostic =>
  error('unknown-name', at, `\`${name}\` is an op, not a value`, {
    help: `call it: \`${name}(…)\``,
    notes: ['there are no pointers to ops'],
  })

export const unknownFunction = (at: Span, name: string, near: string | undefined): Diagnostic =>
  error('unknown-function', at, `there is no op or built-in function \`${name}\``, {
    notes: near ? [] : ['an op must be declared in this file or in one it uses'],
    help: didYouMean(near),
  })

export const unknownType = (at: Span, name: string, near: string | undefined): Diagnostic =>
  error('unknown-type', at, `there is no type \`${name}\``, {
    notes: near ? [] : ['a type is built in, or declared by `struct`, `enum` or `typedef`'],
    help: didYouMean(near),
  })

export const unknownMember = (
  at: Span,
  name: string,
  struct: string,
  declared: Span | null,
  members: readonly string[],
  near: string | undefined,
): Diagnostic =>
  error('unknown-member', at, `struct \`${struct}\` has no member \`${name}\``, {
    labels: declared ? [{ span: declared, text: 'declared here' }] : [],
    notes: [members.length > 0 ? `it has ${list(members)}` : 'it has no members'],
    help: didYouMean(near),
  })

export const unknownEnumerator = (
  at: Span,
  name: string,
  owner: Enumeration,
  declared: Span | undefined,
  near: string | undefined,
): Diagnostic =>
  error('unknown-enumerator', at, `\`${name}\` is not a value of \`${owner.name}\``, {
    labels: declared ? [{ span: declared, text: 'declared here' }] : [],
    notes: [`its values are ${list(owner.values)}`],
    help: didYouMean(near),
  })

export const ambiguousName = (
  at: Span,
  name: string,
  owner: Enumeration,
  other: Span,
): Diagnostic =>
  error('ambiguous-name', at, `\`${name}\` may be a value of \`${owner.name}\` or a variable`, {
    labels: [{ span: other, text: 'the variable' }],
    notes: [`both are of type \`${owner.name}\``],
    help: 'rename the variable',
  })

export const unknownBit = (
  at: Span,
  name: string,
  bits: readonly string[],
  near: string | undefined,
): Diagnostic =>
  error('unknown-bit', at, `\`${name}\` is not a bit of this word`, {
    notes: [`its bits are ${list(bits)}`],
    help: didYouMean(near),
  })

export const unknownKind = (at: Span, name: string, near: string | undefined): Diagnostic =>
  error('unknown-kind', at, `there is no violation kind \`${name}\``, {
    notes: near ? [] : ['kinds belong to the semantics, or are declared by `violation`'],
    help: didYouMean(near) ?? `declare it: \`violation ${name} "headline";\``,
  })

export const unknownPool = (at: Span, name: string, near: string | undefined): Diagnostic =>
  error('unknown-pool', at, `there is no pool \`${name}\``, {
    notes: ['`for (x in …)` goes over the live objects of a pool, over `tasks`, or over a range'],
    help: didYouMean(near) ?? `declare it: \`pool STRUCT ${name}[SIZE];\``,
  })

export const unknownSetting = (
  at: Span,
  name: string,
  path: string,
  params: readonly string[],
  near: string | undefined,
): Diagnostic =>
  error('unknown-setting', at, `\`${path}\` has no param \`${name}\``, {
    notes: [
      params.length > 0
        ? `the params of it and of what it uses are ${list(params)}`
        : 'neither it nor what it uses has params',
    ],
    help: didYouMean(near),
  })

export const settingConflict = (at: Span, name: string, first: Span): Diagnostic =>
  error('setting-conflict', at, `\`${name}\` is set twice, to different values`, {
    labels: [{ span: first, text: 'set here before' }],
    notes: ['a file is used once, so its params have one value for everybody'],
    help: 'set it in one place, or to the same expression in both',
  })

export const unknownPromotion = (at: Span, name: string, near: string | undefined): Diagnostic =>
  error('unknown-promotion', at, `no library has a param \`${name}\` to make a choice of`, {
    notes: ['a design entry without a type turns a library param of that name into a choice'],
    help: didYouMean(near) ?? `give it a type: \`${name} : bool = true;\``,
  })
