// Health as people read it: the worst of each broker first, then each of its checks, and what to do about those that do not pass.
import { styleText } from 'node:util'
import { printable } from '../../compile/render.ts'
import type {
  ComponentHealth,
  ConnectionHealth,
  HealthCheck,
  OverallHealth,
  Status,
} from '../../ops/health/health.ts'

const SIGN = { pass: '✓', warn: '!', fail: '✗' } as const
const COLOUR = { pass: 'green', warn: 'yellow', fail: 'red' } as const

export interface Paint {
  (style: Parameters<typeof styleText>[0], text: string): string
}

export const painter =
  (colour: boolean): Paint =>
  (style, text) =>
    colour && text !== '' ? styleText(style, text, { validateStream: false }) : text

export function healthText(health: OverallHealth, colour: boolean): string {
  const paint = painter(colour)
  const { fleet, profile, components, workers } = health
  const lines = [
    `${sign(health.status, paint)} ${paint('bold', printable(fleet))}  ${health.status}, ${profile}`,
    ...Object.values(components).flatMap((component) => ['', ...componentLines(component, paint)]),
    ...(workers === null
      ? []
      : [
          '',
          `${sign(workers.status, paint)} ${paint('bold', 'workers')}`,
          ...workers.checks.flatMap((check) => checkLines(check, paint)),
        ]),
  ]
  return `${lines.join('\n')}\n`
}

export const componentLines = ({ connections }: ComponentHealth, paint: Paint): string[] =>
  Object.entries(connections).flatMap(([name, connection]) => [
    connectionLine(name, connection, paint),
    ...connection.checks.flatMap((check) => checkLines(check, paint)),
  ])

function connectionLine(name: string, health: ConnectionHealth, paint: Paint): string {
  const { status, target, where, version, driver } = health
  const which = version === null || driver === 'embedded' ? '' : ` ${version}`
  return `${sign(status, paint)} ${paint('bold', printable(name))}  ${printable(target)}${printable(which)}  ${paint('dim', where)}`
}

export function checkLines(
  { name, status, detail, code, next }: HealthCheck,
  paint: Paint,
): string[] {
  const said = code === undefined ? '' : `  ${paint('dim', code)}`
  return [
    `  ${sign(status, paint)} ${printable(name)}  ${printable(detail)}${said}`,
    ...(next === undefined ? [] : [`      ${paint('dim', 'next:')} ${next}`]),
  ]
}

export const sign = (status: Status, paint: Paint): string => paint(COLOUR[status], SIGN[status])
