import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Command } from 'commander'
import { hasErrors, SourceText } from '../../../spec/index.js'
import { annotationsOf, drifted, driftText, type KernelTree } from '../../index.js'
import { EXIT, type ExitCode, UsageError } from '../exit.js'
import { exists, isFolder, modelFiles, readText } from '../files.js'
import { createTerminal, wantsColor } from '../terminal.js'
import { showDiagnostics } from '../voice.js'

interface DriftFlags {
  readonly tree: string
  readonly json?: boolean
  readonly color: boolean
}

/** `drift`: whether the kernel still has what the models say they stand for. */
export function driftCommand(command: Command, finish: (code: ExitCode) => void): Command {
  return command
    .description('look for the kernel functions that models and libraries name in a kernel tree')
    .argument('[path...]', 'models, libraries, and folders of them', ['models'])
    .requiredOption('--tree <DIR>', 'the top of a kernel tree')
    .option('--json', 'one JSON document on stdout, nothing else')
    .option('--no-color', 'no colours, also not on a terminal')
    .action((paths: string[], flags: DriftFlags) => finish(drift(paths, flags)))
}

function drift(paths: readonly string[], { tree, json, color }: DriftFlags): ExitCode {
  if (!isFolder(tree)) throw new UsageError(`there is no folder ${tree}`, '--tree is a kernel tree')
  const terminal = createTerminal(wantsColor(color))
  const sources = new Map(
    modelFiles(paths).map((file) => [file, new SourceText(file, readText(file))]),
  )
  const read = [...sources.values()].map(annotationsOf)
  const diagnostics = read.flatMap((each) => each.diagnostics)
  showDiagnostics(terminal, diagnostics, sources, true)
  if (hasErrors(diagnostics)) return EXIT.wrong
  const annotations = read.flatMap((each) => each.annotations)
  if (annotations.length === 0) {
    throw new UsageError('the models name no kernel function', 'an op does: op f() @ "file:name"')
  }
  if (annotations.every(({ file }) => !exists(join(tree, file)))) {
    throw new UsageError(
      `no file that the models name is in ${tree}`,
      `--tree is the top of a kernel tree: ${annotations[0]?.file} is looked for in it`,
    )
  }
  const problems = drifted(annotations, treeAt(tree)).map((problem) => {
    const { at, file, name } = problem.annotation
    const { line, column } = sources.get(at.file)?.position(at.from) ?? { line: 0, column: 0 }
    return { ...problem, place: { file: at.file, line, column }, wanted: { file, name } }
  })
  const count = annotations.length
  if (json) {
    const shown = problems.map(({ place, wanted, problem, near }) => ({
      place,
      wanted,
      problem,
      near,
    }))
    const document = { format: 'gmemcheck-drift/1', tree, annotations: count, drifted: shown }
    terminal.out(`${JSON.stringify(document, null, 2)}\n`)
  } else {
    for (const problem of problems) {
      const { file, line, column } = problem.place
      terminal.out(`${file}:${line}:${column}: ${driftText(problem)}\n`)
    }
    terminal.out(`${count - problems.length} of ${count} annotations are found in ${tree}\n`)
  }
  return problems.length > 0 ? EXIT.violated : EXIT.ok
}

const treeAt = (top: string): KernelTree => ({
  read: (path) => (exists(join(top, path)) ? readText(join(top, path)) : null),
  list: (folder) => {
    const path = join(top, folder)
    return isFolder(path) ? readdirSync(path).map((name) => join(folder, name)) : []
  },
})
