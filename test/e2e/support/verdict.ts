// Reads what stands on the brokers and has the oracle's ledger say what became of each event: nothing lost, nothing invented, order per key,
// repeats counted.
import { account, type Entry } from '../../../workers/oracle/ledger.ts'
import { drainQueue, readTopic } from './brokers-io.ts'
import type { LoadEvent } from './load.ts'

export interface Verdict {
  readonly lost: readonly string[]
  readonly invented: readonly string[]
  /** Effects beyond the first of their event. */
  readonly repeats: { results: number; alerts: number; letters: number }
  /** First results that are not in source order. */
  readonly disordered: readonly string[]
}

interface Body {
  readonly event_id: string
}

export async function judge(prefix: string, load: readonly LoadEvent[]): Promise<Verdict> {
  const results = (await readTopic(`${prefix}results`)).map(({ key, value }) => ({
    id: bodyOf(value).event_id,
    key: key?.toString(),
  }))
  const alerts = (await drainQueue(`${prefix}alerts`)).map(({ content }) => ({
    id: bodyOf(content).event_id,
    key: undefined,
  }))
  const letters = (await readTopic(`${prefix}requests.dlq`)).map(({ value }) => ({
    id: String(/e\d+/.exec(value?.toString() ?? '')?.[0]),
    code: '',
  }))
  const effects = new Map([
    ['results', results],
    ['alerts', alerts],
  ] as const)
  const { lost, invented, disordered, wronglyDead, beyond } = account(
    load.map(entryOf),
    { effects, letters, residue: {} },
    { repeats: Infinity, ordered: ['results'], robbed: [] },
  )
  return {
    lost,
    invented: [...invented, ...wronglyDead],
    repeats: {
      results: beyond['results'] ?? 0,
      alerts: beyond['alerts'] ?? 0,
      letters: beyond['letter'] ?? 0,
    },
    disordered,
  }
}

const bodyOf = (value: Buffer | null): Body => JSON.parse(value?.toString() ?? 'null') as Body

function entryOf({ id, key, place, fate, score }: LoadEvent): Entry {
  const sinks = fate === 'scored' ? ['results', ...(score > 0.9 ? ['alerts'] : [])] : []
  return { id, key: key ?? '', place, fatal: fate === 'malformed' || fate === 'permanent', sinks }
}
