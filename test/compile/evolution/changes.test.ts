// Each kind of change gives its code at its place in the new schema, in the direction that it breaks.
import { describe, expect, test } from 'vitest'
import { CODES } from '../../../workers/core/codes.ts'
import { edited, FLEET } from '../project.ts'
import { CHANGES } from './changes.ts'
import { evolution } from './project-states.ts'

const SCHEMA = 'schemas/events/order.json'
/** The topic `orders` alone has the schema that changes. */
const fleetWith = (compatibility: string) =>
  edited(
    'orders: { in: events, schema: events/other',
    `orders: { in: events, compatibility: ${compatibility}, schema: events/order`,
    FLEET.replaceAll('schema: events/order', 'schema: events/other'),
  )

const said = (old: object, now: object, compatibility = 'full') =>
  evolution(
    {
      'pipelines/fleet.yaml': fleetWith(compatibility),
      'schemas/events/other.json': '{}',
      [SCHEMA]: JSON.stringify(old),
    },
    { [SCHEMA]: JSON.stringify(now) },
  ).diagnostics

describe('a change of a schema', () => {
  test.each(CHANGES)('$what', ({ old, now, expect: expected, says }) => {
    const found = said(old, now)
    const short = found.map(({ severity, code, message }) => {
      const [, direction, pointer] =
        / (backward|forward) compatible: .*, at (#\S*);/.exec(message) ?? []
      return `${direction} ${code}${severity === 'warning' ? '?' : ''} ${pointer}`
    })
    expect(short.toSorted()).toEqual(expected.toSorted())
    for (const { file, message } of found) {
      expect(file).toBe(SCHEMA)
      expect(message).toMatch(/^topic "orders" .*; read by billing$/)
    }
    if (says !== undefined)
      expect(found.map(({ message, hint }) => `${message} ${hint}`).join('\n')).toContain(says)
  })

  test('each kind of it is shown', () => {
    const shown = CHANGES.flatMap((change) => change.expect.map((one) => one.split(/[ ?]/)[1]))
    const codes = Object.keys(CODES).filter((code) => code >= 'SLU0375' && code <= 'SLU0383')
    expect(codes.filter((code) => !shown.includes(code))).toEqual([])
  })
})
