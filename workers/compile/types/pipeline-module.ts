// Writes a pipeline as one TypeScript function of the shape that runs: `when` returns early, values of steps are constants.
import type {
  CacheStepPlan,
  CallPlan,
  ExpressionPlan,
  RouteStepPlan,
  SplitStepPlan,
  StepPlan,
  WindowStepPlan,
} from '../../core/plan.ts'
import { allSteps, callOf, sends } from '../../core/plan-walk.ts'
import { sourcePlan, type SourcePlan } from '../../core/source-plan.ts'
import type { FleetSources } from '../compile.ts'
import type { PlannedPipeline } from '../pipeline-plan.ts'
import type { Path } from '../yaml-file.ts'
import { DATA, withConstants } from './callbacks.ts'
import { Blocks, IDENTIFIER, WHEN, type Writer } from './blocks.ts'
import { isClosed } from './closed.ts'
import { destinationOf, schemaOf } from './destinations.ts'
import { NAMES } from './prelude.ts'
import type { Schema } from './schema-names.ts'
import { alias, hasValue, keyOf, pathOfHandler } from './step-facts.ts'
import { Sheet, type Piece, type Slot } from './sheet.ts'

/** The type of the whole of a schema, by its name; undefined for one that cannot be used. */
export type RootTypes = ReadonlyMap<string, string>

export function pipelineModule(
  pipeline: PlannedPipeline,
  fleet: FleetSources,
  roots: RootTypes,
): Sheet {
  return new ModuleWriter(pipeline, fleet, roots).write()
}

/** One function for each call of a handler, named after the index of its step, that gives what the handler is given. */
export function inputsModule(
  pipeline: PlannedPipeline,
  fleet: FleetSources,
  roots: RootTypes,
): string {
  return new ModuleWriter(pipeline, fleet, roots).inputs()
}

class ModuleWriter implements Writer {
  readonly sheet = new Sheet()
  private readonly blocks = new Blocks(this)
  private declared = new Set(['event'])
  readonly pipeline: PlannedPipeline
  private readonly fleet: FleetSources
  private readonly roots: RootTypes

  constructor(pipeline: PlannedPipeline, fleet: FleetSources, roots: RootTypes) {
    this.pipeline = pipeline
    this.fleet = fleet
    this.roots = roots
  }

  write(): Sheet {
    const { sheet, pipeline } = this
    this.imports()
    this.open('$pipeline', 'return')
    for (const step of pipeline.plan.steps) this.step(step)
    this.reply()
    sheet.line('}')
    return sheet
  }

  inputs(): string {
    const { sheet, pipeline } = this
    this.imports()
    for (const step of allSteps(pipeline.plan)) {
      const call = callOf(step)
      if (call === undefined || !pipeline.written.has(call.input)) continue
      this.open(`$${step.index}`, 'throw $any')
      this.declared = new Set(['event'])
      const blocks = this.blocks.towards(pipeline.plan, step)
      if (step.when !== undefined)
        this.expression(step.when, WHEN, 'if (!(', ')) throw $any;', step)
      this.expression(call.input, { kind: 'input', handler: call.handler }, 'return (', ')', step)
      sheet.line(`${'}'.repeat(blocks)}${blocks > 0 ? '\nthrow $any' : ''}\n}`)
    }
    return sheet.text
  }

  /** Up to where the first step begins. */
  private open(name: string, leave: string): void {
    const { sheet, pipeline } = this
    const { when } = pipeline.plan
    sheet.line(`export function ${name}(event: $Event<${this.eventType()}>) {`)
    sheet.line(`const ${DATA} = event.data;`)
    if (when !== undefined && this.expression(when, WHEN, '$boolean(', ');'))
      this.expression(when, WHEN, 'if (!(', `)) ${leave};`)
    this.blocks.self()
  }

  /** Steps with mistakes of their own: what they would give may be anything. */
  private unplanned(): void {
    const ids = new Set(
      allSteps(this.pipeline.plan)
        .filter(hasValue)
        .map(({ id }) => id),
    )
    for (const id of this.pipeline.values)
      if (id !== 'event' && !ids.has(id) && IDENTIFIER.test(id))
        this.sheet.line(`const ${id} = $any;`)
  }

