// What there is among the dead letters, for programs; the JSON is a stable interface with a version.
import { streamsAmong, type Destination } from './destinations.ts'
import { placeText } from './letter.ts'
import type { Entry, Survey } from './survey.ts'

export function surveyJson(
  survey: Survey,
  destinations: readonly Destination[],
  letters: boolean,
): object {
  const isStream = streamsAmong(destinations)
  const entry = ({ letter, status, fingerprint }: Entry) => ({
    destination: letter.spot.destination,
    place: placeText(letter.spot, isStream(letter.spot.destination)),
    status,
    fingerprint,
    code: letter.code,
    class: letter.class,
    pipeline: letter.pipeline,
    step: letter.step ?? null,
    reason: letter.reason,
    attempts: letter.attempts,
    event: letter.id ?? null,
    failedAt: letter.failedAt,
    origin: letter.origin,
  })
  return {
    version: 1,
    destinations: destinations.map(({ name, kind }) => ({
      name,
      kind,
      foreign: survey.foreign.get(name) ?? 0,
    })),
    groups: survey.sorted().map(({ latest, step, ...group }) => ({
      ...group,
      step: step ?? null,
      latest: placeText(latest, isStream(latest.destination)),
    })),
    ...(letters ? { letters: survey.entries.map(entry), more: survey.more } : {}),
  }
}
