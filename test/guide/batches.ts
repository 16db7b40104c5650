// What stands on a topic as its broker keeps it: in how many batches, and whether they are compressed with gzip.
import kafkajs from 'kafkajs'
import { readTopic } from '../e2e/support/brokers-io.ts'

const { CompressionCodecs, CompressionTypes } = kafkajs

interface Codec {
  compress(encoder: unknown): Promise<Buffer>
  decompress(buffer: Buffer): Promise<Buffer>
}

export interface Batches {
  readonly records: number
  /** That had to be decompressed. */
  readonly gzipped: number
}

/** Whoever reads a batch of gzip asks for its codec once. */
export async function batchesOf(topic: string): Promise<Batches> {
  const codecs = CompressionCodecs as Record<number, () => Codec>
  const before = codecs[CompressionTypes.GZIP] as () => Codec
  let gzipped = 0
  codecs[CompressionTypes.GZIP] = () => {
    const codec = before()
    return {
      compress: (encoder) => codec.compress(encoder),
      decompress(buffer) {
        gzipped++
        return codec.decompress(buffer)
      },
    }
  }
  try {
    const { length: records } = await readTopic(topic)
    return { records, gzipped }
  } finally {
    codecs[CompressionTypes.GZIP] = before
  }
}
