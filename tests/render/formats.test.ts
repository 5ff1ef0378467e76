import { dot } from './formats/dot.js'
import { itf } from './formats/itf.js'
import { mermaid } from './formats/mermaid.js'
import { perfetto } from './formats/perfetto.js'
import { row } from './formats/row.js'
import { sarif } from './formats/sarif.js'

/** Each format is read back by a reader of its own, or held against a schema. All of one process: they share the runs. */
for (const suite of [dot, itf, mermaid, perfetto, row, sarif]) suite.run()
