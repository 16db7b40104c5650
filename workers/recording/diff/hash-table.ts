// Hashes of texts with a number for each, some 24 bytes an entry however long the texts are. Two texts may share a hash: callers look twice.
import { hash } from 'node:crypto'

/** 53 bits: as exact as a number is. */
export function hashOf(text: string): number {
  const digest = hash('sha1', text, 'buffer')
  return digest.readUInt32LE(0) * 2 ** 21 + (digest.readUInt32LE(4) >>> 11)
}

const EMPTY = -1

export class HashTable {
  private keys = new Float64Array(1024).fill(EMPTY)
  private values = new Int32Array(1024)
  private taken = 0

  /** -1: there is none. */
  get(key: number): number {
    const slot = this.slotOf(key)
    return this.keys[slot] === EMPTY ? -1 : (this.values[slot] as number)
  }

  set(key: number, value: number): void {
    const slot = this.slotOf(key)
    if (this.keys[slot] === EMPTY) this.taken++
    this.keys[slot] = key
    this.values[slot] = value
    if (this.taken * 2 > this.keys.length) this.grow()
  }

  private slotOf(key: number): number {
    const mask = this.keys.length - 1
    let slot = key % this.keys.length
    while (this.keys[slot] !== EMPTY && this.keys[slot] !== key) slot = (slot + 1) & mask
    return slot
  }

  private grow(): void {
    const { keys, values } = this
    this.keys = new Float64Array(keys.length * 2).fill(EMPTY)
    this.values = new Int32Array(keys.length * 2)
    for (const [at, key] of keys.entries()) {
      if (key === EMPTY) continue
      const slot = this.slotOf(key)
      this.keys[slot] = key
      this.values[slot] = values[at] as number
    }
  }
}

/** A list of numbers that costs eight bytes for each. */
export class Numbers {
  length = 0
  private data = new Float64Array(1024)

  push(value: number): void {
    if (this.length === this.data.length) {
      const larger = new Float64Array(this.data.length * 2)
      larger.set(this.data)
      this.data = larger
    }
    this.data[this.length++] = value
  }

  at(index: number): number {
    return this.data[index] as number
  }

  set(index: number, value: number): void {
    this.data[index] = value
  }
}
