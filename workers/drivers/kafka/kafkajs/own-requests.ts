// Requests that our own kafkajs clients make in another way. Whoever else uses kafkajs in this process keeps its own.
//
// 1. Of the partitions of one request kafkajs throws the first that failed, and with it the answers for all others. Whoever produces
//    here looks at each partition's `errorCode`, and asks for new metadata where kafkajs did so because of what was thrown.
// 2. It alters configs by the request that resets whatever is not in it; Kafka has had one that sets what is in it, and no more, since 2.3.
import type { Kafka } from 'kafkajs'
import {
  alterConfigs,
  Encoder,
  expectInternals,
  makerOfClusters,
  produceRequests,
  type AlterConfigs,
  type AskedBroker,
  type AskingCluster,
  type ProduceRequests,
} from './internals.ts'

/** Of every cluster that the client makes from now on. */
export function askInOurWay(kafka: Kafka): void {
  const { own, name } = makerOfClusters<AskingCluster>(kafka)
  const create = own[name] as (options: unknown) => AskingCluster
  own[name] = (options) => {
    const cluster = create(options)
    const find = cluster.findBroker
    expectInternals(typeof find === 'function', 'a cluster finds its brokers in another way')
    cluster.findBroker = async (node) => ours(await find.call(cluster, node))
    return cluster
  }
}

const seen = new WeakSet<AskedBroker>()

function ours(broker: AskedBroker): AskedBroker {
  if (seen.has(broker)) return broker
  seen.add(broker)
  instead(broker, 'produce', EACH_PARTITION)
  instead(broker, 'alterConfigs', ONLY_WHAT_IS_NAMED)
  return broker
}

/** The broker uses that definition of the request. */
function instead(broker: AskedBroker, name: 'produce' | 'alterConfigs', definition: object): void {
  const ask = broker[name]
  broker[name] = (request) => {
    const { lookupRequest } = broker
    let looked = false
    broker.lookupRequest = (key) => {
      looked = true
      return lookupRequest(key, definition)
    }
    try {
      return ask.call(broker, request)
    } finally {
      broker.lookupRequest = lookupRequest
      expectInternals(looked, `${name} looks its request up at another time`)
    }
  }
}

export function answerForEachPartition({ protocol, versions }: ProduceRequests): ProduceRequests {
  for (const version of versions) {
    const { response } = protocol({ version })({ topicData: [] })
    const { decode, parse } = response
    const known = typeof decode === 'function' && typeof parse === 'function'
    expectInternals(known, `the answer to Produce ${version} is read in another way`)
  }
  return {
    versions,
    protocol(choice) {
      const make = protocol(choice)
      return (payload) => {
        const { request, response } = make(payload)
        return { request, response: { ...response, parse: (data) => Promise.resolve(data) } }
      }
    },
  }
}

/** https://kafka.apache.org/protocol.html#The_Messages_IncrementalAlterConfigs, version 0; its response is that of the other. */
function alterOnlyWhatIsNamed({ protocol, versions }: AlterConfigs): AlterConfigs {
  const SET = 0
  const { response } = protocol({ version: 0 })({ resources: [], validateOnly: true })
  return {
    versions,
    protocol:
      () =>
      ({ resources, validateOnly }) => ({
        response,
        request: {
          apiKey: 44,
          apiVersion: 0,
          apiName: 'IncrementalAlterConfigs',
          encode: () => {
            const encoded = resources.map(({ type, name, configEntries }) => {
              const entries = configEntries.map((entry) =>
                new Encoder().writeString(entry.name).writeInt8(SET).writeString(entry.value),
              )
              return new Encoder().writeInt8(type).writeString(name).writeArray(entries)
            })
            return Promise.resolve(new Encoder().writeArray(encoded).writeBoolean(validateOnly))
          },
        },
      }),
  }
}

const EACH_PARTITION = answerForEachPartition(produceRequests)
const ONLY_WHAT_IS_NAMED = alterOnlyWhatIsNamed(alterConfigs)
