// Looks at a schema registry: how fast it answers, and which schemas of the fleet it knows. Registers nothing.
import type { DriverContext } from '../../core/contract.ts'
import type { RegistryInspector } from '../../core/facts.ts'
import { createAsk, type RegistrySettings } from './ask.ts'
import { questions } from './questions.ts'

export function createRegistryInspector(
  settings: RegistrySettings,
  { world: { clock }, origin }: DriverContext,
): RegistryInspector {
  const ask = createAsk(settings, { clock, origin })
  return {
    target: settings.url,
    async look(wanted, withinMs) {
      const late = new AbortController()
      const timer = clock.after(withinMs, () => late.abort())
      const bounded = questions((question) => ask({ ...question, signal: late.signal }))
      try {
        const asked = clock.monotonic()
        await ask({ method: 'GET', path: '/schemas/types', signal: late.signal })
        const latencyMs = clock.monotonic() - asked
        const schemas = [...wanted].map(async ([topic, subject]) => ({
          topic,
          subject: subject.subject,
          registered: (await bounded.idOf(subject)) !== undefined,
        }))
        return { latencyMs, schemas: await Promise.all(schemas) }
      } finally {
        timer.cancel()
      }
    },
  }
}
