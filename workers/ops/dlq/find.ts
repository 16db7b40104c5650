// Finds one letter by its place, or by the id of its event.
import { SluiceError } from '../../core/errors.ts'
import { withContent } from './content.ts'
import { lettersOf, rangesOf, viewOf, type Destination, type Reach } from './destinations.ts'
import { PLACE, readLetter, type Foreign, type Letter } from './letter.ts'

/** An id may have more than one: an event that failed again. SLU5701 when there is none. */
export async function findLetters(
  reach: Reach,
  destination: Destination,
  what: string,
): Promise<(Letter | Foreign)[]> {
  const found = (await atPlace(reach, destination, what)) ?? (await byId(reach, destination, what))
  if (found.length > 0) return found
  throw new SluiceError('SLU5701', {
    message: `${destination.name} holds no dead letter "${what}"`,
  })
}

/** Undefined: it has not the form of a place, or nothing stands there. */
async function atPlace(
  reach: Reach,
  destination: Destination,
  what: string,
): Promise<(Letter | Foreign)[] | undefined> {
  // The row of failed jobs moves up whenever the oldest is forgotten: their ids do not.
  if (destination.kind === 'jobs') return undefined
  const [, partitionText, offsetText] = PLACE.exec(what) ?? []
  if (offsetText === undefined) return undefined
  const view = viewOf(reach, destination)
  const ranges = await rangesOf(view)
  // On one partition the offset says it all.
  if (partitionText === undefined && ranges.length > 1) return undefined
  const partition = Number(partitionText ?? 0)
  const offset = Number(offsetText)
  const range = ranges.find((one) => one.partition === partition)
  if (range === undefined || offset < range.from || offset >= range.to) return undefined
  for await (const page of view.read({ partition, from: offset, to: offset + 1 }))
    for (const message of page)
      if (message.offset === offset)
        return [
          await withContent(
            reach.formats,
            readLetter({ destination: destination.name, partition, offset }, message),
          ),
        ]
  return undefined
}

async function byId(reach: Reach, destination: Destination, id: string): Promise<Letter[]> {
  const found: Letter[] = []
  for await (const letter of lettersOf(reach, destination))
    if (letter.kind === 'letter' && (letter.id === id || letter.spot.job === id)) found.push(letter)
  return found
}
