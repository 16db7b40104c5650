// What other services send to the platform in one run, and what must become of each of it; the same for the same seed.
import type { Entry } from '../../../../workers/oracle/ledger.ts'
import predict from '../../../../workers/handlers/predict.ts'
import { repeatable } from '../load.ts'

const MODELS = ['sales_model_v0', 'sales_model_v1', 'sales_model_v2'] as const
const AT = '2026-01-01T00:00:00Z'

export type Sink =
  'prediction_results' | 'alerts.review' | 'audit_log' | 'notifications.chat' | 'trainings'

export type Sent =
  | { readonly to: 'topic'; readonly name: string; readonly key: string; readonly value: Buffer }
  | { readonly to: 'command'; readonly name: string; readonly id: string; readonly value: Buffer }

export interface PlatformLoad {
  readonly sent: readonly Sent[]
  /** By the pipeline that takes them. */
  readonly entries: Readonly<Record<'predictions' | 'life' | 'trainings', readonly Entry[]>>
  /** Ids of alerts that must arrive, beside those of no prediction. */
  readonly drifted: readonly string[]
  readonly told: readonly string[]
  /** The newest version of each entity. */
  readonly features: ReadonlyMap<string, number>
  readonly questions: readonly { readonly question: Question; readonly score: number }[]
  /** Events that no pipeline can take; there is such a command as well. */
  readonly broken: readonly string[]
}

interface Question {
  readonly model_id: string
  readonly features: { readonly user_id: number; readonly product_id: number }
}

export const scoreOf = (question: Question): number =>
  // It needs nothing of its context.
  (predict(question as never, undefined as never) as { score: number }).score

export interface Amounts {
  readonly predictions: number
  readonly life: number
  readonly features: number
  readonly trainings: number
  readonly questions: number
}

export function platformLoad(amounts: Amounts, seed = 1): PlatformLoad {
  const random = repeatable(seed)
  const below = (count: number) => Math.floor(random() * count)
  const model = () => MODELS[below(MODELS.length)] as string
  const json = (value: object) => Buffer.from(JSON.stringify(value))
  const sent: Sent[] = []
  const places = new Map<string, number>()
  const placeOf = (key: string) => {
    const place = places.get(key) ?? 0
    places.set(key, place + 1)
    return place
  }
  const question = (): Question => ({
    model_id: model(),
    features: { user_id: 1 + below(100), product_id: 1 + below(12) },
  })

  const predictions = Array.from({ length: amounts.predictions }, (_, n): Entry => {
    const id = `p${n}`
    const { features, model_id } = question()
    const key = `user-${features.user_id}`
    const chance = random()
    const event = { event_id: id, event_type: 'prediction_request', timestamp: AT, features }
    const base = { id, key, place: placeOf(key) }
    const send = (value: Buffer) => sent.push({ to: 'topic', name: 'ml_events', key, value })
    if (chance < 0.01) {
      send(Buffer.from(`{"event_id":"${id}",`))
      return { ...base, fatal: true }
    }
    if (chance < 0.02) {
      send(json({ ...event, model_id: 'sales_model_v9' }))
      return { ...base, fatal: true }
    }
    send(json({ ...event, model_id }))
    const alerts = scoreOf({ model_id, features }) > 0.9
    const sinks: Sink[] = ['prediction_results', ...(alerts ? (['alerts.review'] as const) : [])]
    return { ...base, fatal: false, sinks }
  })

  const drifted: string[] = []
  const told: string[] = []
  const life = Array.from({ length: amounts.life }, (_, n): Entry => {
    const event_id = `l${n}`
    const key = model()
    const base = { event_id, model_id: key, version: n + 1, timestamp: AT }
    const kind = below(4)
    const value =
      kind === 0
        ? { ...base, event_type: 'model_drifted', drift: below(100) / 100 }
        : kind === 1
          ? { ...base, event_type: 'model_deployed', endpoint: `/models/${key}` }
          : { ...base, event_type: 'model_registered', owner: 'somebody' }
    if (kind === 0) drifted.push(event_id)
    if (kind === 1) told.push(event_id)
    sent.push({ to: 'topic', name: 'model_life', key, value: json(value) })
    return { id: event_id, key, place: placeOf(key), fatal: false, sinks: ['audit_log'] }
  })

  const features = new Map<string, number>()
  for (let n = 0; n < amounts.features; n++) {
    const entity = `user:${below(200)}`
    features.set(entity, n + 1)
    const update = { event_id: `f${n}`, entity, version: n + 1, timestamp: AT, values: { n } }
    sent.push({ to: 'topic', name: 'feature_updates', key: entity, value: json(update) })
  }

  const trainings = Array.from({ length: amounts.trainings }, (_, n): Entry => {
    const job_id = `t${n}`
    const job = {
      job_id,
      model_id: model(),
      version: n + 1,
      model_type: 'classification',
      dataset: 'customers',
      hyperparameters: { epochs: n % 10 === 9 ? 0 : 5 },
    }
    // Whoever sends it does not know whether it arrived, and sends it again.
    for (let time = 0; time < 2; time++)
      sent.push({ to: 'command', name: 'training_jobs', id: job_id, value: json(job) })
    return { id: job_id, key: job_id, place: 0, fatal: n % 10 === 9, sinks: ['trainings'] }
  })

  const broken = ['bad-life', 'bad-update']
  const bad = (id: string) => json({ event_id: id, event_type: 'model_promoted' })
  sent.push(
    { to: 'topic', name: 'model_life', key: 'bad', value: bad('bad-life') },
    { to: 'topic', name: 'feature_updates', key: 'bad', value: bad('bad-update') },
    { to: 'command', name: 'training_jobs', id: 'bad-training', value: bad('bad-training') },
  )
  const questions = Array.from({ length: amounts.questions }, () => {
    const asked = question()
    return { question: asked, score: scoreOf(asked) }
  })
  return {
    sent: shuffledWithin(sent, random),
    entries: { predictions, life, trainings },
    drifted,
    told,
    features,
    questions,
    broken,
  }
}

/** All sources at once, and each in its own order. */
function shuffledWithin(sent: readonly Sent[], random: () => number): Sent[] {
  const lanes = [...Map.groupBy(sent, ({ name }) => name).values()]
  const left = lanes.map((lane) => [...lane].reverse())
  return sent.map(() => {
    let at = Math.floor(random() * left.reduce((sum, lane) => sum + lane.length, 0))
    const lane = left.find((one) => (at -= one.length) < 0)
    return lane?.pop() as Sent
  })
}
