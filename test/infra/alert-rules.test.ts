// The alert rules as Prometheus' own tool judges them: valid, firing at each threshold after its time, silent below it.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { compileFleet } from '../../workers/compile/compile.ts'
import { ruleGroups, rulesFile } from '../../workers/ops/alerts/rules-file.ts'
import { promtool } from '../support/prometheus.ts'
import { CASES } from './alert-rules/cases.ts'
import { promtoolTests } from './alert-rules/promtool-tests.ts'

const ROOT = resolve(import.meta.dirname, '../..')
const { plan, diagnostics } = compileFleet(join(ROOT, 'test/e2e/alerts-fleet'))
if (plan === undefined) throw new Error(JSON.stringify(diagnostics))
const rules = ruleGroups(plan).flatMap((group) => group.rules)
const folder = mkdtempSync(join(tmpdir(), 'sluice-rules-'))
afterAll(() => rmSync(folder, { recursive: true }))

const INSTALLING_MS = 300_000

test(
  'the rules of the platform are ones',
  async () => {
    const { fine, said } = await promtool('check', 'rules', join(ROOT, 'infra/alerts.yaml'))
    expect([fine, said]).toEqual([true, expect.stringMatching(/SUCCESS: \d+ rules found/)])
  },
  INSTALLING_MS,
)

test(
  'what Prometheus of the Compose file is told is right',
  async () => {
    const file = join(ROOT, 'infra/prometheus.yaml')
    const { fine, said } = await promtool('check', 'config', '--syntax-only', file)
    expect(fine, said).toBe(true)
  },
  INSTALLING_MS,
)

test(
  'every rule fires at its threshold when it has held for its time, and never below',
  async () => {
    const named = ({ alert, severity }: { alert: string; severity: string }) =>
      `${alert} ${severity}`
    expect(new Set(rules.map(named))).toEqual(new Set(CASES.map(named)))
    for (const rule of rules)
      expect(CASES.some((one) => named(one) === named(rule) && one.below.length > 0)).toBe(true)
    writeFileSync(join(folder, 'rules.yaml'), rulesFile(plan))
    writeFileSync(join(folder, 'tests.yaml'), promtoolTests('rules.yaml', rules, CASES))
    const { fine, said } = await promtool('test', 'rules', join(folder, 'tests.yaml'))
    expect(fine, said).toBe(true)
  },
  INSTALLING_MS,
)

test(
  'a threshold that moved is seen',
  async () => {
    const counted = CASES.filter(({ alert }) => /^Sluice(Lag|QueueDeep|JobsWaiting)$/.test(alert))
    writeFileSync(join(folder, 'moved.yaml'), rulesFile(plan).replaceAll('>= 1000\n', '>= 1001\n'))
    writeFileSync(join(folder, 'tests.yaml'), promtoolTests('moved.yaml', rules, counted))
    const { fine, said } = await promtool('test', 'rules', join(folder, 'tests.yaml'))
    expect(fine).toBe(false)
    for (const { alert } of counted) expect(said).toContain(`${alert} warning: at it`)
  },
  INSTALLING_MS,
)
