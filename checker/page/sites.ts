import type { Site as ModelSite, Span, TransitionSystem } from '../../spec/index.js'
import { sourceText } from '../trace/place.js'
import type { Site, Source } from './document.js'

/** The sites and the sources a run mentions, each once. */
export class SiteTable {
  readonly sites: Site[] = []
  readonly sources: Source[] = []
  readonly #system: TransitionSystem
  readonly #known = new Map<string, number>()

  constructor(system: TransitionSystem) {
    this.#system = system
  }

  /** The number of a site. */
  indexOf(site: ModelSite): number {
    return this.#index(site.span, site.call.op, site.annotation ?? site.call.annotation)
  }

  /** The number of a stretch of text that nobody need have executed. */
  indexOfSpan(span: Span): number {
    return this.#index(span, null, null)
  }

  #index(span: Span, op: string | null, annotation: string | null): number {
    const key = JSON.stringify([span.file, span.from, span.to, op, annotation])
    const known = this.#known.get(key)
    if (known !== undefined) return known
    const source = this.#system.sources.get(span.file)
    const index = this.sites.length
    this.sites.push({
      source: this.sourceIndex(span.file),
      line: source?.position(span.from).line ?? 1,
      lineEnd: source?.position(span.to).line ?? 1,
      op,
      function: annotation,
      text: sourceText(this.#system, span).replace(/;$/, ''),
    })
    this.#known.set(key, index)
    return index
  }

  /** The number of a file. */
  sourceIndex(path: string): number {
    const known = this.sources.findIndex((source) => source.path === path)
    if (known >= 0) return known
    return this.sources.push({ path, text: this.#system.sources.get(path)?.text ?? '' }) - 1
  }
}
