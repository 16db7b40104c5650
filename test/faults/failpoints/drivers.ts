// Failpoints at the seam between runtime and drivers: what leaves, what is confirmed, what is settled, what is given up.
import type { Intake, Sink, Source, StoreDriver } from '../../../workers/core/contract.ts'
import type { DriverFactories } from '../../../workers/runtime/connections.ts'
import { pass, type Point } from './point.ts'

type Methods = Record<string, (...args: never[]) => unknown>

/** The same object but for these methods. Drivers are objects of closures or of classes: both stay what they are. */
function but<T extends object>(target: T, methods: Methods): T {
  return new Proxy(target, {
    get(_, name) {
      const changed = methods[String(name)]
      if (changed !== undefined) return changed
      const value: unknown = Reflect.get(target, name)
      return typeof value === 'function' ? (value.bind(target) as unknown) : value
    },
  })
}

export function withFailpoints(real: DriverFactories): DriverFactories {
  return {
    kafka(plan, context) {
      const driver = real.kafka(plan, context)
      return but(driver, {
        source(options: Parameters<typeof driver.source>[0]) {
          const source = driver.source(options)
          return sourceOf(source, {
            async commit(commits: Parameters<typeof source.commit>[0]) {
              const committed = source.commit(commits)
              await left()
              pass('in-settlement')
              await committed
            },
          })
        },
        sink: (topic: Parameters<typeof driver.sink>[0]) =>
          sinkOf(driver.sink(topic), topic.deadLetters),
      })
    },
    rabbitmq(plan, context) {
      const driver = real.rabbitmq(plan, context)
      return but(driver, {
        source(options: Parameters<typeof driver.source>[0]) {
          const source = driver.source(options)
          return sourceOf(source, { ack: acknowledging(source.ack.bind(source)) })
        },
        sink: (queue: Parameters<typeof driver.sink>[0]) =>
          sinkOf(driver.sink(queue), queue.deadLetters),
      })
    },
    jobs(plan, context) {
      const driver = real.jobs(plan, context)
      return but(driver, {
        source(options: Parameters<typeof driver.source>[0]) {
          const source = driver.source(options)
          return sourceOf(source, {
            ack: acknowledging(source.ack.bind(source)),
            letters: sinkOf(source.letters, true) as never,
          })
        },
        sink: (jobs: Parameters<typeof driver.sink>[0]) => sinkOf(driver.sink(jobs), false),
      })
    },
    redis: (plan, context) => real.redis(plan, context),
    registry: (plan, context) => real.registry(plan, context),
    store(plan, context) {
      const driver = real.store(plan, context)
      return but(driver, {
        put: (...args: Parameters<StoreDriver['put']>) =>
          effect('after-confirm', () => driver.put(...args)),
      })
    },
    state(plan, context) {
      const driver = real.state(plan, context)
      return but(driver, {
        settle(...[claim, as]: Parameters<typeof driver.settle>) {
          if (as === 'done') pass('before-mark')
          return driver.settle(claim, as)
        },
      })
    },
  }
}

const sinkOf = (sink: Sink, letters: boolean): Sink => ({
  send: (message) => effect(letters ? 'after-letter' : 'after-confirm', () => sink.send(message)),
})

/** A dead letter has no `after-publish`: it is one more effect in all but its name. */
async function effect<T>(confirmed: Point, send: () => Promise<T>): Promise<T> {
  const outcome = send()
  // Whoever awaits it learns of its failure; nobody does before `left` is over.
  outcome.catch(() => {})
  if (confirmed === 'after-confirm') {
    await left()
    pass('after-publish')
  }
  const result = await outcome
  pass(confirmed)
  return result
}

/** What was written is with the kernel, and most likely with the broker. */
const left = () => new Promise<void>((done) => setTimeout(done, 2))

const acknowledging =
  <Args extends never[]>(ack: (...args: Args) => void) =>
  (...args: Args): void => {
    ack(...args)
    setTimeout(() => pass('in-settlement'), 2)
  }

function sourceOf<S extends Source>(source: S, methods: Methods): S {
  let stopping = false
  return but(source, {
    ...methods,
    start: (intake: Intake) =>
      source.start(
        but(intake, {
          revoke(lanes: Parameters<Intake['revoke']>[0]) {
            if (!stopping) pass('in-rebalance')
            return intake.revoke(lanes)
          },
        }),
      ),
    stop() {
      stopping = true
      const stopped = source.stop()
      // The drain is under way: work in flight is being settled.
      setTimeout(() => pass('in-drain'), 5)
      return stopped
    },
  })
}
