// `sluice doctor`: examines every connection of the fleet step by step, and says the next command for what is wrong.
import { resolveSetting } from '../../compile/settings.ts'
import { printable } from '../../compile/render.ts'
import type { ConnectionPlan } from '../../core/plan.ts'
import { examineFleet, type Diagnosis, type Whereabouts } from '../../ops/doctor/doctor.ts'
import type { Composition } from '../composition.ts'
import { hasRegistry, kafkaConfig, rabbitmqConfig, redisConfig } from '../drivers.ts'
import { EXIT } from '../exit.ts'
import { compileProject, findProject, useColor } from '../project.ts'
import { checkLines, painter, sign } from './health-text.ts'

export interface DoctorOptions {
  readonly project?: string
  readonly format: 'text' | 'json'
}

/** Returns the exit code: 3 when a broker did not answer, 1 when one that did is unwell. */
export async function doctor(options: DoctorOptions, composition: Composition): Promise<number> {
  const { world, env, log, admins } = composition
  const compiled = await compileProject(findProject(options.project), process.stderr, log)
  if (compiled === undefined) return EXIT.usage
  const { plan } = compiled
  const prefix = resolveSetting(plan.prefix, env)
  resolveSetting(plan.profile, env)
  const { inspectors: factories } = composition.drivers(false)
  const whereabouts = (connection: ConnectionPlan) => whereaboutsOf(connection, env)
  const found = await examineFleet({ plan, prefix, factories, admins, whereabouts, world, log })
  process.stdout.write(
    options.format === 'json'
      ? `${JSON.stringify(found)}\n`
      : diagnosisText(found, useColor(process.stdout)),
  )
  if (found.connections.some(({ answered }) => !answered)) return EXIT.environment
  return found.status === 'fail' ? EXIT.failed : EXIT.ok
}

function whereaboutsOf(connection: ConnectionPlan, env: NodeJS.ProcessEnv): Whereabouts {
  const nobody = { user: '', vhost: '' }
  switch (connection.kind) {
    case 'kafka': {
      const { brokers } = kafkaConfig(connection, env)
      hasRegistry(connection, env)
      const endpoints = brokers.map((broker) => {
        const at = broker.lastIndexOf(':')
        return { host: broker.slice(0, at), port: Number(broker.slice(at + 1)) }
      })
      return { endpoints, ...nobody }
    }
    case 'rabbitmq': {
      const { host, port, user, vhost } = rabbitmqConfig(connection, env)
      return { endpoints: [{ host, port }], user, vhost }
    }
    case 'redis': {
      const found = redisConfig(connection, env)
      const endpoints =
        'cluster' in found ? found.cluster : [{ host: found.host, port: found.port }]
      return { endpoints, ...nobody }
    }
  }
}

function diagnosisText({ fleet, connections }: Diagnosis, colour: boolean): string {
  const paint = painter(colour)
  const all = connections.flatMap(({ findings }) => findings)
  const count = (status: string) => all.filter((finding) => finding.status === status).length
  const sections = connections.map(
    ({ connection, kind, status, where, target, version, findings }) =>
      [
        `${sign(status, paint)} ${paint('bold', printable(connection))}  ${kind} ${version === null ? '' : `${printable(version)} `}${target === '' ? '' : `at ${printable(target)}`}  ${paint('dim', where)}`,
        ...findings.flatMap((finding) => checkLines(finding, paint)),
      ].join('\n'),
  )
  const summary = `${printable(fleet)}: ${all.length} findings, ${count('fail')} fail, ${count('warn')} warn`
  return `${[...sections, paint('bold', summary)].join('\n\n')}\n`
}
