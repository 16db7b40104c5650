import { once } from 'node:events'
import { spawn } from 'node:child_process'
import { afterEach, describe, expect, it } from 'vitest'
import { end, gone, identify, isAlive, signal } from '../../infra/brokers/process.ts'
import type { ChildProcess } from 'node:child_process'
import type { ProcessId } from '../../infra/brokers/process.ts'

const children: ChildProcess[] = []
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
})

/** A process that says when it is ready and then waits. */
async function waiting(before = ''): Promise<ProcessId> {
  const child = spawn(process.execPath, [
    '-e',
    `${before}; console.log('ready'); setInterval(() => {}, 1e6)`,
  ])
  children.push(child)
  await once(child.stdout, 'data')
  const id = identify(child.pid ?? -1)
  if (id === undefined) throw new Error('the process is not there')
  return id
}

describe('a process known by pid and start time', () => {
  it('is recognised while it lives and not afterwards', async () => {
    const id = await waiting()
    expect(isAlive(id)).toBe(true)
    signal(id, 'SIGKILL')
    expect(await gone(id, 5_000)).toBe(true)
    expect(isAlive(id)).toBe(false)
    expect(signal(id, 'SIGKILL')).toBe(false)
  })

  it('is never confused with another that has its pid', async () => {
    const id = await waiting()
    const former = { ...id, started: String(Number(id.started) - 1) }
    expect(isAlive(former)).toBe(false)
    expect(signal(former, 'SIGKILL')).toBe(false)
    await end(former, 1_000)
    expect(isAlive(id)).toBe(true)
  })

  it('is asked to end, and killed when it does not listen', async () => {
    const id = await waiting('process.on("SIGTERM", () => {})')
    await end(id, 100)
    expect(isAlive(id)).toBe(false)
  })

  it('does not count as alive as a zombie', async () => {
    // The shell never waits for its child, which therefore stays a zombie.
    const shell = spawn('sh', ['-c', 'sleep 0 & echo $!; exec sleep 60'])
    children.push(shell)
    const [line] = (await once(shell.stdout, 'data')) as [Buffer]
    const zombie = Number(line.toString())
    await expect.poll(() => identify(zombie)).toBeUndefined()
  })
})
