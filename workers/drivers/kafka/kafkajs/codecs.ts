// The codecs that kafkajs knows by name only; Node brings that of zstd, the others are those of the other client.
import { promisify } from 'node:util'
import { zstdCompress, zstdDecompress } from 'node:zlib'
import {
  lz4Compress,
  lz4Decompress,
  snappyCompress,
  snappyDecompress,
} from '@platformatic/wasm-utils'
import kafkajs from 'kafkajs'

/** What Java's producers put before snappy, and their blocks after it: https://github.com/xerial/snappy-java */
const XERIAL = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0x00])
/** The mark and two versions, of 32 bits each. */
const XERIAL_HEADER = 16

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
  add(CompressionTypes.ZSTD, promisify(zstdCompress), promisify(zstdDecompress))
  add(CompressionTypes.Snappy, snappyCompress, unsnapped)
  add(CompressionTypes.LZ4, lz4Compress, lz4Decompress)
}

/** One block as it is, or blocks with their lengths. */
function unsnapped(packed: Buffer): Buffer {
  if (!packed.subarray(0, XERIAL.length).equals(XERIAL)) return snappyDecompress(packed)
  const blocks: Buffer[] = []
  for (let at = XERIAL_HEADER; at < packed.length;) {
    const length = packed.readUInt32BE(at)
    blocks.push(snappyDecompress(packed.subarray(at + 4, at + 4 + length)))
    at += 4 + length
  }
  return Buffer.concat(blocks)
}
