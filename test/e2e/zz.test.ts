import { expect, inject, it } from 'vitest'
it('x', () => { console.log(process.version, process.env['KAFKA_BOOTSTRAP_SERVERS']); expect(inject('brokers')['KAFKA_BOOTSTRAP_SERVERS']).toBe(process.env['KAFKA_BOOTSTRAP_SERVERS']) })
