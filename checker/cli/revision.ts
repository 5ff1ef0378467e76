import { execFileSync } from 'node:child_process'
import { posix } from 'node:path'
import type { ReadResult } from '../../spec/index.js'
import { type Reader, type ReadModel, readModel } from '../index.js'
import { UsageError } from './exit.js'
import { exists, fileReader, isFolder } from './files.js'
import { declaringModels } from './models.js'

/** Models as they are on the disk, or as they were in a revision of git: `REV:path`. */
export interface Models {
  readonly isFolder: boolean
  /** By the path below the folder; a single file by its own name. */
  readonly models: ReadonlyMap<string, RevisionModel>
}

export interface RevisionModel {
  /** As it is shown: `v2:models/x.gmem`. */
  readonly file: string
  readonly read: ReadModel
}

export function modelsAt(side: string): Models {
  const [, revision = '', path = ''] = /^([^:]+):(.+)$/.exec(side) ?? []
  return revision === '' || exists(side) ? modelsOnDisk(side) : modelsInGit(revision, path)
}

function modelsOnDisk(path: string): Models {
  const folder = isFolder(path)
  const found = declaringModels([path]).map((file) => {
    const name = folder ? posix.relative(path, file) : posix.basename(file)
    return [name, { file, read: readModel(file, fileReader(file)) }] as const
  })
  return { isFolder: folder, models: new Map(found) }
}

function modelsInGit(revision: string, given: string): Models {
  const path = posix.normalize(given).replace(/\/$/, '')
  const kind = git(['cat-file', '-t', `${revision}:${path}`])?.trim()
  if (kind !== 'blob' && kind !== 'tree') {
    throw new UsageError(
      `cannot read ${revision}:${given}: git knows no such file or folder`,
      'REV:path is as git has it, from the top of the repository',
    )
  }
  const isTree = kind === 'tree'
  const files = isTree
    ? (git(['ls-tree', '-r', '--name-only', '--full-tree', revision, `${path}/`]) ?? '')
        .split('\n')
        .filter((file) => file.endsWith('.gmem'))
    : [path]
  const found = files.flatMap((file) => {
    const read = readModel(`${revision}:${file}`, gitReader(revision, file))
    const isLibrary = read.diagnostics.some((each) => each.code === 'model-missing')
    if (isTree && isLibrary) return []
    const name = isTree ? posix.relative(path, file) : posix.basename(file)
    return [[name, { file: `${revision}:${file}`, read }] as const]
  })
  if (found.length === 0) throw new UsageError(`there is no model in ${revision}:${given}`)
  return { isFolder: isTree, models: new Map(found) }
}

/** Used files of a revision are those of that revision; what it does not have is looked for on the disk. */
function gitReader(revision: string, model: string): Reader {
  const onDisk = fileReader(model)
  return (path, from) => {
    const roots = from === null ? [null] : [posix.dirname(model), 'models']
    for (const root of roots) {
      const file = root === null ? model : posix.normalize(posix.join(root, path))
      const text = git(['show', `${revision}:${file}`])
      if (text !== null) return { kind: 'text', path: `${revision}:${file}`, text }
    }
    const missing: ReadResult = { kind: 'missing', tried: [`${revision}:${model}`] }
    return from === null ? missing : onDisk(path, from)
  }
}

/** What git prints, or null when it refuses. */
function git(args: readonly string[]): string | null {
  try {
    return execFileSync('git', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
  } catch (problem) {
    if ((problem as NodeJS.ErrnoException).code === 'ENOENT') {
      throw new UsageError('REV:path needs git, which is not installed')
    }
    return null
  }
}
