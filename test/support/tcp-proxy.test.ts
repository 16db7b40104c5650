// The proxy through which faults come: nothing of it may be a fault of its own.
import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { eventually } from './eventually.ts'
import { createTcpProxy, type TcpProxy } from './tcp-proxy.ts'

/** Says everything back. */
async function echo(): Promise<{ proxy: TcpProxy; client: Socket; heard: () => Buffer }> {
  const server = createServer((socket) => {
    socket.on('error', () => {})
    socket.pipe(socket)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const proxy = await createTcpProxy({
    host: '127.0.0.1',
    port: (server.address() as AddressInfo).port,
  })
  const client = connect({ host: proxy.host, port: proxy.port, allowHalfOpen: true })
  client.on('error', () => {})
  await once(client, 'connect')
  let bytes = Buffer.alloc(0)
  client.on('data', (chunk) => (bytes = Buffer.concat([bytes, chunk])))
  onTestFinished(async () => {
    client.destroy()
    await proxy.close()
    server.close()
  })
  return { proxy, client, heard: () => bytes }
}

const SAID = Buffer.from(Array.from({ length: 5_000 }, (_, n) => n % 251))

test.each([
  ['slivers', { sliceBytes: 1 }],
  ['latency with jitter', { latencyMs: 30, jitterMs: 30 }],
  ['a trickle', { bytesPerSecond: 50_000 }],
])('%s: every byte arrives, in order', async (_, slowness) => {
  const { proxy, client, heard } = await echo()
  proxy.slow(slowness)
  for (let at = 0; at < SAID.length; at += 500) client.write(SAID.subarray(at, at + 500))
  await eventually('everything came back', () => heard().length === SAID.length)
  expect(heard().equals(SAID)).toBe(true)
})

test('what a black hole swallowed flows on afterwards', async () => {
  const { proxy, client, heard } = await echo()
  client.write('before')
  await eventually('it is heard', () => heard().length === 6)
  proxy.blackhole()
  client.write(' after')
  await new Promise((done) => setTimeout(done, 50))
  expect(String(heard())).toBe('before')
  await proxy.restore()
  await eventually('the rest is heard', () => String(heard()) === 'before after')
})

test('half-closed: the client hears the end and may still speak', async () => {
  const { proxy, client } = await echo()
  await eventually('the pair is there', () => proxy.connections() === 1)
  const ended = once(client, 'end')
  client.resume()
  proxy.halfClose()
  await ended
  expect(client.writable).toBe(true)
  client.end()
  await eventually('the pair is gone', () => proxy.connections() === 0)
  expect(proxy.opened()).toBe(1)
})

test('cut and refused: connections are reset, and none is taken until it is restored', async () => {
  const { proxy, client } = await echo()
  await eventually('the pair is there', () => proxy.connections() === 1)
  const closed = new Promise((done) => client.once('close', done))
  await proxy.refuse()
  await closed
  const refused = connect({ host: proxy.host, port: proxy.port })
  const [error] = (await once(refused, 'error')) as [NodeJS.ErrnoException]
  expect(error.code).toBe('ECONNREFUSED')
  await proxy.restore()
  const again = connect({ host: proxy.host, port: proxy.port })
  await once(again, 'connect')
  again.destroy()
})
