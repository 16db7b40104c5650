// The plan and the modules that come out: complete, frozen, without values of the environment.
import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import { SluiceError } from '../../workers/core/errors.ts'
import type { StepRun } from '../../workers/core/step-run.ts'
import { compileFleet } from '../../workers/compile/compile.ts'
import { resolveSetting } from '../../workers/compile/settings.ts'
import { generate, outdated } from '../../workers/compile/typegen.ts'
import { compile, FLEET } from './project.ts'

const ROOT = resolve(import.meta.dirname, '../..')

test('the product’s own fleet, and those of tests and bench, hold no mistake', () => {
  for (const folder of ['.', 'test/e2e/fleet', 'test/bench/fleet'])
    expect(compileFleet(resolve(ROOT, folder)).diagnostics).toEqual([])
})

test('every default is in the plan', () => {
  const { plan } = compile()
  expect(plan?.pipelines['billing']).toMatchObject({
    from: { topic: 'orders', group: 'billing', start: 'earliest', maxBytes: 1_048_576 },
    concurrency: 256,
    window: 10_000,
    failure: {
      transient: { retry: { attempts: 3, firstMs: 1_000, maxMs: 10_000, jitter: 'full' } },
    },
  })
  expect(plan?.topics['orders']).toMatchObject({
    partitions: 1,
    tombstones: 'invalid',
    maxBytes: 1_048_588,
    deadLetters: false,
  })
  expect(plan).toMatchObject({ provision: true, connectWithinMs: 30_000, drainWithinMs: 25_000 })
  expect(plan?.connections['work']).toMatchObject({
    port: { value: 5672 },
    user: { value: 'guest' },
    vhost: { value: '/' },
  })
})

test('the plan is frozen to its last field', () => {
  const { plan } = compile()
  const walk = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return
    expect(Object.isFrozen(value)).toBe(true)
    for (const child of Object.values(value)) walk(child)
  }
  walk(plan)
})

test('variables stay names in the plan, and are resolved by their type when a worker starts', () => {
  const { plan } = compile({
    'pipelines/fleet.yaml': FLEET.replace(
      'host: localhost, password',
      "host: '${HOST:-h}', port: '${PORT}', password",
    ),
  })
  const work = plan?.connections['work']
  if (work?.kind !== 'rabbitmq') throw new Error('not RabbitMQ')
  expect(resolveSetting(work.host, {})).toBe('h')
  expect(resolveSetting(work.host, { HOST: 'x${HOST}y:[' })).toBe('x${HOST}y:[')
  expect(resolveSetting(work.port, { PORT: '5673' })).toBe(5673)
  const code = (env: Record<string, string>) => {
    try {
      return resolveSetting(work.port, env)
    } catch (error) {
      return `${(error as SluiceError).code} ${(error as SluiceError).message}`
    }
  }
  expect(code({})).toMatch(/^SLU1102 PORT is not set; pipelines\/fleet.yaml:4/)
  expect(code({ PORT: 'http' })).toMatch(/^SLU1103 .*fleet.yaml:4.*"http"/)
})

test('a module runs its steps in order, each only if its condition holds', async () => {
  const { modules } = compile()
  const source = (modules['billing'] as string).replace(/^import .*$/m, 'const $key = (key) => key')
  const module = (await import(`data:text/javascript,${encodeURIComponent(source)}`)) as {
    accepts: (event: unknown) => boolean
    steps: (event: unknown, run: StepRun) => Promise<void>
  }
  const event = { key: 'k', data: { total: 1, sku: 's' } }
  expect(module.accepts(event)).toBe(true)
  expect(module.accepts({ data: { total: 0 } })).toBe(false)
  const done = async (total: number) => {
    const calls: unknown[] = []
    await module.steps(event, {
      test: (_step, when) => Boolean(when()),
      call: () => Promise.reject(new Error('no call step')),
      map: () => expect.fail('there is no map step'),
      route: () => expect.fail('there is no route step'),
      job: () => Promise.reject(new Error('there is no job step')),
      store: () => Promise.reject(new Error('there is no store step')),
      forget: () => Promise.reject(new Error('there is no forget step')),
      dedupe: () => Promise.reject(new Error('there is no dedupe step')),
      window: () => Promise.reject(new Error('there is no window step')),
      split: () => Promise.reject(new Error('there is no split step')),
      item: undefined,
      request: () => Promise.reject(new Error('there is no request step')),
      reply: () => Promise.reject(new Error('nobody asks')),
      cache: (step, key, input) => {
        calls.push(['cache', step, key(), input()])
        return Promise.resolve({ total })
      },
      command: (step, _key, body) => {
        calls.push(['command', step, body()])
        return Promise.resolve()
      },
      event: (step, key, body) => {
        calls.push(['event', step, key?.(), body()])
        return Promise.resolve()
      },
    })
    return calls
  }
  expect(await done(11)).toEqual([
    ['cache', 0, 's', event.data],
    ['command', 1, { total: 11 }],
    ['event', 2, 'k', { total: 11 }],
  ])
  expect(await done(10)).toEqual([
    ['cache', 0, 's', event.data],
    ['event', 2, 'k', { total: 10 }],
  ])
})

test('generated files are up to date, and one that is not is named', async () => {
  const generated = await generate(ROOT)
  expect(outdated(ROOT, generated)).toEqual([])
  const [first, ...others] = generated
  if (first === undefined) throw new Error('nothing is generated')
  expect(outdated(ROOT, [{ ...first, text: `${first.text} ` }, ...others])).toEqual([first.file])
  expect(outdated(ROOT, [{ ...first, file: 'workers/generated/none.ts' }])).toHaveLength(1)
})
