// Compares what stands on the brokers with what was produced: nothing lost, nothing invented, order per key, repeats counted.
import { drainQueue, readTopic } from './brokers-io.ts'
import type { LoadEvent } from './load.ts'

export interface Verdict {
  readonly lost: string[]
  readonly invented: string[]
  /** Effects beyond the first of their event. */
  readonly repeats: { results: number; alerts: number; letters: number }
  /** Keys whose first results are not in source order. */
  readonly disordered: string[]
}

interface Body {
  readonly event_id: string
  readonly score: number
}

export async function judge(prefix: string, load: readonly LoadEvent[]): Promise<Verdict> {
  const results = (await readTopic(`${prefix}results`)).map((message) => ({
    key: message.key?.toString() ?? null,
    body: JSON.parse(message.value?.toString() ?? 'null') as Body,
  }))
  const alerts = (await drainQueue(`${prefix}alerts`)).map(
    (message) => JSON.parse(message.content.toString()) as Body,
  )
  const letters = (await readTopic(`${prefix}requests.dlq`)).map((message) =>
    String(/e\d+/.exec(message.value?.toString() ?? '')?.[0]),
  )
  const scored = load.filter(({ fate }) => fate === 'scored')
  const expected = {
    results: scored.map(({ id }) => id),
    alerts: scored.filter(({ score }) => score > 0.9).map(({ id }) => id),
    letters: load
      .filter(({ fate }) => fate === 'malformed' || fate === 'permanent')
      .map(({ id }) => id),
  }
  const seen = {
    results: results.map(({ body }) => body.event_id),
    alerts: alerts.map((body) => body.event_id),
    letters,
  }
  const kinds = ['results', 'alerts', 'letters'] as const
  const minus = (a: string[], b: string[]) => {
    const without = new Set(b)
    return a.filter((id) => !without.has(id))
  }
  return {
    lost: kinds.flatMap((kind) => minus(expected[kind], seen[kind]).map((id) => `${kind} ${id}`)),
    invented: kinds.flatMap((kind) =>
      minus(seen[kind], expected[kind]).map((id) => `${kind} ${id}`),
    ),
    repeats: {
      results: seen.results.length - new Set(seen.results).size,
      alerts: seen.alerts.length - new Set(seen.alerts).size,
      letters: seen.letters.length - new Set(seen.letters).size,
    },
    disordered: disorderedKeys(load, results),
  }
}

function disorderedKeys(
  load: readonly LoadEvent[],
  results: readonly { key: string | null; body: Body }[],
): string[] {
  const places = new Map(load.map(({ id, place, key }) => [id, { place, key }]))
  const firsts = new Map<string, number[]>()
  const seen = new Set<string>()
  const wrong = new Set<string>()
  for (const { key, body } of results) {
    const origin = places.get(body.event_id)
    if (origin?.key !== key) wrong.add(`${key} holds ${body.event_id}`)
    if (seen.has(body.event_id) || key === null) continue
    seen.add(body.event_id)
    const list = firsts.get(key) ?? []
    list.push(origin?.place ?? -1)
    firsts.set(key, list)
  }
  for (const [key, list] of firsts)
    if (list.some((place, n) => n > 0 && place <= (list[n - 1] as number))) wrong.add(key)
  return [...wrong]
}
