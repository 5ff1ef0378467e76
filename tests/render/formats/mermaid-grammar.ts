/**
 * The part of Mermaid's sequence diagrams that ours are written in, as stated in its documentation and in its grammar
 * (mermaid, sequenceDiagram.jison): a statement a line, texts to the end of the line without `;`, and `#` only in
 * entities. It is stricter than Mermaid, never laxer.
 */
export interface Diagram {
  readonly title: string
  readonly participants: ReadonlyMap<string, string>
  readonly messages: readonly Message[]
  readonly notes: readonly string[]
  /** Bars begun, by participant. */
  readonly bars: ReadonlyMap<string, number>
  readonly blocks: readonly string[]
}

export interface Message {
  readonly from: string
  readonly to: string
  readonly text: string
}

/** Reads a diagram; throws with the line that is none. */
export function readMermaid(text: string): Diagram {
  const [first, ...lines] = text.trimEnd().split('\n')
  if (first !== 'sequenceDiagram') throw new Error(`this is no sequence diagram: ${first}`)
  const reader = new Reader()
  for (const line of lines) reader.read(line)
  return reader.end()
}

class Reader {
  title = ''
  readonly participants = new Map<string, string>()
  readonly messages: Message[] = []
  readonly notes: string[] = []
  readonly bars = new Map<string, number>()
  readonly blocks: string[] = []
  readonly #active: string[] = []
  #open = 0

  read(line: string): void {
    const fail = (why: string) => new Error(`${why}: ${line}`)
    const [, title] = /^title (.+)$/.exec(line) ?? []
    if (title !== undefined) {
      this.title = plain(title)
      return
    }
    const [, id, name] = /^participant (\w+) as (.+)$/.exec(line) ?? []
    if (id !== undefined && name !== undefined) {
      if (this.participants.has(id)) throw fail('declared twice')
      if (this.messages.length > 0) throw fail('declared too late')
      this.participants.set(id, plain(name))
      return
    }
    const [, from, to, said] = /^(\w+)(?:->>|--x)(\w+): (.+)$/.exec(line) ?? []
    if (from !== undefined && to !== undefined && said !== undefined) {
      for (const each of [from, to]) if (!this.participants.has(each)) throw fail('undeclared')
      this.messages.push({ from, to, text: plain(said) })
      return
    }
    const [, where, note] = /^Note (?:right of|over) (\w+(?:,\w+)?): (.+)$/.exec(line) ?? []
    if (where !== undefined && note !== undefined) {
      for (const each of where.split(',')) {
        if (!this.participants.has(each)) throw fail('undeclared')
      }
      this.notes.push(note.split('<br/>').map(plain).join('\n'))
      return
    }
    const [, word, who] = /^(activate|deactivate) (\w+)$/.exec(line) ?? []
    if (who !== undefined) {
      if (!this.participants.has(who)) throw fail('undeclared')
      if (word === 'activate') {
        this.#active.push(who)
        this.bars.set(who, (this.bars.get(who) ?? 0) + 1)
        return
      }
      const at = this.#active.lastIndexOf(who)
      if (at < 0) throw fail('not active')
      this.#active.splice(at, 1)
      return
    }
    if (/^(?:rect rgb\(\d+, \d+, \d+\)|loop [\w ]+)$/.test(line)) {
      this.blocks.push(line)
      this.#open += 1
      return
    }
    if (line === 'end' && this.#open > 0) {
      this.#open -= 1
      return
    }
    throw fail('no statement')
  }

  end(): Diagram {
    if (this.#open > 0) throw new Error('a block is not closed')
    if (this.#active.length > 0) throw new Error(`a bar of ${this.#active[0]} is not closed`)
    return this
  }
}

/** A text with its entities replaced; nothing of Mermaid's own syntax may be left in it. */
function plain(text: string): string {
  const bare = text.replace(/#\d+;/g, '')
  if (/[;#<>%]/.test(bare)) throw new Error(`not escaped: ${text}`)
  return text.replace(/#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)))
}
