// One line under one fault: its load, its workers, what the fault may cost, and the account at the end. It is over only when everything is accounted for.
import { randomUUID } from 'node:crypto'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { account, findings, type Account, type SeenEffect } from '../../workers/oracle/ledger.ts'
import { createTopics, readTopic, topicSize } from '../e2e/support/brokers-io.ts'
import { until } from '../e2e/support/worker-process.ts'
import type { Profile } from './profile.ts'
import type { Brokers } from './stage/brokers.ts'
import { commits, effectCount, residueOf } from './stage/counts.ts'
import { FEEDS } from './stage/feed.ts'
import { CONCURRENCY, makeProject, type Line, type Project, type SinkName } from './stage/line.ts'
import { makeLoad, type Item, type LoadShape } from './stage/load.ts'
import { readLetters, storePrefix, VIEWS, watchWrites, type WriteWatch } from './stage/views.ts'
import { PATIENCE_MS, WorkerProcess, type WorkerOptions } from './stage/workers.ts'

export interface OrdealParts {
  readonly line: Line
  readonly profile: Profile
  readonly brokers: Brokers
  readonly say: (line: string) => void
}

export interface Outcome {
  readonly account: Account
  /** Why it failed, a line each; empty: it holds. */
  readonly failures: readonly string[]
  /** What was seen beside: figures for the table. */
  readonly notes: readonly string[]
}

type Sink = Exclude<SinkName, 'cache'>

export class Ordeal {
  readonly profile: Profile
  readonly brokers: Brokers
  readonly line: Line
  readonly prefix: string
  readonly say: (line: string) => void
  private readonly project: Project
  private readonly watch: WriteWatch | undefined
  private readonly items: Item[] = []
  private readonly workers: WorkerProcess[] = []
  private readonly failures: string[] = []
  private readonly notes: string[] = []
  private readonly robbed: Sink[] = []
  private readonly limits = new Map<SinkName, number>()
  private readonly codes = new Map<string, string>()
  private readonly taken: SeenEffect[] = []
  private readonly undo: (() => Promise<unknown>)[] = []
  private noisy = false
  private allowed = 0
  private inserted = 0

  private constructor(
    parts: OrdealParts,
    prefix: string,
    project: Project,
    watch: WriteWatch | undefined,
  ) {
    this.profile = parts.profile
    this.brokers = parts.brokers
    this.line = parts.line
    this.say = parts.say
    this.prefix = prefix
    this.project = project
    this.watch = watch
  }

  static async open(parts: OrdealParts): Promise<Ordeal> {
    const prefix = `fault-${randomUUID().slice(0, 8)}.`
    await createTopics([
      { topic: `${prefix}incoming`, numPartitions: 4 },
      { topic: `${prefix}outgoing`, numPartitions: 4 },
      { topic: `${prefix}incoming.dlq`, numPartitions: 1, maxBytes: 2 * 1024 * 1024 },
    ])
    const stores = parts.line.to.includes('store')
    const watch = stores ? await watchWrites(storePrefix(prefix)) : undefined
    return new Ordeal(parts, prefix, await makeProject(parts.line), watch)
  }

  get concurrency(): number {
    return this.line.concurrency ?? CONCURRENCY
  }

  /** As many as the profile says where `shape` does not; they are on their broker when it resolves. */
  async feed(shape: Partial<LoadShape> = {}): Promise<readonly Item[]> {
    const items = makeLoad(
      { messages: this.profile.messages, first: this.inserted, ...shape },
      this.line,
    )
    this.inserted += items.length
    this.items.push(...items)
    await FEEDS[this.line.from](this.prefix, items)
    if (this.line.from === 'topic') {
      // What the producer itself doubled would look as if a worker had done it again.
      const size = await topicSize(`${this.prefix}incoming`)
      if (size !== this.inserted) throw new Error(`${this.inserted} were sent, ${size} are there`)
    }
    return items
  }

  /** One of so many parts of the load, enough for a moment's work: whatever happens now happens in the midst of it. */
  async feedPart(parts: number): Promise<void> {
    const messages = Math.ceil(this.profile.messages / parts)
    await this.feed({ messages, lastsMs: 6_000, malformed: 97, transient: 83, permanent: 211 })
  }

