import { lookUp, processName } from '../../trace/changes.js'
import type { StatePath, Trace } from '../../trace/trace.js'
import { headline } from '../headline.js'
import { WIDTH, wrap } from '../wrap.js'

/** Why a page is dumped, where it is freed and where it leaves the page cache. */
const REASONS: Readonly<Record<string, { readonly freed: string; readonly removed: string }>> = {
  'mapped-at-free': { freed: 'nonzero mapcount', removed: 'still mapped when deleted' },
  'pinned-at-free': { freed: 'nonzero _refcount', removed: 'nonzero _refcount' },
}

/**
 * A page that is freed, or taken out of the page cache, while somebody uses it: mm/page_alloc.c:bad_page and
 * mm/filemap.c:filemap_unaccount_folio, with the page as mm/debug.c:__dump_page shows it. Null for an object without these
 * counts.
 */
export function badPageReport(trace: Trace): string[] | null {
  const reason = REASONS[trace.kind]
  const { site, process } = trace.trap
  const page = pageOf(trace)
  if (reason === undefined || site === null || process === null || page === null) return null
  const kernel = site.annotation ?? site.call.annotation ?? ''
  const isRemoval = kernel.startsWith('mm/filemap.c')
  const index = Number(page.at(2))
  const pfn = index.toString(16).padStart(5, '0')
  const what = isRemoval ? 'Bad page cache in' : 'Bad page state in'
  return [
    ...wrap(headline(trace), WIDTH),
    `BUG: ${what} process ${processName(trace.system, process)}  pfn:${pfn}`,
    ...wrap(dumpText(trace, page, pfn), WIDTH),
    `page dumped because: ${isRemoval ? reason.removed : reason.freed}`,
  ]
}

/** The path of the page the failing step has looked at. */
function pageOf({ system, operands, end }: Trace): StatePath | null {
  const found = operands.find(({ path: [area, pool, index] }) => {
    const object = ['pools', pool ?? '', index ?? 0, 'value', '_mapcount']
    return area === 'pools' && lookUp(system, end, object) !== null
  })
  return found?.path.slice(0, 3) ?? null
}

/** `page: refcount:3 mapcount:1 index:0x1 pfn:0x0`: the stored mapcount begins at -1, and below that is a page type. */
function dumpText({ system, end }: Trace, page: StatePath, pfn: string): string {
  const field = (name: string): number | null => {
    const found = lookUp(system, end, [...page, 'value', name])
    return found === null || !/^-?\d+$/.test(found.value) ? null : Number(found.value)
  }
  const [refcount, word, index] = ['_refcount', '_mapcount', 'index'].map(field)
  const said = [
    refcount == null ? '' : `refcount:${refcount}`,
    word == null ? '' : `mapcount:${Math.max(0, word + 1)}`,
    index == null ? '' : `index:0x${index.toString(16)}`,
    `pfn:0x${Number.parseInt(pfn, 16).toString(16)}`,
    word != null && word < -1 ? `type word:${word}` : '',
  ]
  return `page: ${said.filter((text) => text !== '').join(' ')}`
}
