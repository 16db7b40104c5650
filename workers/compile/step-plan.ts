// Plans the steps of one pipeline in their order: each sees the values of those before it.
import type { CallPlan, ExpressionPlan, StepPlan } from '../core/plan.ts'
import type { Diagnostics } from './diagnostics.ts'
import type { StepCode } from './emit.ts'
import { planExpression } from './expression-plan.ts'
import { fill } from './grammar/fill.ts'
import type { Written } from './grammar/parts.ts'
import { VERBS, type Verb } from './grammar/steps.ts'
import { known } from './names.ts'
import type { Surroundings } from './pipeline-plan.ts'
import { isMap, listOf, mapOf, position, textOf, type Raw } from './raw.ts'
import {
  checkAsked,
  checkJobs,
  checkKey,
  checkTopic,
  exchangeOf,
  type Asking,
} from './step-destinations.ts'
import { StepNames } from './step-names.ts'
import { handlerIsThere } from './step-handler.ts'
import { listsIn, verbOf } from './step-shape.ts'
import { leaseMsOf } from '../core/lease-time.ts'
import { milliseconds } from './units.ts'
import { planWindow } from './window-plan.ts'
import type { Path, YamlFile } from './yaml-file.ts'

export interface PlannedStep {
  readonly plan: StepPlan
  readonly code: StepCode
}

export interface Compiled {
  readonly code: string
  readonly plan: ExpressionPlan
}

/** What all kinds of steps share. */
interface Base {
  readonly plan: Pick<StepPlan, 'id' | 'index' | 'at' | 'when'>
  readonly code: Pick<StepCode, 'id' | 'index' | 'when'>
  readonly path: Path
}

const A_STORE = 'a store: what is in it is there to be kept'
const A_CACHE = 'a cache: what is in it is there to be forgotten'

/** Of all steps, those within others included. */
const idsIn = (steps: readonly unknown[]): unknown[] =>
  steps.flatMap((step) => [
    mapOf(step)['id'],
    ...listsIn(mapOf(step)).flatMap((inner) => idsIn(inner.steps)),
  ])

export class StepPlanner {
  private readonly file: YamlFile
  private readonly around: Surroundings
  private readonly out: Diagnostics
  private readonly names: StepNames
  /** Where each expression that is right by itself is written. */
  readonly written = new Map<ExpressionPlan, Path>()
  /** Where each step is written, by its index. */
  readonly places: Path[] = []

  constructor(file: YamlFile, around: Surroundings, out: Diagnostics) {
    this.names = new StepNames(idsIn(listOf(mapOf(file.value)['steps'])))
    this.file = file
    this.around = around
    this.out = out
  }

  private get asking(): Asking {
    return { file: this.file, fleet: this.around.fleet, out: this.out }
  }

  /** What expressions may name somewhere. */
  get values(): ReadonlySet<string> {
    return this.names.everywhere
  }

  /** The list at `path`; what is no step there has no place in the plan. */
  steps(written: readonly unknown[], path: Path): PlannedStep[] {
    return written
      .map((step, at) => (isMap(step) ? this.step(step, [...path, at]) : undefined))
      .filter((step): step is PlannedStep => step !== undefined)
  }

  private step(raw: Raw, path: Path): PlannedStep | undefined {
    const { file, names, out } = this
    const index = this.places.push(path) - 1
    const verb = verbOf(raw)
    const when = this.expression([...path, 'when'], raw['when'])
    const id = String(raw['id'])
    const at = position(file, verb === undefined ? path : [...path, verb])
    const base: Base = {
      plan: { id, index, at, when: when?.plan },
      code: { id, index, when: when?.code },
      path: verb === undefined ? path : [...path, verb],
    }
    const planned = verb === undefined ? undefined : this.verb(verb, base, raw[verb])
    names.claim(raw['id'], verb, file, [...path, 'id'], out)
    return planned
  }

  /** Undefined where nothing is written; what is wrong with it is said. */
  expression(path: Path, text: unknown): Compiled | undefined {
    const planned = planExpression(this.file, path, text, this.names.scope, this.out)
    if (planned?.isRight === true) this.written.set(planned.plan, path)
    return planned
  }

  private verb(verb: string, base: Base, body: unknown): PlannedStep | undefined {
    switch (verb as Verb) {
      case 'call':
        return this.call(base, fill(VERBS.call, body))
      case 'cache':
        return this.cache(base, fill(VERBS.cache, body))
      case 'forget':
        return this.forget(base, fill(VERBS.forget, body))
      case 'map':
        return this.map(base, fill(VERBS.map, body))
      case 'command':
        return this.command(base, fill(VERBS.command, body))
      case 'request':
        return this.request(base, fill(VERBS.request, body))
      case 'event':
        return this.event(base, fill(VERBS.event, body))
      case 'job':
        return this.job(base, fill(VERBS.job, body))
      case 'dedupe':
        return this.dedupe(base, fill(VERBS.dedupe, body))
      case 'window':
        return this.window(base, fill(VERBS.window, body))
      case 'store':
        return this.store(base, fill(VERBS.store, body))
      case 'route':
        return this.route(base, fill(VERBS.route, body))
      case 'split':
        return this.split(base, fill(VERBS.split, body))
    }
  }