  private imports(): void {
    const { sheet } = this
    sheet.line(`import { ${NAMES} } from '../prelude.ts'`)
    const schemas = new Set<string>()
    const handlers = new Map<string, readonly [StepPlan, Path]>()
    const { plan } = this.pipeline
    for (const name of [
      this.usable(this.source()?.schema),
      ...allSteps(plan).map((step) => this.outOf(step)),
      ...allSteps(plan).map((step) =>
        step.kind === 'request' ? this.replyOf(step.queue) : undefined,
      ),
      plan.from.kind === 'queue' ? this.replyOf(plan.from.queue) : undefined,
    ])
      if (name !== undefined) schemas.add(name)
    for (const step of allSteps(plan)) {
      const call = callOf(step)
      if (call !== undefined && this.isThere(call) && !handlers.has(call.handler))
        handlers.set(call.handler, [step, [...this.placeOf(step), ...pathOfHandler(step)]])
    }
    for (const name of schemas)
      sheet.line(
        `import type { ${this.roots.get(name)} as ${alias('s', name)} } from '../schemas/${name}.ts'`,
      )
    for (const [handler, [step, path]] of handlers) {
      const piece: Piece = {
        slot: { kind: 'handler', handler },
        path,
        text: undefined,
        step: step.index,
      }
      const file = JSON.stringify(`../../../workers/handlers/${handler}.ts`)
      const name = alias('h', handler)
      sheet.named(`import type ${name} from ${file}`, piece)
      sheet.named(`export type ${name}$ = $Handler<typeof ${name}>`, piece)
    }
    this.unplanned()
  }

  /** Without a schema nobody knows what the data is; where a mistake has been found already, it may be anything. */
  private eventType(): string {
    const { plan, written } = this.pipeline
    const { when } = plan
    if (when !== undefined && !written.has(when)) return 'any'
    if (plan.from.kind === 'schedule') return '{ readonly scheduled_at: string }'
    const source = this.source()
    const schema = this.usable(source?.schema)
    if (schema === undefined) return 'any'
    return `${alias('s', schema)}${source?.tombstones === 'deliver' ? ' | null' : ''}`
  }

  private source(): SourcePlan | undefined {
    return sourcePlan(this.fleet.fleet, this.pipeline.plan.from)
  }

  step(step: StepPlan): void {
    if (step.kind === 'route') this.blocks.route(step)
    else if (step.kind === 'split') this.blocks.split(step)
    else this.doing(step)
  }

  private doing(step: SimpleStep): void {
    const { sheet } = this
    const { when } = step
    const isName = hasValue(step) && IDENTIFIER.test(step.id) && this.declares(step.id)
    this.result(step)
    const open = isName ? `const ${step.id} = ` : ''
    const guarded = when !== undefined && this.expression(when, WHEN, '$boolean(', ');', step)
    if (guarded) this.expression(when, WHEN, `${open}(`, ') ? (', step)
    else sheet.line(when === undefined ? `${open}(` : `${open}$any ? (`)
    this.work(step)
    sheet.line(when === undefined ? ');' : ') : undefined;')
  }

  /** False for what is no value, and for an id that is taken. */
  declares(id: string): boolean {
    if (!this.pipeline.values.has(id) || this.declared.has(id)) return false
    this.declared.add(id)
    return true
  }

  /** Expressions, one after another; the last gives the step its value. */
  private work(step: SimpleStep): void {
    const { sheet } = this
    switch (step.kind) {
      case 'call':
        this.input(step, step.call, '')
        break
      case 'cache': {
        this.expression(step.key, { kind: 'cacheKey' }, '$cacheKey(', '),', step)
        if (step.tags !== undefined)
          this.expression(step.tags, { kind: 'cacheTags' }, '$cacheTags(', '),', step)
        this.input(step, step.load, ',')
        const schema = this.outOf(step)
        sheet.line(schema === undefined ? '$any' : `$value<${this.cached(step, schema)}>()`)
        break
      }
      case 'forget':
        this.expression(step.tag, { kind: 'cacheTag' }, '$cacheTag(', '),', step)
        sheet.line('undefined')
        break
      case 'dedupe':
        this.expression(step.key, { kind: 'dedupeKey' }, '$dedupeKey(', '),', step)
        sheet.line('undefined')
        break
      case 'window':
        this.window(step)
        break
      case 'map':
        if (!this.expression(step.value, { kind: 'value' }, '(', ')', step)) sheet.line('$any')
        break
      case 'command':
      case 'event':
      case 'job':
      case 'store': {
        const [key, kind] = keyOf(step)
        if (key !== undefined) this.expression(key, { kind }, `$${kind}(`, '),', step)
        if (step.kind === 'store' && step.version !== undefined)
          this.expression(step.version, { kind: 'storeVersion' }, '$storeVersion(', '),', step)
        const { kind: to, name } = destinationOf(step, this.fleet.fleet)
        this.body(step.body, to, name, this.outOf(step), '),', step)
        sheet.line('undefined')
        break
      }
      case 'request': {
        this.body(step.body, 'queue', step.queue, this.outOf(step), '),', step)
        const reply = this.replyOf(step.queue)
        sheet.line(reply === undefined ? '$any' : `$value<${alias('s', reply)}>()`)
      }
    }
  }

