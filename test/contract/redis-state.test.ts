// The state store on Redis against the contract of all state stores, on a real Redis.
import { openServerSite, stateServer } from './redis-desk.ts'
import { stateContract } from './state.contract.ts'

stateContract('Redis', stateServer(openServerSite))
