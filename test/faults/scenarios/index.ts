// Every scenario, in the order of the faults.
import type { Scenario } from '../scenario.ts'
import { absentBrokers } from './absent-brokers.ts'
import { brokerOutages } from './broker-outages.ts'
import { disks } from './disks.ts'
import { kafka } from './kafka.ts'
import { letters } from './letters.ts'
import { networks } from './networks.ts'
import { poison } from './poison.ts'
import { pressure } from './pressure.ts'
import { queues } from './queues.ts'
import { rebalances } from './rebalances.ts'
import { redis } from './redis.ts'
import { repeats } from './repeats.ts'
import { surroundings } from './surroundings.ts'
import { workerKills } from './worker-kills.ts'
import { workerStops } from './worker-stops.ts'

const numberOf = ({ fault }: Scenario) => Number(fault.slice(1))

export const SCENARIOS: readonly Scenario[] = [
  ...workerKills,
  ...workerStops,
  ...brokerOutages,
  ...networks,
  ...absentBrokers,
  ...rebalances,
  ...letters,
  ...poison,
  ...repeats,
  ...queues,
  ...redis,
  ...kafka,
  ...disks,
  ...pressure,
  ...surroundings,
].toSorted((a, b) => numberOf(a) - numberOf(b))
