// What fleet.yaml declares on one broker, held against what is there: the plan of `sluice plan` for that connection alone, as findings.
import { asError, SluiceError } from '../../core/errors.ts'
import type { FleetPlan } from '../../core/plan.ts'
import { Brokers, type InspectParts } from '../brokers.ts'
import type { Change } from '../changes.ts'
import { fine, wrong, type HealthCheck } from '../health/health.ts'

const LOOK = 'npx sluice plan'
const MAKE = 'npx sluice apply'

/** Never rejects: what cannot be compared is said. */
export async function topologyChecks(
  parts: InspectParts,
  connection: string,
): Promise<HealthCheck[]> {
  const plan = onlyOn(parts.plan, connection)
  const brokers = new Brokers({ ...parts, plan })
  try {
    await brokers.connect()
    const { declared, changes } = await brokers.plan([])
    if (declared === 0) return [fine('topology', 'nothing is declared here')]
    if (changes.length === 0) return [fine('topology', `all ${declared} are as declared`)]
    return changes.map((change) => finding(change, plan.provision))
  } catch (thrown) {
    const error = thrown instanceof SluiceError ? thrown : undefined
    const detail = `it could not be compared: ${asError(thrown).message}`
    return [wrong('topology', 'warn', error?.code ?? 'SLU1184', detail)]
  } finally {
    await brokers.close()
  }
}

/** What is missing is made by workers when they start, if they may. */
function finding(change: Change, provision: boolean): HealthCheck {
  const { symbol, kind, name, field, code } = change
  const what = `${kind} ${name}`
  const isMissing = symbol === '+' && field === null
  const said = isMissing ? 'it is not there' : `${field ?? 'it'} is not as declared`
  const status = isMissing && !provision ? 'fail' : 'warn'
  return { ...wrong(what, status, code ?? 'SLU1187', said), next: isMissing ? MAKE : LOOK }
}

function onlyOn(plan: FleetPlan, connection: string): FleetPlan {
  const here = <T extends { readonly connection: string }>(table: Readonly<Record<string, T>>) =>
    Object.fromEntries(Object.entries(table).filter(([, one]) => one.connection === connection))
  return {
    ...plan,
    // What stands in a registry is a finding of its own.
    topics: mapValues(here(plan.topics), (topic) => ({ ...topic, format: 'json' })),
    exchanges: here(plan.exchanges),
    queues: here(plan.queues),
    jobs: here(plan.jobs),
    state: plan.state?.connection === connection ? plan.state : undefined,
    pipelines: Object.fromEntries(
      Object.entries(plan.pipelines).filter(
        ([, { from }]) => from.kind !== 'schedule' || from.connection === connection,
      ),
    ),
    connectWithinMs: plan.health.withinMs,
  }
}

const mapValues = <A, B>(table: Readonly<Record<string, A>>, map: (value: A) => B) =>
  Object.fromEntries(Object.entries(table).map(([name, value]) => [name, map(value)]))