  private call({ plan, code, path }: Base, written: Written<typeof VERBS.call>): PlannedStep {
    const call = this.handler(path, 'handler', written)
    return {
      plan: { ...plan, kind: 'call', call: call.plan },
      code: { ...code, kind: 'call', input: call.input },
    }
  }

  private map({ plan, code, path }: Base, written: Written<typeof VERBS.map>): PlannedStep {
    const value = this.need([...path, 'value'], written.value)
    return {
      plan: { ...plan, kind: 'map', value: value.plan },
      code: { ...code, kind: 'map', value: value.code },
    }
  }

  private cache({ plan, code, path }: Base, written: Written<typeof VERBS.cache>): PlannedStep {
    const { file, around, out } = this
    const { in: cache, load } = written
    known(file, [...path, 'in'], 'cache', cache, around.fleet.declared?.caches, 'SLU0304', out)
    const key = this.need([...path, 'key'], written.key)
    const tags = this.expression([...path, 'tags'], written.tags)
    const { call: handler, ...rest } = load
    const call = this.handler([...path, 'load'], 'call', { handler, ...rest })
    const { caches } = around.fleet
    const isShared = Object.hasOwn(caches, cache) && caches[cache]?.flight === 'fleet'
    const leaseMs = isShared ? leaseMsOf(call.plan.timeoutMs) : undefined
    return {
      plan: {
        ...plan,
        kind: 'cache',
        cache,
        key: key.plan,
        tags: tags?.plan,
        load: call.plan,
        leaseMs,
      },
      code: { ...code, kind: 'cache', key: key.code, tags: tags?.code, input: call.input },
    }
  }

  private forget({ plan, code, path }: Base, written: Written<typeof VERBS.forget>): PlannedStep {
    const { file, around, out } = this
    const { in: cache } = written
    const { declared } = around.fleet
    const others = declared && new Map(declared.stores.map((name) => [name, A_STORE]))
    known(file, [...path, 'in'], 'cache', cache, declared?.caches, 'SLU0304', out, others)
    const tag = this.need([...path, 'tag'], written.tag)
    return {
      plan: { ...plan, kind: 'forget', cache, tag: tag.plan },
      code: { ...code, kind: 'forget', tags: tag.code },
    }
  }

  private command({ plan, code, path }: Base, written: Written<typeof VERBS.command>): PlannedStep {
    const exchange = exchangeOf(this.asking, [...path, 'to'], written.to)
    const key = this.expression([...path, 'key'], written.key)
    checkKey(this.asking, path, written.to, exchange, key !== undefined)
    const message = this.need([...path, 'body'], written.body)
    const to = exchange === undefined ? { queue: written.to } : { exchange: written.to }
    return {
      plan: { ...plan, kind: 'command', to, key: key?.plan, body: message.plan },
      code: { ...code, kind: 'command', key: key?.code, body: message.code },
    }
  }

  private request({ plan, code, path }: Base, written: Written<typeof VERBS.request>): PlannedStep {
    const { to: queue } = written
    checkAsked(this.asking, [...path, 'to'], queue)
    const body = this.need([...path, 'body'], written.body)
    const timeoutMs = milliseconds(written.timeout)
    return {
      plan: { ...plan, kind: 'request', queue, body: body.plan, timeoutMs },
      code: { ...code, kind: 'request', body: body.code },
    }
  }

  private event({ plan, code, path }: Base, written: Written<typeof VERBS.event>): PlannedStep {
    const { to: topic } = written
    checkTopic(this.asking, [...path, 'to'], topic)
    const key = this.need([...path, 'key'], written.key)
    const message = this.need([...path, 'body'], written.body)
    return {
      plan: { ...plan, kind: 'event', topic, key: key.plan, body: message.plan },
      code: { ...code, kind: 'event', key: key.code, body: message.code },
    }
  }

  private job({ plan, code, path }: Base, written: Written<typeof VERBS.job>): PlannedStep {
    const { to: jobs, delay, priority } = written
    checkJobs(this.asking, [...path, 'to'], jobs)
    const id = this.expression([...path, 'id'], written.id)
    const message = this.need([...path, 'body'], written.body)
    const delayMs = milliseconds(delay)
    return {
      plan: {
        ...plan,
        kind: 'job',
        jobs,
        identity: id?.plan,
        body: message.plan,
        delayMs,
        priority,
      },
      code: { ...code, kind: 'job', key: id?.code, body: message.code },
    }
  }

