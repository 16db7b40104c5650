// Kafka's murmur2, so that whoever chooses a partition by key chooses the same as every other client of Kafka.

const SEED = 0x9747b28c
const M = 0x5bd1e995
const R = 24

/** 32 bits, signed, as org.apache.kafka.common.utils.Utils.murmur2 gives. */
export function murmur2(data: Uint8Array): number {
  const { length } = data
  let h = SEED ^ length
  const whole = length & ~3
  for (let i = 0; i < whole; i += 4) {
    let k =
      byte(data, i) |
      (byte(data, i + 1) << 8) |
      (byte(data, i + 2) << 16) |
      (byte(data, i + 3) << 24)
    k = Math.imul(k, M)
    k ^= k >>> R
    h = Math.imul(h, M) ^ Math.imul(k, M)
  }
  const rest = length - whole
  if (rest === 3) h ^= byte(data, whole + 2) << 16
  if (rest >= 2) h ^= byte(data, whole + 1) << 8
  if (rest >= 1) h = Math.imul(h ^ byte(data, whole), M)
  h ^= h >>> 13
  h = Math.imul(h, M)
  return h ^ (h >>> 15)
}

const byte = (data: Uint8Array, index: number) => (data[index] as number) & 0xff
