// The Redis driver against the contract of all cache drivers, on a real Redis.
import { cacheContract } from './cache.contract.ts'
import { cacheServer, openServerSite } from './redis-desk.ts'

cacheContract('Redis', cacheServer(openServerSite))
