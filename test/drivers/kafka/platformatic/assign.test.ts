// Who is given which partitions, and what the other client of Kafka makes of how that is written.
import { AssignerProtocol } from 'kafkajs'
import { expect, it } from 'vitest'
import {
  assign,
  partitionsIn,
  subscribed,
  subscription,
} from '../../../../workers/drivers/kafka/platformatic/assign.ts'

const member = (memberId: string, ...topics: string[]) => ({ memberId, topics })

it('every partition goes to one member that wants its topic, and to as many as it can', () => {
  const members = [member('b', 'orders'), member('a', 'orders', 'parcels'), member('c', 'parcels')]
  const given = assign(
    members,
    new Map([
      ['orders', 3],
      ['parcels', 3],
      ['nobody', 2],
    ]),
  )
  const of = (topic: string) =>
    ['a', 'b', 'c'].map((id) => partitionsIn(given.get(id) as Buffer, topic))
  expect(of('orders')).toEqual([[0, 2], [1], []])
  expect(of('parcels').map((its) => its.length)).toEqual([
    expect.any(Number),
    0,
    expect.any(Number),
  ])
  expect(new Set(of('parcels').flat())).toEqual(new Set([0, 1, 2]))
  expect(of('nobody').flat()).toEqual([])
})

it('does not depend on the order in which the members are named', () => {
  const members = [member('b', 'orders'), member('a', 'orders'), member('c', 'orders')]
  const counts = new Map([['orders', 7]])
  expect(assign(members.toReversed(), counts)).toEqual(assign(members, counts))
})

it('members on kafkajs read it, and are read', () => {
  const { MemberAssignment, MemberMetadata } = AssignerProtocol
  expect(MemberMetadata.decode(subscription('orders'))?.topics).toEqual(['orders'])
  const theirs = MemberMetadata.encode({
    version: 0,
    topics: ['orders'],
    userData: Buffer.alloc(0),
  })
  expect(subscribed(theirs)).toEqual(['orders'])
  const given = assign([member('a', 'orders')], new Map([['orders', 2]])).get('a') as Buffer
  expect(MemberAssignment.decode(given)?.assignment).toEqual({ orders: [0, 1] })
  const assigned = { version: 0, assignment: { orders: [1, 3] }, userData: Buffer.alloc(0) }
  expect(partitionsIn(MemberAssignment.encode(assigned), 'orders')).toEqual([1, 3])
  expect(partitionsIn(Buffer.alloc(0), 'orders')).toEqual([])
})
