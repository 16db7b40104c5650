// Stores on Redis against the contract of all stores, on a real Redis.
import { openServerSite, storeServer } from './redis-desk.ts'
import { storeContract } from './store.contract.ts'

storeContract('Redis', storeServer(openServerSite))
