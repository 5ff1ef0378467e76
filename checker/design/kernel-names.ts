/**
 * What a C file of the kernel defines, as far as its text tells without a preprocessor: functions in the kernel's
 * layout (their first line is not indented), macros, system calls, exported symbols, and functions that a macro makes
 * by pasting, as those of include/linux/page-flags.h. Both branches of an `#if` count.
 */
export interface KernelNames {
  /** For suggestions. */
  readonly names: ReadonlySet<string>
  readonly defines: (name: string) => boolean
}

export function kernelNames(text: string): KernelNames {
  const code = withoutComments(text)
  const names = new Set<string>([
    ...functions(code),
    ...found(code, /^[ \t]*#[ \t]*define[ \t]+(\w+)/gm),
    ...found(code, /^[ \t]*EXPORT_\w*SYMBOL\w*\(\s*(\w+)/gm),
  ])
  for (const call of found(code, /^(?:COMPAT_)?SYSCALL_DEFINE\d\(\s*(\w+)/gm)) {
    names.add(call).add(`sys_${call}`).add(`__do_sys_${call}`)
  }
  const pasted = pastes(code)
  const isPasted = (name: string): boolean => pasted.some((test) => test(name))
  return { names, defines: (name) => names.has(name) || isPasted(name) }
}

/** Comments and strings become blanks; line breaks stay. */
const withoutComments = (text: string): string =>
  text.replace(/\/\*[\s\S]*?\*\/|\/\/[^\n]*|"(?:[^"\\\n]|\\.)*"/g, (gone) =>
    gone.replace(/[^\n]/g, ' '),
  )

const found = (code: string, pattern: RegExp): string[] =>
  [...code.matchAll(pattern)].map(([, name = '']) => name)

/** `name(…)` on a line that is not indented, with a body behind it and perhaps attributes between. */
function* functions(code: string): Generator<string> {
  for (const line of code.matchAll(/^(?![\s#}])[^\n]*\(/gm)) {
    for (const call of line[0].matchAll(/(\w+)[ \t]*\(/g)) {
      const open = line.index + call.index + call[0].length - 1
      const close = closing(code, open)
      if (close < 0) continue
      const behind = /^(?:\s|\b\w+\b(?:\([^()]*\))?)*/.exec(code.slice(close + 1, close + 400))
      if (code[close + 1 + (behind?.[0].length ?? 0)] === '{') yield call[1] ?? ''
    }
  }
}

function closing(code: string, open: number): number {
  let depth = 0
  for (let at = open; at < code.length; at++) {
    if (code[at] === '(') depth++
    else if (code[at] === ')' && --depth === 0) return at
    else if (code[at] === '{' || code[at] === ';') return -1
  }
  return -1
}

/** `folio_set_##name` in a macro, and the rest of the name among the arguments of a macro of the file. */
function pastes(code: string): ((name: string) => boolean)[] {
  const macros = code.matchAll(/^[ \t]*#[ \t]*define[ \t]+\w+\((?:[^\\\n]|\\\n|\\.)*/gm)
  const prefixes = [...macros].flatMap(([body]) => found(body, /\b(\w+)\s*##/g))
  return [...new Set(prefixes)].map((prefix) => (name) => {
    const rest = name.startsWith(prefix) ? name.slice(prefix.length) : ''
    return /^\w+$/.test(rest) && new RegExp(`^\\w+\\([^)]*\\b${rest}\\b`, 'm').test(code)
  })
}
