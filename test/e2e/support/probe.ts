// What a worker says of itself over its probes, by the port that it logs.
import type { Running } from './worker-process.ts'

export interface Probe {
  /** The status of `/readyz`, and the detail of each check by its name. */
  ready(): Promise<{ status: number; details: Readonly<Record<string, string>> }>
  /** One line of `/metrics` by its whole beginning; 0 when there is none. */
  metric(line: string): Promise<number>
}

export async function probeOf(running: Running): Promise<Probe> {
  const port = /"probes":(\d+)/.exec(await running.said(/"probes":\d+.*\n/))?.[1]
  const at = (path: string) => fetch(`http://127.0.0.1:${port}${path}`)
  return {
    async ready() {
      const answer = await at('/readyz')
      const { checks } = (await answer.json()) as { checks: Record<string, { detail: string }> }
      const details = Object.entries(checks).map(([name, { detail }]) => [name, detail] as const)
      return { status: answer.status, details: Object.fromEntries(details) }
    },
    async metric(line) {
      const text = await (await at('/metrics')).text()
      const found = text.split('\n').find((one) => one.startsWith(`${line} `))
      return Number(found?.slice(line.length + 1) ?? 0)
    },
  }
}
