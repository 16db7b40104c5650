// What asking over queues promises, embedded or real: one answer, or one reason why there is none; nobody waits for ever.
import { randomUUID } from 'node:crypto'
import { afterEach, describe, expect, it } from 'vitest'
import type { Queue, QueueDriver } from '../../workers/core/contract.ts'
import type { QueueMessage } from '../../workers/core/message.ts'
import { eventually } from '../support/eventually.ts'
import { recordedLog } from '../support/recorded-log.ts'
import { RecordingIntake } from '../support/recording-intake.ts'
import type { QueueSourceSetup } from './queue-source.contract.ts'
import { messageOf, queueNamed, rejectionOf } from './queue.contract.ts'

export function requestsContract(name: string, setup: QueueSourceSetup): void {
  describe(`requests contract: ${name}`, () => {
    const drivers: QueueDriver[] = []
    const addresses: string[] = []
    const connected = async () => {
      const driver = setup.driver(recordedLog())
      drivers.push(driver)
      await driver.connect()
      return driver
    }
    const withQueue = async () => {
      const asker = await connected()
      const queue: Queue = { ...queueNamed(`asked-${randomUUID()}`), reply: 'values/price' }
      addresses.push(queue.address)
      await asker.ensureQueues([queue])
      return { asker, queue }
    }
    /** Reads the queue on a driver of its own; answers nothing by itself. */
    const answering = async (queue: Queue) => {
      const driver = await connected()
      const intake = new RecordingIntake()
      const source = driver.source({ queue, prefetch: 100 })
      await source.start(intake)
      const asked = async (count: number) => {
        await eventually(`${count} questions`, () => intake.seen.length >= count)
        return intake.seen.map(({ message }) => message as QueueMessage)
      }
      const answer = (message: QueueMessage, body: string) =>
        driver.requests.answer(
          { queue: message.replyTo ?? 'nowhere', correlationId: message.correlationId },
          messageOf(`answer to ${message.id}`, body),
        )
      return { driver, asked, answer }
    }
    const never = new AbortController().signal
    const ask = ({ asker, queue }: { asker: QueueDriver; queue: Queue }, id: string, ms = 10_000) =>
      asker.requests.ask(queue, messageOf(id), ms, never)
    const textOf = ({ value }: { value: Uint8Array | null }) => Buffer.from(value ?? []).toString()

    afterEach(async () => {
      await Promise.all(drivers.splice(0).map((driver) => driver.close()))
      await setup.remove(addresses.splice(0))
    })

    it('gives each question its own answer, in whatever order they come', async () => {
      const here = await withQueue()
      const { asked, answer } = await answering(here.queue)
      const answers = ['a', 'b', 'c'].map((id) => ask(here, id))
      const questions = await asked(3)
      expect(questions.map(({ id }) => id)).toEqual(['a', 'b', 'c'])
      expect(here.asker.requests.pending).toBe(3)
      for (const question of questions.toReversed())
        expect(await answer(question, `to ${question.id}`)).toBe(true)
      expect((await Promise.all(answers)).map(textOf)).toEqual(['to a', 'to b', 'to c'])
      expect(here.asker.requests.pending).toBe(0)
    })

    it('carries the headers of an answer', async () => {
      const here = await withQueue()
      const { driver, asked } = await answering(here.queue)
      const answer = ask(here, 'a')
      const [question] = await asked(1)
      await driver.requests.answer(
        { queue: question?.replyTo ?? '', correlationId: question?.correlationId },
        { ...messageOf('reply'), headers: { 'sluice-refused-code': 'SLU5102' } },
      )
      expect((await answer).headers).toMatchObject({ 'sluice-refused-code': 'SLU5102' })
    })

    it('gives up after its time, and lets a late answer go', async () => {
      const here = await withQueue()
      const { asked, answer } = await answering(here.queue)
      const failed = rejectionOf(ask(here, 'slow', 300))
      const [question] = await asked(1)
      expect(await failed).toMatchObject({ code: 'SLU5310', failure: 'transient', outage: false })
      expect(here.asker.requests.pending).toBe(0)
      expect(await answer(question as QueueMessage, 'late')).toBe(true)
      const next = ask(here, 'next')
      const [, second] = await asked(2)
      await answer(second as QueueMessage, 'in time')
      expect(textOf(await next)).toBe('in time')
    })

    it('takes the first of two answers', async () => {
      const here = await withQueue()
      const { asked, answer } = await answering(here.queue)
      const first = ask(here, 'a')
      const [question] = await asked(1)
      await answer(question as QueueMessage, 'one')
      await answer(question as QueueMessage, 'two')
      expect(textOf(await first)).toBe('one')
      const second = ask(here, 'b')
      const [, again] = await asked(2)
      await answer(again as QueueMessage, 'three')
      expect(textOf(await second)).toBe('three')
    })

    it('does not hand over a question that nobody took in time', async () => {
      const here = await withQueue()
      expect(await rejectionOf(ask(here, 'stale', 200))).toMatchObject({ code: 'SLU5310' })
      const fresh = ask(here, 'fresh')
      const { asked, answer } = await answering(here.queue)
      const questions = await asked(1)
      expect(questions.map(({ id }) => id)).toEqual(['fresh'])
      await answer(questions[0] as QueueMessage, 'here')
      expect(textOf(await fresh)).toBe('here')
    })

    it('says that who asked is gone', async () => {
      const here = await withQueue()
      const { asked, answer } = await answering(here.queue)
      const lost = rejectionOf(ask(here, 'a'))
      const [question] = await asked(1)
      await here.asker.close()
      expect(await lost).toMatchObject({ code: 'SLU5301', outage: true })
      await eventually(
        'the answer comes back',
        async () => (await answer(question as QueueMessage, 'nobody')) === false,
      )
    })

    it('ends with the reason of its signal', async () => {
      const { asker, queue } = await withQueue()
      const given = new AbortController()
      const asked = asker.requests.ask(queue, messageOf('a'), 10_000, given.signal)
      given.abort(new Error('given up'))
      await expect(asked).rejects.toThrow('given up')
      expect(asker.requests.pending).toBe(0)
    })

    it('rejects a question to a queue that is not there', async () => {
      const { asker, queue } = await withQueue()
      const missing = { ...queue, address: `missing-${randomUUID()}` }
      expect(
        await rejectionOf(asker.requests.ask(missing, messageOf('a'), 10_000, never)),
      ).toMatchObject({ code: 'SLU5304' })
      expect(asker.requests.pending).toBe(0)
    })
  })
}
