import { Option } from 'commander'
import { type PageDocument, pageHtml } from '../index.js'
import { UsageError } from './exit.js'
import { isFolder, packageViewer, STDIN } from './files.js'

/** `--html`, where a counterexample is shown. */
export const htmlOption = (): Option =>
  new Option('--html <FILE>', 'also write a page that shows the run step by step in a browser')

/** Refuses before the search what could not be written after it. */
export function checkHtml(path: string | undefined): void {
  if (path === undefined) return
  if (path === STDIN || path === '') throw new UsageError('--html wants the name of a file')
  if (isFolder(path)) {
    throw new UsageError(`cannot write ${path}: it is a directory`, `try --html ${path}/run.html`)
  }
}

/** The file that `--html` asks for. `text` is for readers who run no scripts. */
export const htmlFile = (
  path: string,
  page: PageDocument,
  text: string,
): { readonly path: string; readonly text: string } => ({
  path,
  text: pageHtml(packageViewer(), page, text),
})