  private dedupe({ plan, code, path }: Base, written: Written<typeof VERBS.dedupe>): PlannedStep {
    const key = this.need([...path, 'key'], written.key)
    const windowMs = milliseconds(written.window)
    return {
      plan: { ...plan, kind: 'dedupe', key: key.plan, windowMs },
      code: { ...code, kind: 'dedupe', key: key.code },
    }
  }

  private window({ plan, code, path }: Base, written: Written<typeof VERBS.window>): PlannedStep {
    const window = planWindow(written, (field, text) => this.need([...path, ...field], text))
    return { plan: { ...plan, ...window.plan }, code: { ...code, ...window.code } }
  }

  private store({ plan, code, path }: Base, written: Written<typeof VERBS.store>): PlannedStep {
    const { file, around, out } = this
    const { in: store } = written
    const { declared } = around.fleet
    const others = declared && new Map(declared.caches.map((name) => [name, A_CACHE]))
    known(file, [...path, 'in'], 'store', store, declared?.stores, 'SLU0321', out, others)
    const key = this.need([...path, 'key'], written.key)
    const value = this.need([...path, 'value'], written.value)
    const version = this.expression([...path, 'version'], written.version)
    return {
      plan: {
        ...plan,
        kind: 'store',
        store,
        key: key.plan,
        body: value.plan,
        version: version?.plan,
      },
      code: { ...code, kind: 'store', key: key.code, body: value.code, version: version?.code },
    }
  }

  private route({ plan, code, path }: Base, written: Written<typeof VERBS.route>): PlannedStep {
    const only = `its step is in a branch of "${plan.id}", and its value is known only there`
    const branches = written.branches.map((branch, at) => {
      const here = [...path, 'branches', at]
      const when = this.need([...here, 'when'], branch.when)
      return { when, steps: this.within([...here, 'steps'], branch.steps, only) }
    })
    const { steps, fail } = written.otherwise
    const rest = this.within([...path, 'otherwise', 'steps'], steps ?? [], only)
    const otherwise = fail === undefined ? { steps: rest.map((step) => step.plan) } : { fail }
    return {
      plan: {
        ...plan,
        kind: 'route',
        branches: branches.map((one) => ({
          when: one.when.plan,
          steps: one.steps.map((step) => step.plan),
        })),
        otherwise,
      },
      code: {
        ...code,
        kind: 'route',
        branches: branches.map((one) => ({
          when: one.when.code,
          steps: one.steps.map((step) => step.code),
        })),
        otherwise: rest.map((step) => step.code),
      },
    }
  }

  private split({ plan, code, path }: Base, written: Written<typeof VERBS.split>): PlannedStep {
    const { as, limit } = written
    const over = this.need([...path, 'over'], written.over)
    const leave = this.names.within(`it is known within split "${plan.id}" only`)
    this.names.claim(as, undefined, this.file, [...path, 'as'], this.out)
    const itemId = this.expression([...path, 'id'], written.id)
    const steps = this.steps(written.steps, [...path, 'steps'])
    leave()
    return {
      plan: {
        ...plan,
        kind: 'split',
        over: over.plan,
        as,
        itemId: itemId?.plan,
        limit,
        steps: steps.map((step) => step.plan),
      },
      code: {
        ...code,
        kind: 'split',
        over: over.code,
        as,
        itemId: itemId?.code,
        steps: steps.map((step) => step.code),
      },
    }
  }

  /** The steps of a list within a step. */
  private within(path: Path, written: readonly unknown[], why: string): PlannedStep[] {
    const leave = this.names.within(why)
    const steps = this.steps(written, path)
    leave()
    return steps
  }

  private handler(
    path: Path,
    field: string,
    written: Written<typeof VERBS.call>,
  ): { plan: CallPlan; input: string } {
    const { file, out } = this
    const name = textOf(written.handler, '')
    handlerIsThere(file.at([...path, field]), name, this.around.handlers, out)
    const input = this.need([...path, 'input'], written.input)
    const timeoutMs = milliseconds(written.timeout)
    const at = position(file, [...path, field])
    const { declared } = this.around.fleet
    const caches = written.caches.filter((cache, index) =>
      known(file, [...path, 'caches', index], 'cache', cache, declared?.caches, 'SLU0304', out),
    )
    const breaker = this.breaker([...path, 'breaker'], written.breaker)
    const plan = {
      handler: name,
      input: input.plan,
      caches: [...new Set(caches)],
      timeoutMs,
      breaker,
      at,
    }
    return { plan, input: input.code }
  }

  private breaker(path: Path, name: string | undefined): string | undefined {
    const names = this.around.fleet.declared?.breakers
    return known(this.file, path, 'breaker', name, names, 'SLU0213', this.out) ? name : undefined
  }

  private need(path: Path, text: unknown): Compiled {
    const plan = { text: String(text), at: position(this.file, path) }
    return this.expression(path, text) ?? { code: 'undefined', plan }
  }
}