  /** Items that are on the broker again: repeats that their producer made. */
  refeed(items: readonly Item[]): Promise<void> {
    return FEEDS[this.line.from](this.prefix, items)
  }

  worker(options: WorkerOptions = {}): WorkerProcess {
    const worker = new WorkerProcess(this.project.dir, this.prefix, options)
    this.workers.push(worker)
    return worker
  }

  /** So many messages may be done again from now on. */
  allow(messages: number): void {
    this.allowed += messages
  }

  /** One worker that is killed, or loses what it holds: what its promise allows. */
  allowEnd(ends = 1): void {
    this.allow(ends * 2 * this.concurrency)
  }

  /** The fault itself takes away what these brokers had. */
  rob(...sinks: Sink[]): void {
    this.robbed.push(...sinks)
  }

  /** No effect of this sink may happen more often. */
  limit(sink: SinkName, times: number): void {
    this.limits.set(sink, times)
  }

  check(holds: boolean, what: string): void {
    if (!holds) this.failures.push(what)
  }

  /** The item ends in a dead letter of that code. */
  expectLetter(id: string, code: string): void {
    this.codes.set(id, code)
  }

  /** Its workers are made to say things that nobody should hear. */
  expectNoise(): void {
    this.noisy = true
  }

  /** Whatever happens: done when the scenario is over. */
  afterwards(undo: () => Promise<unknown>): void {
    this.undo.push(undo)
  }

  /** What stands on the queue of the commands is read, and counts. */
  async takeCommands(): Promise<void> {
    this.taken.push(...(await VIEWS.command(this.prefix, undefined)))
  }

  /** What its handlers call fails, or works again. */
  async down(on: boolean): Promise<void> {
    const flag = join(this.project.dir, 'down')
    await (on ? writeFile(flag, '') : rm(flag))
  }

  /** Ids that are done, or are dead letters. */
  async done(): Promise<Set<string>> {
    const letters = await readLetters(this.prefix, this.line.letters ?? 'incoming.dlq')
    const ids = new Set(letters.map(({ id }) => id))
    for (const { id } of await VIEWS.event(this.prefix, undefined)) ids.add(id)
    return ids
  }

  /** Dead letters so far. */
  letters(): Promise<number> {
    return topicSize(`${this.prefix}incoming.dlq`)
  }

  /** The fault itself took them away before anybody had read them. */
  forget(ids: readonly string[]): void {
    const gone = new Set(ids)
    this.items.splice(0, this.items.length, ...this.items.filter(({ id }) => !gone.has(id)))
  }

  /** What waits in the source. */
  async residue(): Promise<number> {
    const left = await residueOf(this.prefix, this.line.from)
    return Object.values(left).reduce((sum, n) => sum + n, 0)
  }

  note(what: string): void {
    this.notes.push(what)
    this.say(what)
  }

  /** Nothing to wait for is known but time itself: a fault lasts. */
  pause(ms: number): Promise<void> {
    return new Promise((done) => setTimeout(done, this.profile.wait(ms)))
  }

  until(what: string, look: () => Promise<boolean> | boolean, withinMs = PATIENCE_MS) {
    return until(what, look, withinMs)
  }

  /** Effects so far, of the last sink. */
  progress(): Promise<number> {
    return effectCount(this.prefix, this.line.to.at(-1) as SinkName, this.watch)
  }

  /** That share of the load is done. */
  async reaches(share: number): Promise<void> {
    const wanted = share * this.items.length
    await this.slowly(
      `${Math.round(share * 100)} % are done`,
      async () => (await this.progress()) >= wanted,
    )
  }

  /** New effects come; how long that took, since `at`. */
  async flows(at = performance.now(), more = 1): Promise<number> {
    const before = await this.progress()
    await this.slowly('effects flow', async () => (await this.progress()) >= before + more)
    return performance.now() - at
  }

