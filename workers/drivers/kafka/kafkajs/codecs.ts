// The codecs that kafkajs knows by name only; Node brings that of zstd, the others are those of the other client. What is unpacked is
// bounded: a few bytes of anybody may say that they are gigabytes.
import { promisify } from 'node:util'
import { gzip, unzip, zstdCompress, zstdDecompress } from 'node:zlib'
import {
  lz4Compress,
  lz4Decompress,
  snappyCompress,
  snappyDecompress,
} from '@platformatic/wasm-utils'
import kafkajs from 'kafkajs'

/** Of one batch, unpacked. Producers fill batches of a few megabytes at most. */
export const MOST_UNPACKED = 128 * 1024 * 1024

/** What Java's producers put before snappy, and their blocks after it: https://github.com/xerial/snappy-java */
const XERIAL = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0x00])
/** The mark and two versions, of 32 bits each. */
const XERIAL_HEADER = 16

const BOUND = { maxOutputLength: MOST_UNPACKED }
const [unzipped, unzstd] = [promisify(unzip), promisify(zstdDecompress)]

export function addCodecs(): void {
  // A named import of these does not work: Node cannot see them in a CommonJS module.
  const { CompressionCodecs, CompressionTypes } = kafkajs
  const add = (
    type: Exclude<kafkajs.CompressionTypes, kafkajs.CompressionTypes.None>,
    compress: (plain: Buffer) => Promise<Buffer> | Buffer,
    decompress: (packed: Buffer) => Promise<Buffer> | Buffer,
  ) => {
    CompressionCodecs[type] = () => ({
      compress: async (encoder: { buffer: Buffer }) => await compress(encoder.buffer),
      decompress: async (buffer: Buffer) => await decompress(buffer),
    })
  }
  add(CompressionTypes.GZIP, promisify(gzip), (packed) => unzipped(packed, BOUND))
  add(CompressionTypes.ZSTD, promisify(zstdCompress), (packed) => unzstd(packed, BOUND))
  add(CompressionTypes.Snappy, snappyCompress, unsnapped)
  // It says nothing of its size, and grows to 255 times as much at most.
  add(CompressionTypes.LZ4, lz4Compress, lz4Decompress)
}

/** One block as it is, or blocks with their lengths. */
function unsnapped(packed: Buffer): Buffer {
  if (!packed.subarray(0, XERIAL.length).equals(XERIAL)) return blockOf(packed, MOST_UNPACKED)
  const blocks: Buffer[] = []
  let left = MOST_UNPACKED
  for (let at = XERIAL_HEADER; at < packed.length;) {
    const length = packed.readUInt32BE(at)
    const block = blockOf(packed.subarray(at + 4, at + 4 + length), left)
    blocks.push(block)
    left -= block.length
    at += 4 + length
  }
  return Buffer.concat(blocks)
}

/** Its library takes as much memory as a block says that it needs, and gives none of it back. */
function blockOf(packed: Buffer, most: number): Buffer {
  let size = 0
  for (let at = 0; at < 5; at++) {
    const byte = packed[at] ?? 0
    size += (byte & 0x7f) * 128 ** at
    if (byte < 0x80) break
  }
  if (size > most) throw new RangeError(`a snappy block of ${size} bytes is too large`)
  return snappyDecompress(packed)
}
