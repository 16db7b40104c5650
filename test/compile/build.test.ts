// Modules on disk: the guide's pipeline as it runs, the same name for the same content, nothing half-written.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'
import type { FleetPlan } from '../../workers/core/plan.ts'
import type { StepRun } from '../../workers/core/step-run.ts'
import { buildModules } from '../../workers/compile/build.ts'
import { compileFleet } from '../../workers/compile/compile.ts'
import { emitModule, withRuntime } from '../../workers/compile/emit.ts'

const ROOT = resolve(import.meta.dirname, '../..')

function compiled(root: string) {
  const { plan, modules, diagnostics } = compileFleet(ROOT)
  expect(diagnostics).toEqual([])
  return { plan: { ...(plan as FleetPlan), root }, modules, diagnostics }
}

function inFolder<T>(work: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-build-'))
  const done = () => rmSync(folder, { recursive: true })
  const result = work(folder)
  if (result instanceof Promise) return result.finally(done) as T
  done()
  return result
}

test('the module of the guide’s pipeline', () => {
  expect(compiled('').modules['predictions']).toMatchSnapshot()
})

test('the plan of the guide’s pipeline', () => {
  const { plan } = compiled('')
  const { fleet, connections, state, topics, queues, caches, pipelines } = plan
  expect({
    fleet,
    connections,
    state,
    topics: [topics['ml_events'], topics['ml_events.dlq']],
    queue: queues['alerts'],
    cache: caches['predictions'],
    pipeline: pipelines['predictions'],
  }).toMatchSnapshot()
})

interface PipelineModule {
  accepts: ((event: unknown) => unknown) | undefined
  steps(event: unknown, run: StepRun): Promise<void>
}

test('built, imported and run', () =>
  inFolder(async (folder) => {
    const { predictions = '' } = buildModules(compiled(folder), ['predictions'])
    const module = (await import(pathToFileURL(predictions).href)) as PipelineModule
    const data = { event_type: 'prediction_request', model_id: 'm', features: { user_id: 1 } }
    const event = { id: 'e', key: 'k', data }
    expect(module.accepts?.(event)).toBe(true)
    expect(module.accepts?.({ data: { event_type: 'model_training_completed' } })).toBe(false)
    const sent: unknown[] = []
    await module.steps(event, {
      test: (_step, when) => when() === true,
      call: () => Promise.reject(new Error('there is no call step')),
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
      cache: (_step, key, input) => {
        expect([key(), input()]).toEqual([['m', { user_id: 1 }], data])
        return Promise.resolve({ model_id: 'm', score: 0.95 })
      },
      command: (step, _key, body) => Promise.resolve(void sent.push([step, body()])),
      event: (step, key, body) => Promise.resolve(void sent.push([step, key?.(), body()])),
    })
    expect(sent).toEqual([
      [1, { event_id: 'e', severity: 'high', model_id: 'm', score: 0.95, message: 'score 0.95' }],
      [2, 'k', { event_id: 'e', model_id: 'm', score: 0.95 }],
    ])
  }))

test('the same content has the same name; what is damaged is written again', () => {
  inFolder((folder) => {
    const fleet = compiled(folder)
    const first = buildModules(fleet, ['predictions'])['predictions'] as string
    const content = readFileSync(first, 'utf8')
    expect(buildModules(fleet, ['predictions'])['predictions']).toBe(first)
    expect(readdirSync(join(folder, '.sluice/build'))).toHaveLength(1)
    writeFileSync(first, content.slice(0, 40))
    buildModules(fleet, ['predictions'])
    expect(readFileSync(first, 'utf8')).toBe(content)
  })
})

test('a module is the same on every machine until it is built', () => {
  const { modules } = compiled('')
  expect(modules['predictions']).not.toContain(ROOT)
})

test('a step whose condition does not hold has no value', async () => {
  const source = emitModule('p', undefined, [
    { kind: 'call', id: 'a', index: 0, when: 'event.data.x', input: '1' },
    { kind: 'event', id: 'b', index: 1, when: undefined, key: 'event.key', body: '{ a }' },
  ])
  const runtime = pathToFileURL(join(ROOT, 'workers/core/expression-runtime.ts')).href
  await inFolder(async (folder) => {
    const file = join(folder, 'p.mjs')
    writeFileSync(file, withRuntime(source, runtime))
    const module = (await import(pathToFileURL(file).href)) as PipelineModule
    expect(module.accepts).toBeUndefined()
    const bodies: unknown[] = []
    const run = {
      test: (_step: number, when: () => unknown) => when() === true,
      call: (_step: number, input: () => unknown) => Promise.resolve(input()),
      event: (_step: number, _key: unknown, body: () => unknown) =>
        Promise.resolve(void bodies.push(body())),
    } as unknown as StepRun
    await module.steps({ data: { x: true } }, run)
    await module.steps({ data: { x: false } }, run)
    expect(bodies).toEqual([{ a: 1 }, { a: undefined }])
  })
})

test('the place of the runtime may hold any character', () => {
  const url = `file:///o'brien/$&/"x"/runtime.ts`
  const [, line = ''] = withRuntime(emitModule('p', undefined, []), url).split('\n')
  expect(line).toBe(`import { $data, $key, $time } from ${JSON.stringify(url)}`)
})
