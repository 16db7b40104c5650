// What other services of the demo's platform do: they train models, follow their lives, update features, ask for scores and for what the warehouse knows.
import type { FleetClient } from '../client/shape.ts'
import { isoTime, type World } from '../core/clock.ts'
import type { Fleet } from '../generated/fleet.ts'

const MODELS = ['sales_model_v0', 'sales_model_v1', 'sales_model_v2'] as const
const TURN_MS = 250

/** Until `isOver`. Rejects with what could not be sent; a question without an answer is the asker's affair. */
export async function runPlatform(
  fleet: FleetClient<Fleet>,
  isOver: () => boolean,
  world: World,
): Promise<void> {
  const { clock } = world
  for (let turn = 0; !isOver(); turn++) {
    await Promise.all([
      updateFeatures(fleet, turn, world),
      ...(turn % 4 === 1 ? [askForScore(fleet, turn)] : []),
      ...(turn % 4 === 3 ? [useSession(fleet, turn, world)] : []),
      ...(turn % 2 === 1 ? [askWarehouse(fleet, turn)] : []),
      ...(turn % 40 === 5 ? [changeTable(fleet, turn, world)] : []),
      ...(turn % 8 === 2 ? [live(fleet, turn, world)] : []),
      ...(turn % 12 === 3 ? [train(fleet, turn, world)] : []),
    ])
    await clock.sleep(TURN_MS)
  }
}

const modelOf = (turn: number) => MODELS[turn % MODELS.length] as string

async function updateFeatures(
  fleet: FleetClient<Fleet>,
  turn: number,
  { clock, random, ids }: World,
): Promise<void> {
  const entity = `user:${1 + Math.floor(random.next() * 100)}`
  await fleet.topic('feature_updates').publish(
    {
      event_id: ids.next(),
      entity,
      version: turn + 1,
      timestamp: isoTime(clock.now()),
      values: { orders: Math.floor(random.next() * 50), visits: Math.floor(random.next() * 500) },
    },
    { key: entity },
  )
}

async function askForScore(fleet: FleetClient<Fleet>, turn: number): Promise<void> {
  const question = {
    model_id: modelOf(turn),
    features: { user_id: 1 + (turn % 100), product_id: 1 + (turn % 12) },
  }
  await fleet
    .request('score_requests')
    .ask(question, { withinMs: 2_000 })
    .catch(() => {})
}

/** Somebody comes, looks at a model, and goes in the end. */
async function useSession(
  fleet: FleetClient<Fleet>,
  turn: number,
  { clock }: World,
): Promise<void> {
  const sessions = fleet.store('sessions')
  const user_id = 1 + (Math.floor(turn / 4) % 10)
  const key = `session-${user_id}`
  const known = await sessions.get(key, ['started_at'])
  const started_at = known?.started_at ?? isoTime(clock.now())
  if (turn % 60 === 59) await sessions.destroy(key)
  else await sessions.put(key, { user_id, started_at, model_id: modelOf(turn) })
}

const QUESTIONS = [
  { table: 'orders', group_by: 'country' },
  { table: 'orders', group_by: 'month' },
  { table: 'users', group_by: 'country' },
  { table: 'visits', group_by: 'month' },
] as const
const questionOf = (turn: number) =>
  QUESTIONS[Math.floor(turn / 2) % QUESTIONS.length] as (typeof QUESTIONS)[number]

async function askWarehouse(fleet: FleetClient<Fleet>, turn: number): Promise<void> {
  await fleet
    .request('query_requests')
    .ask(questionOf(turn), { withinMs: 2_000 })
    .catch(() => {})
}

async function changeTable(
  fleet: FleetClient<Fleet>,
  turn: number,
  { clock, ids }: World,
): Promise<void> {
  const { table } = questionOf(turn)
  await fleet
    .topic('table_changes')
    .publish({ event_id: ids.next(), table, timestamp: isoTime(clock.now()) }, { key: table })
}

async function train(fleet: FleetClient<Fleet>, turn: number, { ids }: World): Promise<void> {
  await fleet.command('training_jobs').send({
    job_id: ids.next(),
    model_id: modelOf(turn),
    version: turn + 1,
    model_type: 'classification',
    dataset: 'customers',
    hyperparameters: { epochs: 20 + (turn % 60) },
  })
}

async function live(
  fleet: FleetClient<Fleet>,
  turn: number,
  { clock, random, ids }: World,
): Promise<void> {
  const model_id = modelOf(turn)
  const base = {
    event_id: ids.next(),
    model_id,
    version: turn + 1,
    timestamp: isoTime(clock.now()),
  }
  const drift = Math.round(random.next() * 100) / 100
  const event =
    random.next() < 0.5
      ? { ...base, event_type: 'model_drifted' as const, drift }
      : { ...base, event_type: 'model_deployed' as const, endpoint: `/models/${model_id}` }
  await fleet.topic('model_life').publish(event, { key: model_id })
}
