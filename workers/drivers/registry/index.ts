// A schema registry with Confluent's API as a driver: it is up while it answers, and is asked again by itself while it does not.
import type { DriverContext } from '../../core/contract.ts'
import { SluiceError } from '../../core/errors.ts'
import type { RegistryDriver } from '../../core/registry.ts'
import { Supervisor, type Link } from '../../core/supervisor.ts'
import { createAsk, type Answer, type Question, type RegistrySettings } from './ask.ts'
import { questions } from './questions.ts'

/** There is no connection to lose: this one ends when a question gets no answer. */
interface Life extends Link {
  lost(error: SluiceError): void
}

export function createRegistryDriver(
  settings: RegistrySettings,
  { world, log, origin }: DriverContext,
): RegistryDriver {
  const ask = createAsk(settings, { clock: world.clock, origin })
  const alive = (signal?: AbortSignal) =>
    ask({ method: 'GET', path: '/schemas/types', ...(signal === undefined ? {} : { signal }) })
  const supervisor = new Supervisor<Life>({
    world,
    log,
    name: `The schema registry at ${settings.url}`,
    absent: () =>
      new SluiceError('SLU1158', { message: `the schema registry is not connected (${origin})` }),
    async open(lost, signal) {
      await alive(signal)
      return { lost, close: () => Promise.resolve() }
    },
  })
  /** Asks nobody who is known to be away: whoever needs an answer waits with all others. */
  const asked = async (question: Question): Promise<Answer> => {
    const { link } = supervisor
    if (link === undefined) throw supervisor.failure
    try {
      return await ask(question)
    } catch (error) {
      if (error instanceof SluiceError && error.outage) link.lost(error)
      throw error
    }
  }
  return {
    target: settings.url,
    connect: () => supervisor.connect(),
    isUp: () => supervisor.link !== undefined,
    whenUp: (signal) => supervisor.whenUp(signal),
    async ping() {
      await alive()
    },
    close: () => supervisor.close(),
    ...questions(asked),
  }
}
