// What a message said whose topic writes its values otherwise than in JSON; for people, who get the bytes where nobody can tell.
import type { Formats } from '../../runtime/formats/formats.ts'
import type { Foreign, Letter, Origin } from './letter.ts'

/** Never rejects. */
export async function contentOf(
  formats: Formats,
  origin: Origin,
  value: Uint8Array | null,
): Promise<Uint8Array | null> {
  if (value === null || origin.kind !== 'topic') return value
  try {
    const format = formats(origin.topic)
    if (format === undefined) return value
    await format.learn(value)
    return Buffer.from(JSON.stringify(format.decode(value, Infinity)))
  } catch {
    return value
  }
}

export const withContent = async <Read extends Letter | Foreign>(
  formats: Formats,
  letter: Read,
): Promise<Read> =>
  letter.kind === 'letter'
    ? { ...letter, content: await contentOf(formats, letter.origin, letter.message.value) }
    : letter
