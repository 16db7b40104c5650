// So many connections that ask a path once a second each, for so long; prints what they saw. Arguments: URL, connections, seconds.
import { Agent, get } from 'node:http'

/** What all watchers saw together; milliseconds. */
export interface Watched {
  readonly requests: number
  /** Requests without an answer of 200 in full. */
  readonly errors: number
  readonly p50: number
  readonly p99: number
  readonly slowest: number
}

const [url = '', connections = '0', seconds = '0'] = process.argv.slice(2)
const took: number[] = []
let errors = 0

function ask(agent: Agent): Promise<void> {
  const since = performance.now()
  return new Promise((resolve) => {
    const failed = () => {
      errors++
      resolve()
    }
    get(url, { agent, timeout: 10_000 }, (response) => {
      response.on('error', failed)
      response.on('end', () => {
        took.push(performance.now() - since)
        if (response.statusCode !== 200) errors++
        resolve()
      })
      response.resume()
    }).on('error', failed)
  })
}

async function watcher(number: number, count: number): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  const startedAt = performance.now() + (number / count) * 1_000
  for (let turn = 0; turn < Number(seconds); turn++) {
    const wait = startedAt + turn * 1_000 - performance.now()
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait))
    await ask(agent)
  }
  agent.destroy()
}

const count = Number(connections)
await Promise.all(Array.from({ length: count }, (_, number) => watcher(number, count)))
const sorted = took.toSorted((a, b) => a - b)
const at = (share: number) => sorted[Math.floor((sorted.length - 1) * share)] ?? Number.NaN
const watched: Watched = {
  requests: took.length,
  errors,
  p50: at(0.5),
  p99: at(0.99),
  slowest: at(1),
}
process.stdout.write(`${JSON.stringify(watched)}\n`)
