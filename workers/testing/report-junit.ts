// A run of tests as JUnit XML, as CI servers read it: one suite a file, one testcase a case.
import { textReport } from './report-text.ts'
import type { CaseResult, TestRun } from './result.ts'

export function junitReport(run: TestRun, root: string): string {
  const suites = [...Map.groupBy(run.cases, ({ file }) => file)]
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="sluice test" ${totals(run.cases)}>`,
    ...suites.flatMap(([file, cases]) => [
      `  <testsuite name="${escaped(file)}" ${totals(cases)}>`,
      ...cases.flatMap((result) => testcase(result, root)),
      '  </testsuite>',
    ]),
    '</testsuites>',
    '',
  ].join('\n')
}

function totals(cases: readonly CaseResult[]): string {
  const count = (status: CaseResult['status']) =>
    cases.filter((result) => result.status === status).length
  const time = cases.reduce((sum, { durationMs }) => sum + durationMs, 0)
  return `tests="${cases.length}" failures="${count('failed')}" errors="0" skipped="${count('not-run')}" time="${seconds(time)}"`
}

function testcase(result: CaseResult, root: string): string[] {
  const { pipeline, name, file, at, durationMs, status, reason, failures } = result
  const open = `    <testcase classname="${escaped(pipeline)}" name="${escaped(name)}" file="${escaped(file)}" line="${at.line}" time="${seconds(durationMs)}"`
  if (status === 'passed') return [`${open}/>`]
  if (status === 'not-run')
    return [`${open}>`, `      <skipped message="${escaped(reason ?? '')}"/>`, '    </testcase>']
  const text = textReport(root, { color: false }).caseText(result)
  return [
    `${open}>`,
    `      <failure message="${escaped(failures.map(({ message }) => message).join('; '))}">${escaped(text)}</failure>`,
    '    </testcase>',
  ]
}

const seconds = (ms: number) => (ms / 1_000).toFixed(3)

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
}

/** For attributes and text alike; what XML 1.0 cannot hold becomes a replacement character. */
export function escaped(text: string): string {
  return text
    .toWellFormed()
    .replace(/(?![\t\n\r])\p{Cc}|[\ufffe\uffff]/gu, '\ufffd')
    .replace(/[&<>"']/g, (char) => ENTITIES[char] as string)
}
