// Guide, "Troubleshooting": what it asks by hand of each broker, asked by `sluice doctor` and `sluice lag`.
import type { Diagnosis } from '../../../workers/ops/doctor/doctor.ts'
import type { Lag } from '../../../workers/ops/lag.ts'
import { holds, type Exercise } from '../exercise.ts'
import type { Stage } from '../stage.ts'

/** The findings of the connection whose names match, each of which is good. */
async function found({ ask }: Stage, kind: string, names: readonly string[]): Promise<string> {
  const { connections } = await ask<Diagnosis>('doctor')
  const one = connections.find((connection) => connection.kind === kind)
  const details = names.map((name) => {
    const finding = one?.findings.find((each) => each.name.startsWith(name))
    holds(finding?.status === 'pass', `${name}: ${JSON.stringify(finding)}`)
    return finding.detail
  })
  return details.join('; ')
}

export const TROUBLESHOOTING: readonly Exercise[] = [
  {
    row: 'Redis: ping, logs, memory',
    does: (stage) => found(stage, 'redis', ['TCP', 'login', 'latency', 'memory']),
  },
  {
    row: 'RabbitMQ: queues, connections, cluster status',
    does: (stage) => found(stage, 'rabbitmq', ['queue alerts', 'connections', 'node', 'topology']),
  },
  {
    row: 'Kafka: groups and their lag',
    async does({ ask }) {
      const { groups } = await ask<Lag>('lag')
      const one = groups.find(({ name }) => name === 'predictions')
      holds(one, JSON.stringify(groups))
      return `${groups.map(({ name }) => name).join(', ')}; predictions: ${one.lag} behind on ${one.partitions.length} partitions`
    },
  },
]
