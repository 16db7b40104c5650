// Walks bytes that claim to be a value of an Avro schema, before anything is built of them: the library reads on behind their end, and
// believes any number of items. Reads nothing out of them.
import { isUtf8 } from 'node:buffer'
import type { Shape } from '../../compile/avro/shape.ts'
import { invalid } from '../invalid.ts'
import { MAX_DEPTH } from '../parse-value.ts'

/** Throws SLU5007 or SLU5016 unless the bytes are exactly one value. No list of the shape holds what takes no byte. */
export function assertValue(shape: Shape, bytes: Uint8Array): void {
  const walk = new Walk(bytes)
  walk.value(shape, 0)
  walk.end()
}

const broken = (why: string) => invalid('SLU5016', why)

/** Parts that a value may have: a schema may hold any number of fields that take no byte, in each item of a list. */
const PARTS = { always: 10_000, aByte: 64 }

class Walk {
  private readonly bytes: Uint8Array
  private at = 0
  private left: number

  constructor(bytes: Uint8Array) {
    this.bytes = bytes
    this.left = PARTS.always + PARTS.aByte * bytes.length
  }

  end(): void {
    const rest = this.bytes.length - this.at
    if (rest > 0) throw broken(`${rest} bytes stand behind the value`)
  }

  value(shape: Shape, depth: number): void {
    if (depth > MAX_DEPTH)
      throw invalid('SLU5007', `the value is nested deeper than ${MAX_DEPTH} levels`)
    if (--this.left < 0) throw broken('it has far more parts than bytes')
    switch (shape.kind) {
      case 'null':
        return
      case 'boolean':
        if ((this.take(1)[0] as number) > 1) throw broken('a boolean is neither 0 nor 1')
        return
      case 'int':
        this.int()
        return
      case 'long':
        this.long()
        return
      case 'float':
        this.take(4)
        return
      case 'double':
        this.take(8)
        return
      case 'fixed':
        this.take(shape.size)
        return
      case 'bytes':
        this.take(this.length())
        return
      case 'string':
        this.text()
        return
      case 'enum':
        this.choice(shape.symbols, 'symbol')
        return
      case 'union':
        this.value(this.choice(shape.branches, 'branch'), depth)
        return
      case 'record':
        for (const field of shape.fields) this.value(field.shape, depth + 1)
        return
      case 'array':
        this.blocks(() => this.value(shape.items, depth + 1))
        return
      case 'map':
        this.blocks(() => {
          // The library would take it for the object's own nature.
          if (this.text() === '__proto__') throw broken('a key of a map is __proto__')
          this.value(shape.items, depth + 1)
        })
    }
  }

  private blocks(item: () => void): void {
    for (let count = this.long(); count !== 0; count = this.long()) {
      const end = count < 0 ? this.length() + this.at : undefined
      // Each takes a byte at least: however many it says there are, the bytes end first.
      const items = Math.abs(count)
      for (let done = 0; done < items; done++) item()
      if (end !== undefined && end !== this.at) throw broken('a block of a list has another length')
    }
  }

  private choice<One>(all: readonly One[], what: string): One {
    const index = this.int()
    const one = index < 0 ? undefined : all[index]
    if (one === undefined) throw broken(`there is no ${what} ${index}`)
    return one
  }

  private text(): string {
    const bytes = this.take(this.length())
    if (!isUtf8(bytes)) throw broken('a string is not valid UTF-8')
    return bytes.length === PROTO.length ? Buffer.from(bytes).toString() : ''
  }

  private length(): number {
    const length = this.long()
    if (length < 0) throw broken('a length is below zero')
    return length
  }

  private int(): number {
    const value = this.long()
    if (value !== (value | 0)) throw broken('an int is larger than 32 bits')
    return value
  }

  /** Exact as far as numbers are; what is larger is too large for anything that is counted here. */
  private long(): number {
    let value = 0
    let scale = 1
    for (let bytes = 1; ; bytes++) {
      const byte = this.take(1)[0] as number
      value += (byte & 0x7f) * scale
      scale *= 128
      if (byte < 0x80) break
      if (bytes === 10) throw broken('a number has no end')
    }
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2
  }

  private take(count: number): Uint8Array {
    const end = this.at + count
    if (!(end <= this.bytes.length)) throw broken('the value is cut off')
    const taken = this.bytes.subarray(this.at, end)
    this.at = end
    return taken
  }
}

const PROTO = '__proto__'