  /** For what costs a connection to look at. */
  private slowly(what: string, look: () => Promise<boolean>): Promise<void> {
    return until(
      what,
      async () => {
        const there = await look()
        if (!there) await new Promise((done) => setTimeout(done, 250))
        return there
      },
      PATIENCE_MS,
    )
  }

  /** What is committed now was finished before: no offset without its effects or its letter. */
  async checkCommits(): Promise<void> {
    const committed = await commits(this.prefix)
    const finished = await this.done()
    for (const { partition, offset, value } of await readTopic(`${this.prefix}incoming`)) {
      if (Number(offset) >= (committed.get(partition) ?? 0)) continue
      const id = /e\d+/.exec(String(value))?.[0] ?? ''
      if (finished.has(id)) continue
      this.failures.push(`${partition}/${offset} (${id}) is committed and not finished`)
      return
    }
  }

  /** Runs whatever is left to its end, and accounts for everything. */
  async close(): Promise<Outcome> {
    for (const worker of this.workers.filter(({ alive }) => alive)) {
      // Before it hears signals it is no worker yet.
      await worker.runs()
      // A wait for another attempt is cut off: whoever takes the message begins anew.
      const waiting = this.items.filter(({ act }) => act === 'transient').length
      this.allow(Math.min(this.concurrency, waiting))
      const code = await worker.stop()
      this.check(code === 0, `a worker that was told to stop ended with ${code}`)
    }
    const last = await this.worker({ untilIdle: true }).finished
    this.check(
      last.code === 0,
      `the last worker ended with ${last.code}:\n${last.stderr.slice(-2_000)}`,
    )
    await this.checkReports()
    if (this.line.to.includes('command')) await this.takeCommands()
    const effects = new Map<Sink, readonly SeenEffect[]>()
    for (const sink of this.line.to)
      if (sink === 'command') effects.set(sink, this.taken)
      else if (sink !== 'cache') effects.set(sink, await VIEWS[sink](this.prefix, this.watch))
    const letters = await readLetters(this.prefix, this.line.letters ?? 'incoming.dlq')
    for (const [id, code] of this.codes) {
      const codes = letters.filter((letter) => letter.id === id).map((letter) => letter.code)
      this.check(codes.includes(code), `${id} is no dead letter ${code}: ${codes.join(', ')}`)
    }
    const residue = await residueOf(this.prefix, this.line.from)
    const result = account(
      this.items,
      { effects, letters, residue },
      {
        repeats: this.allowed,
        ordered: this.line.from === 'topic' ? ['event', 'command'] : [],
        robbed: this.robbed,
      },
    )
    for (const [sink, times] of this.limits) {
      const worst = result.worst[sink] ?? 0
      this.check(worst <= times, `a ${sink} happened ${worst} times, and may ${times}`)
    }
    return {
      account: result,
      failures: [...this.failures, ...findings(result)],
      notes: this.notes,
    }
  }

  /** Each worker that came to its end has accounted for what it accepted, and none said anything unheard-of. */
  private async checkReports(): Promise<void> {
    for (const worker of this.workers) {
      const counts = (await worker.report())?.pipelines['line']
      if (counts !== undefined) {
        const { accepted, acked, filtered, deadLettered, duplicates, parked } = counts
        const sum = acked + filtered + deadLettered + duplicates + parked
        this.check(accepted === sum, `a worker accepted ${accepted} messages and knows of ${sum}`)
      }
      const stray = /.*(unhandled|uncaught|TypeError|ReferenceError).*/i.exec(worker.said)?.[0]
      this.check(stray === undefined || this.noisy, `a worker said: ${stray}`)
    }
  }

  /** Whatever happened: nothing of it runs on. */
  async dispose(): Promise<void> {
    const folder = process.env['FAULTS_LOGS']
    if (folder !== undefined)
      for (const [n, { said }] of this.workers.entries())
        await writeFile(`${folder}/${this.prefix}${n}.log`, said)
    for (const worker of this.workers)
      if (worker.alive) {
        // A paused process dies as well.
        await worker.kill()
      }
    for (const undo of this.undo.toReversed()) await undo()
    this.watch?.close()
    await this.project.remove()
  }
}
