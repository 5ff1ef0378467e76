/** The part of the WebAssembly interface that the engine uses; Node's own types have it not. */
declare namespace WebAssembly {
  class Module {
    constructor(bytes: Uint8Array<ArrayBuffer>)
  }
  class Memory {
    constructor(limits: { initial: number; maximum?: number; shared?: boolean })
    readonly buffer: ArrayBuffer
  }
  class Global {
    constructor(type: { value: 'i32'; mutable: boolean }, value: number)
  }
  class Instance {
    constructor(module: Module, imports: { [room: string]: { [name: string]: Memory | Global } })
    readonly exports: { readonly [name: string]: unknown }
  }
}