  /** Its value has what is measured beside what each window has. */
  private window(step: WindowStepPlan): void {
    const { sheet } = this
    this.expression(step.time, { kind: 'windowTime' }, '$windowTime(', '),', step)
    this.expression(step.group, { kind: 'windowGroup' }, '$windowGroup(', '),', step)
    sheet.line('$windows(')
    if (!this.expression(step.group, { kind: 'windowGroup' }, '(', '),', step)) sheet.line('$any,')
    sheet.line('{')
    for (const { name, value } of step.measures)
      if (!this.expression(value, { kind: 'measure' }, `${name}: $measure(`, '),', step))
        sheet.line(`${name}: $any,`)
    sheet.line('})')
  }

  /** Must fit the schema, to the last field where it is closed. */
  private body(
    body: ExpressionPlan,
    to: (Slot & { kind: 'body' })['to'],
    name: string,
    schema: string | undefined,
    after: string,
    step: StepPlan | undefined,
  ): void {
    const type = schema === undefined ? 'any' : alias('s', schema)
    const slot: Slot = { kind: 'body', to, name, schema: schema ?? '' }
    this.expression(body, slot, `$body<${type}>(`, after, step, true)
    if (schema !== undefined && isClosed(this.fleet.schemas[schema] as Schema, body))
      this.expression(body, slot, `$closed<${type}>()(`, after, step, true)
  }

  /** What the pipeline answers, after its last step. */
  private reply(): void {
    const { reply, from } = this.pipeline.plan
    if (reply === undefined || from.kind !== 'queue') return
    this.body(reply, 'answer', from.queue, this.replyOf(from.queue), ');', undefined)
  }

  private replyOf(queue: string): string | undefined {
    const { queues } = this.fleet.fleet
    return this.usable(Object.hasOwn(queues, queue) ? queues[queue]?.reply : undefined)
  }

  private input(step: StepPlan, call: CallPlan, after: string): void {
    const there = this.isThere(call)
    const type = there ? `typeof ${alias('h', call.handler)}` : 'any'
    const slot: Slot = { kind: 'input', handler: call.handler }
    const open = `$call<${type}>(`
    if (!this.expression(call.input, slot, open, `)${after}`, step))
      this.sheet.line(`${open}$any)${after}`)
  }

  /** What a cache is filled with must fit its schema. */
  private result(step: StepPlan): void {
    const schema = this.outOf(step)
    if (step.kind !== 'cache' || schema === undefined || !this.isThere(step.load)) return
    const { handler } = step.load
    this.sheet.named(
      `$result<${this.cached(step, schema)}>($value<$Result<typeof ${alias('h', handler)}>>());`,
      {
        slot: { kind: 'result', handler, cache: step.cache, schema },
        path: [...this.placeOf(step), 'cache', 'load', 'call'],
        text: undefined,
        step: step.index,
      },
    )
  }

  /** A cache that remembers what is not there gives null for it. */
  private cached({ cache }: CacheStepPlan, schema: string): string {
    const absent = this.fleet.fleet.caches[cache]?.absentMs !== undefined
    return `${alias('s', schema)}${absent ? ' | null' : ''}`
  }

  /** False when there is none that is right by itself. */
  expression(
    plan: ExpressionPlan,
    slot: Slot,
    before: string,
    after: string,
    step?: StepPlan,
    /** The event as a whole is known from the condition of the pipeline on. */
    within = step !== undefined,
  ): boolean {
    const path = this.pipeline.written.get(plan)
    if (path === undefined) return false
    this.sheet.line(before)
    const text = withConstants(plan.text, within)
    this.sheet.expression({ slot, path, text: plan.text, step: step?.index }, text)
    this.sheet.line(after)
    return true
  }

  private outOf(step: StepPlan): string | undefined {
    const { fleet } = this.fleet
    if (step.kind === 'cache') return this.usable(schemaOf(fleet.caches, step.cache))
    return sends(step) || step.kind === 'request'
      ? this.usable(destinationOf(step, fleet).schema)
      : undefined
  }

  private placeOf({ index }: StepPlan): Path {
    return this.pipeline.places[index] as Path
  }

  private usable(schema: string | undefined): string | undefined {
    return schema !== undefined && this.roots.has(schema) ? schema : undefined
  }

  private isThere({ handler }: CallPlan): boolean {
    return this.fleet.handlers.includes(handler)
  }
}

/** One that holds no others. */
type SimpleStep = Exclude<StepPlan, RouteStepPlan | SplitStepPlan>
