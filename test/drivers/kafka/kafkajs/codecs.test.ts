// What the producer of Kafka's own Java client compressed is unpacked, and what we compress is taken by both ways of unpacking.
import { gzipSync, zstdCompressSync } from 'node:zlib'
import kafkajs from 'kafkajs'
import { beforeAll, expect, test } from 'vitest'
import { addCodecs, MOST_UNPACKED } from '../../../../workers/drivers/kafka/kafkajs/codecs.ts'

const { CompressionCodecs, CompressionTypes } = kafkajs
const TYPES = {
  gzip: CompressionTypes.GZIP,
  snappy: CompressionTypes.Snappy,
  lz4: CompressionTypes.LZ4,
  zstd: CompressionTypes.ZSTD,
} as const

interface Codec {
  compress(encoder: { readonly buffer: Buffer }): Promise<Buffer>
  decompress(buffer: Buffer): Promise<Buffer>
}
const codec = (name: keyof typeof TYPES): Codec => (CompressionCodecs[TYPES[name]] as () => Codec)()

/** The records of three messages, "message 1 abc abc …", as Kafka 4.2's console producer sent them. */
const BY_JAVA = {
  snappy:
    'glNOQVBQWQAAAAABAAAAAQAAAFGbBFDiAgAAAAHUAm1lc3NhZ2UgMSBhYmP+BAD+BAByBAAYAOQCAPoFAh20ADL+sAD+sABysAAhUAG0CPwFBB20ADMFGAEc/gQA/gQAXgQAAAA=',
  lz4: 'BCJNGGBAgj4AAAD/BuICAAAAAdQCbWVzc2FnZSAxIGFiYwQAincA5AIAtAMCtAAfMrAAigBQAQK0ABcEtAAfM7QAilBhYmMgAAAAAAA=',
} as const

beforeAll(addCodecs)

test.each(['snappy', 'lz4'] as const)('what Java compressed with %s is unpacked', async (name) => {
  const records = await codec(name).decompress(Buffer.from(BY_JAVA[name], 'base64'))
  expect(records).toHaveLength(539)
  for (const n of [1, 2, 3])
    expect(records.toString('latin1')).toContain(`message ${n} ${'abc '.repeat(40)}`)
})

test.each(['gzip', 'snappy', 'lz4', 'zstd'] as const)(
  'whatever is compressed with %s comes out again',
  async (name) => {
    const { compress, decompress } = codec(name)
    for (const plain of [
      Buffer.from('x'),
      Buffer.from('the same over and over '.repeat(50_000)),
      Buffer.from(Uint8Array.from({ length: 200_000 }, (_, n) => (n * n * 31) % 251)),
    ])
      expect((await decompress(await compress({ buffer: plain }))).equals(plain)).toBe(true)
  },
)

test.each(['gzip', 'snappy', 'lz4', 'zstd'] as const)('what is no %s is refused', async (name) => {
  await expect(codec(name).decompress(Buffer.from('no codec writes this'))).rejects.toThrow()
})

test('a few bytes that would be gigabytes are refused before they are', async () => {
  const much = Buffer.alloc(MOST_UNPACKED + 1)
  for (const [name, packed] of [
    ['gzip', gzipSync(much)],
    ['zstd', zstdCompressSync(much)],
    // A block that says it has 1 GiB, alone and as Java would put it.
    ['snappy', Buffer.from('808080800400', 'hex')],
    ['snappy', Buffer.from('82534e41505059000000000100000001000000068080808004ff', 'hex')],
  ] as const)
    await expect(codec(name).decompress(packed)).rejects.toThrow(RangeError)
})
