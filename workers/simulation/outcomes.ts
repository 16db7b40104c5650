// What became of each message in a run in which nothing happened, and none was suppressed: so it must be, whatever happens.
import type { Effect, History, Outcome } from '../oracle/history.ts'

export function outcomesOf({ happenings }: Pick<History, 'happenings'>, count: number): Outcome[] {
  const outcomes = Array.from({ length: count }, () => ({
    effects: [] as (Effect & { body: string })[],
    letter: undefined as string | undefined,
  }))
  for (const happening of happenings) {
    if (happening.kind !== 'effect' && happening.kind !== 'letter') continue
    const outcome = outcomes[happening.message ?? -1]
    if (outcome === undefined) continue
    if (happening.kind === 'letter') outcome.letter = happening.code
    else {
      const { step, item, body } = happening
      outcome.effects.push({ step, ...(item === undefined ? {} : { item }), body })
    }
  }
  return outcomes
}
