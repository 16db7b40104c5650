// A Redis connection leads to one server or to a cluster, in every environment, and to one of them only.
import type { RedisPlan } from '../core/plan.ts'
import type { Diagnostics } from './diagnostics.ts'
import { mapOf } from './raw.ts'
import { mayBeEmpty } from './settings.ts'
import type { Path, YamlFile } from './yaml-file.ts'

/** `body`: what was written of the connection. */
export function checkRedisWay(
  file: YamlFile,
  path: Path,
  { name, host, cluster }: RedisPlan,
  body: unknown,
  out: Diagnostics,
): void {
  if (cluster === undefined) {
    if (host === undefined)
      out.error(
        'SLU0577',
        file.key(path.slice(0, -1)),
        `connection "${name}" names neither a host nor a cluster`,
        "add host: '${REDIS_HOST:-localhost}', or cluster: '${REDIS_CLUSTER_NODES}'",
      )
    return
  }
  if ('value' in cluster) namedOnce(file, path, cluster.value, out)
  const unused = ['host', 'port'].find((field) => Object.hasOwn(mapOf(body), field))
  if (mayBeEmpty(cluster)) {
    if (host === undefined)
      out.error(
        'SLU0579',
        file.at([...path, 'cluster']),
        `"cluster" may be empty, and connection "${name}" names no host`,
        "add host: '${REDIS_HOST:-localhost}', or leave out the empty default",
      )
  } else if (unused !== undefined)
    out.error(
      'SLU0578',
      file.key([...path, unused]),
      `"${unused}" is never used: connection "${name}" is a cluster in every environment`,
      `remove it; or let the environment choose: cluster: '\${REDIS_CLUSTER_NODES:-}'`,
    )
}

function namedOnce(file: YamlFile, path: Path, list: string, out: Diagnostics): void {
  const nodes = list.split(',').map((node) => node.trim())
  const twice = nodes.find((node, nth) => nodes.indexOf(node) !== nth)
  if (twice !== undefined)
    out.error(
      'SLU0223',
      file.at([...path, 'cluster']),
      `"cluster" names ${twice} twice`,
      'name each node once; two or three of them are enough',
    )
}
