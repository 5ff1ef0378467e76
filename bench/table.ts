import type { Result } from './results.js'

/** The results of one suite as a table; those with the same values stand under one head. */
export function renderTable(results: readonly Result[]): string {
  const groups = new Map<string, Result[]>()
  for (const result of results) {
    const head = Object.keys(result.values).join(' ')
    groups.set(head, [...(groups.get(head) ?? []), result])
  }
  return [...groups.values()].map(renderGroup).join('\n')
}

function renderGroup(results: readonly Result[]): string {
  const names = Object.keys(results[0]?.values ?? {})
  const rows = [
    ['case', 'of', ...names],
    ...results.map((result) => [
      result.case,
      result.of,
      ...names.map((name) => text(result.values[name] ?? null)),
    ]),
  ]
  const widths = names.concat('', '').map((_, column) => {
    return Math.max(...rows.map((row) => row[column]?.length ?? 0))
  })
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) => {
        const width = widths[column] ?? 0
        return column < 2 ? cell.padEnd(width) : cell.padStart(width)
      })
      .join('  ')
      .trimEnd()
  return rows.map((row) => `${line(row)}\n`).join('')
}

/** Counts are printed whole, whatever their size. */
const text = (value: number | null): string =>
  value === null ? '-' : value.toLocaleString('en-US', { maximumFractionDigits: 5 })
