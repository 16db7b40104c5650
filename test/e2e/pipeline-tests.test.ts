// `sluice test --real`: the same cases on real brokers come to the same verdicts, by the same steps, as in virtual time.
import { expect, test } from 'vitest'
import { FILES, inProject, order } from '../testing/project.ts'
import { readTopic } from './support/brokers-io.ts'
import { sluice } from './support/worker-process.ts'

const PIPELINE = (FILES['pipelines/billing.yaml'] ?? '')
  .replace('first: 30s, max: 30s', 'first: 100ms, max: 100ms')
  .replace('{ to: alerts, body', '{ to: notices, key: "\'dear.\' + event.key", body')
  .replace(/ {2}guard: .*\n/, '')

const throws = (outcome: string) => `, handlers: { quote: [${outcome}] }`

const TESTS = `pipeline: billing
cases:
  - name: a dear order is announced and told
    given:
      handlers: { quote: [{ return: { total: 101 } }] }
      events: [${order('a1')}]
    expect:
      commands: { notices: [{ key: dear.a, value: { total: 101 } }] }
      events: { billed: [{ key: a, headers: { ce_type: billed }, value: { total: 101 } }] }
      caches: { prices: [{ key: a1, value: { total: 101 } }] }
  - name: a known price is not asked for
    given:
      caches: { prices: [{ key: a1, value: { total: 8 } }] }
      events: [${order('a1')}]
    expect:
      calls: { quote: 0, charge: 1 }
      events: { billed: [{ value: { total: 8 } }] }
  - name: what fails is tried again, what cannot work is given up, what is no message is set aside
    given:
      events:
        - ${order('a1', throws('{ throw: { message: no } }, { return: { total: 6 } }'))}
        - ${order('a2', throws('{ throw: { message: never, permanent: true } }'))}
        - ${order('b1', throws('{ throw: { message: no } }'))}
        - ${order('a3')}
        - { key: c, raw: '{' }
        - { key: d, value: null }
        - { key: e, value: { id: e1, sku: free } }
    expect:
      events: { billed: [{ value: { total: 6 } }, { value: { total: 5 } }] }
      deadLetters:
        orders.dlq:
          - { code: SLU5102, step: price, attempts: 1, contains: { id: a2 } }
          - { code: SLU5101, step: price, attempts: 4, contains: { id: b1 } }
          - { code: SLU5001, raw: '{' }
          - { code: SLU5004, value: null }
      counts: { acked: 2, deadLettered: 4, filtered: 1, retried: 4 }
  - name: this one is wrong
    given: { events: [${order('a1')}] }
    expect: { events: { billed: [{ value: { total: 6 } }] } }
  - name: a queue is away
    given:
      events: [${order('a1')}]
      faults: [{ connection: work, away: { from: 0ms, for: 1s } }]
    expect: { others: allow }
  - name: an hour passes
    given: { events: [${order('a1', ', after: 1h')}] }
    expect: { others: allow }
`

interface Case {
  readonly name: string
  readonly status: string
  readonly reason?: string
  readonly failures: unknown
  readonly given: readonly object[]
}
interface Report {
  readonly brokers: string
  readonly prefix?: string
  readonly cases: readonly Case[]
}

test('real brokers agree with embedded ones, and say what they cannot do', () =>
  inProject(
    { 'pipelines/billing.yaml': PIPELINE, 'pipelines/billing.test.yaml': TESTS },
    async (root) => {
      const run = async (...flags: string[]) => {
        const args = ['test', '--project', root, '--format', 'json', ...flags]
        const { code, stdout, stderr } = await sluice(args).finished
        expect(stderr).toBe('')
        expect(code).toBe(1)
        return JSON.parse(stdout) as Report
      }
      const embedded = await run()
      const real = await run('--real')
      expect(real.brokers).toBe('real')
      expect(embedded.cases.map(({ status }) => status).join(' ')).toBe(
        'passed passed passed failed passed passed',
      )
      const course = ({ name, status, failures, given }: Case) => ({
        name,
        status,
        failures,
        given,
      })
      expect(real.cases.slice(0, 4).map(course)).toEqual(embedded.cases.slice(0, 4).map(course))
      expect(real.cases.slice(4).map(({ status, reason }) => [status, reason])).toEqual([
        ['not-run', 'connection work of real brokers cannot be taken away'],
        ['not-run', 'it waits 3600 s, and on real brokers time is real'],
      ])
      // They were there, and they hold it.
      const [billed] = await readTopic(`${real.prefix}1.billed`)
      expect(JSON.parse(String(billed?.value))).toEqual({ total: 101 })
    },
  ))
