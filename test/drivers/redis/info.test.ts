// What CLUSTER NODES says, read line by line.
import { expect, it } from 'vitest'
import { linesIn } from '../../../workers/drivers/redis/info.ts'

it('tells nodes by their flags, and counts the slots that each of them holds', () => {
  const text = [
    'aa 10.0.0.1:6379@16379,redis-1 myself,master - 0 0 1 connected 0-5460 5462',
    'bb 10.0.0.2:6379@16379 master,fail? - 0 0 2 connected 5461 5463-10922 [93-<-aa]',
    'cc 10.0.0.3:6379@16379 master,fail - 0 0 3 disconnected 10923-16383',
    'dd 10.0.0.4:6379@16379 slave aa 0 0 1 connected',
    'ee :0@0 master,noaddr - 0 0 0 disconnected',
    '',
  ].join('\r\n')
  expect(linesIn(text)).toEqual([
    line('aa', '10.0.0.1:6379', 'master', 'up', 5_462, true),
    line('bb', '10.0.0.2:6379', 'master', 'suspected', 5_461),
    line('cc', '10.0.0.3:6379', 'master', 'down', 5_461),
    line('dd', '10.0.0.4:6379', 'replica', 'up', 0),
    line('ee', ':0', 'master', 'down', 0),
  ])
})

const line = (
  id: string,
  address: string,
  role: string,
  state: string,
  slots: number,
  isMyself = false,
) => ({ id, address, role, state, slots, isMyself })
