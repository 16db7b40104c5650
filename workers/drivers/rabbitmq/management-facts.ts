// What the management API tells of a broker: its nodes and their alarms, its connections, what is unacknowledged, what we may do.
import type { NodeFacts, QueueFacts, RabbitmqFacts } from '../../core/facts.ts'
import { SluiceError } from '../../core/errors.ts'
import type { RabbitmqSettings } from './errors.ts'
import type { Management } from './management.ts'

export interface BrokerFacts extends Pick<
  RabbitmqFacts,
  'connections' | 'permissions' | 'unasked'
> {
  readonly nodes: readonly NodeFacts[] | null
  /** By address; null: nobody could be asked. */
  readonly queues: ReadonlyMap<string, Pick<QueueFacts, 'unacknowledged' | 'rates'>> | null
}

/** GET /api/nodes; of a node that is down only name and running. */
interface ApiNode {
  readonly name: string
  readonly running: boolean
  readonly mem_alarm?: boolean
  readonly disk_free_alarm?: boolean
  readonly partitions?: readonly string[]
  readonly mem_used?: number
  readonly mem_limit?: number
  readonly disk_free?: number
  readonly disk_free_limit?: number
}

interface ApiQueue {
  readonly messages_unacknowledged?: number
  /** Absent of a queue that never had a message. */
  readonly message_stats?: {
    readonly publish_details?: { readonly rate: number }
    readonly deliver_get_details?: { readonly rate: number }
  }
}

const QUEUE =
  '?columns=name,messages_unacknowledged,message_stats.publish_details.rate,message_stats.deliver_get_details.rate'
const NODE =
  '?columns=name,running,mem_alarm,disk_free_alarm,partitions,mem_used,mem_limit,disk_free,disk_free_limit'

export async function brokerFacts(
  management: Management,
  { user, vhost }: RabbitmqSettings,
  addresses: readonly string[],
): Promise<BrokerFacts> {
  const [nodes, connections, queues, permissions] = await Promise.all([
    // Of the whole broker: a user who may only see the virtual host is told less.
    optional(management.readAny<readonly ApiNode[]>(['nodes'], NODE)),
    management.readAny<readonly unknown[]>(['vhosts', vhost, 'connections'], '?columns=name'),
    Promise.all(
      addresses.map((address) => management.readAny<ApiQueue>(['queues', vhost, address], QUEUE)),
    ),
    optional(
      management.readAny<NonNullable<RabbitmqFacts['permissions']>>(['permissions', vhost, user]),
    ),
  ])
  return {
    nodes: nodes?.map(nodeFacts) ?? null,
    connections: connections?.length ?? null,
    queues: new Map(queues.map((queue, nth) => [addresses[nth] ?? '', queueFacts(queue)])),
    permissions:
      permissions === undefined
        ? null
        : {
            configure: permissions.configure,
            write: permissions.write,
            read: permissions.read,
          },
  }
}

/** Undefined for what this user may not see. */
async function optional<T>(answer: Promise<T | undefined>): Promise<T | undefined> {
  try {
    return await answer
  } catch (thrown) {
    if (thrown instanceof SluiceError && thrown.code === 'SLU1141') return undefined
    throw thrown
  }
}

const queueFacts = ({ messages_unacknowledged: held, message_stats: stats }: ApiQueue = {}) => ({
  unacknowledged: held ?? 0,
  rates: { in: stats?.publish_details?.rate ?? 0, out: stats?.deliver_get_details?.rate ?? 0 },
})

function nodeFacts(node: ApiNode): NodeFacts {
  return {
    name: node.name,
    running: node.running,
    alarms: [
      ...(node.mem_alarm === true ? ['memory'] : []),
      ...(node.disk_free_alarm === true ? ['disk'] : []),
    ],
    partitions: node.partitions ?? [],
    memory: { usedBytes: node.mem_used ?? 0, limitBytes: node.mem_limit ?? 0 },
    disk: { freeBytes: node.disk_free ?? 0, limitBytes: node.disk_free_limit ?? 0 },
  }
}
