// What state, stores and caches do in one step at the server: Lua, each safe to be run again when nobody knows whether it ran. Time is the server's.
import type { Put, WindowAnswer } from '../../core/contract.ts'
import type { RedisClient } from './client.ts'
import { ADD_TO_WINDOW } from './window-script.ts'

/** h: the place that holds it. m: its message. n: how often that came before. t: its token. u: until when, by the server's clock. d: done. */
const CLAIM = `
local place, token, lease, keep = ARGV[1], ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4])
local message, again = ARGV[5], tonumber(ARGV[6])
local is = redis.call('HMGET', KEYS[1], 'd', 'h', 'u', 'm', 'n')
if is[1] then return {'done', 0} end
local mine = is[4] == message and again > tonumber(is[5])
local at = redis.call('TIME')
local now = at[1] * 1000 + math.floor(at[2] / 1000)
if is[2] and not mine and is[2] ~= place and tonumber(is[3]) > now then
  return {'held', tonumber(is[3]) - now}
end
redis.call('HSET', KEYS[1], 'h', place, 't', token, 'u', now + lease, 'm', message, 'n', again)
redis.call('PEXPIRE', KEYS[1], keep)
return {'taken', 0}`

const DONE = `
redis.call('DEL', KEYS[1])
redis.call('HSET', KEYS[1], 'd', 1)
redis.call('PEXPIRE', KEYS[1], ARGV[1])
return 1`

const HELD = `
local is = redis.call('HMGET', KEYS[1], 'h', 't')
if is[1] ~= ARGV[1] or is[2] ~= ARGV[2] then return 1 end
local at = redis.call('TIME')
redis.call('HSET', KEYS[1], 'u', at[1] * 1000 + math.floor(at[2] / 1000) + tonumber(ARGV[3]))
redis.call('PEXPIRE', KEYS[1], ARGV[4])
return 1`

const OPEN = `
local is = redis.call('HMGET', KEYS[1], 'h', 't')
if is[1] == ARGV[1] and is[2] == ARGV[2] then redis.call('DEL', KEYS[1]) end
return 1`

/** The index of a folder holds until when each of its texts stands; what is over leaves it with the next write. */
const WRITE = `
local name, text, ttl, mode = ARGV[1], ARGV[2], tonumber(ARGV[3]), ARGV[4]
local stands = mode == 'absent' and redis.call('GET', KEYS[2])
if stands and stands ~= text then return 0 end
local at = redis.call('TIME')
local now = at[1] * 1000 + math.floor(at[2] / 1000)
redis.call('SET', KEYS[2], text, 'PX', ttl)
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
redis.call('ZADD', KEYS[1], now + ttl, name)
redis.call('PEXPIRE', KEYS[1], math.max(ttl, redis.call('PTTL', KEYS[1])))
return 1`

/** A hash without fields is none. The mark comes last: what fails half-way is put again. An outdated effect is done with as well. */
const PUT = `
local as, ttl, guard, version = ARGV[1], ARGV[2], tonumber(ARGV[3]), ARGV[4]
if guard > 0 and redis.call('EXISTS', KEYS[2]) == 1 then return 'repeated' end
local stands = version ~= '' and redis.call('GET', KEYS[3])
local outdated = stands and tonumber(stands) > tonumber(version)
if not outdated then
  redis.call('DEL', KEYS[1], KEYS[3])
  if as == 'string' then
    redis.call('SET', KEYS[1], ARGV[5], 'PX', ttl)
  else
    for i = 5, #ARGV, 2 do redis.call('HSET', KEYS[1], ARGV[i], ARGV[i + 1]) end
    redis.call('PEXPIRE', KEYS[1], ttl)
  end
  if version ~= '' then redis.call('SET', KEYS[3], version, 'PX', ttl) end
end
if guard > 0 then redis.call('SET', KEYS[2], 1, 'PX', guard) end
return outdated and 'outdated' or 'written'`

/** Without fields a hash is read whole. A time of 0 leaves that of the value as it is. */
const TAKE = `
local as, ttl = ARGV[1], tonumber(ARGV[2])
if redis.call('EXISTS', KEYS[1]) == 0 then return false end
local found
if as == 'string' then found = {redis.call('GET', KEYS[1])}
elseif #ARGV > 2 then found = redis.call('HMGET', KEYS[1], unpack(ARGV, 3))
else found = redis.call('HGETALL', KEYS[1]) end
if ttl > 0 then
  redis.call('PEXPIRE', KEYS[1], ttl)
  redis.call('PEXPIRE', KEYS[2], ttl)
end
return found`

const TOUCH = `
redis.call('PEXPIRE', KEYS[2], ARGV[1])
return redis.call('PEXPIRE', KEYS[1], ARGV[1])`

const DESTROY = `
redis.call('DEL', KEYS[2])
return redis.call('DEL', KEYS[1])`

const NAMES = `
local at = redis.call('TIME')
return redis.call('ZRANGEBYSCORE', KEYS[1], at[1] * 1000 + math.floor(at[2] / 1000), '+inf')`

const REMOVE = `
redis.call('DEL', KEYS[2])
redis.call('ZREM', KEYS[1], ARGV[1])
return 1`

const RELEASE = `
if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end
return 1`

const AGREE = `
local stands = redis.call('GET', KEYS[1])
if not stands then
  redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
  return ARGV[1]
end
if redis.call('PTTL', KEYS[1]) < tonumber(ARGV[2]) then redis.call('PEXPIRE', KEYS[1], ARGV[2]) end
return stands`

interface Scripts {
  sluiceClaim(
    key: string,
    place: string,
    token: string,
    leaseMs: number,
    keepMs: number,
    message: string,
    again: number,
  ): Promise<['taken' | 'done' | 'held', number]>
  sluiceDone(key: string, keepMs: number): Promise<1>
  sluiceHeld(key: string, place: string, token: string, leaseMs: number, keepMs: number): Promise<1>
  sluiceOpen(key: string, place: string, token: string): Promise<1>
  sluiceWrite(
    index: string,
    key: string,
    name: string,
    text: string,
    ttlMs: number,
    mode: 'any' | 'absent',
  ): Promise<0 | 1>
  sluicePut(
    key: string,
    mark: string,
    version: string,
    as: 'string' | 'hash',
    ttlMs: number,
    guardMs: number,
    number: string,
    ...parts: string[]
  ): Promise<Put>
  sluiceTake(
    key: string,
    version: string,
    as: 'string' | 'hash',
    ttlMs: number,
    ...fields: string[]
  ): Promise<(string | null)[] | null>
  sluiceTouch(key: string, version: string, ttlMs: number): Promise<0 | 1>
  sluiceDestroy(key: string, version: string): Promise<0 | 1>
  sluiceNames(index: string): Promise<string[]>
  sluiceRemove(index: string, key: string, name: string): Promise<1>
  sluiceRelease(key: string, token: string): Promise<1>
  sluiceAgree(key: string, proposal: string, ttlMs: number): Promise<string>
  sluiceAddToWindow(...keysAndArguments: (string | number)[]): Promise<WindowReply>
}

/** A row: start, group, the first effect, then numbers as texts. */
export type WindowReply = [WindowAnswer['kind'], ...(readonly string[])[]]

/** For the options of a client. */
export const SCRIPTS = {
  sluiceClaim: { lua: CLAIM, numberOfKeys: 1 },
  sluiceDone: { lua: DONE, numberOfKeys: 1 },
  sluiceHeld: { lua: HELD, numberOfKeys: 1 },
  sluiceOpen: { lua: OPEN, numberOfKeys: 1 },
  sluiceWrite: { lua: WRITE, numberOfKeys: 2 },
  sluicePut: { lua: PUT, numberOfKeys: 3 },
  sluiceTake: { lua: TAKE, numberOfKeys: 2 },
  sluiceTouch: { lua: TOUCH, numberOfKeys: 2 },
  sluiceDestroy: { lua: DESTROY, numberOfKeys: 2 },
  sluiceNames: { lua: NAMES, numberOfKeys: 1 },
  sluiceRemove: { lua: REMOVE, numberOfKeys: 2 },
  sluiceRelease: { lua: RELEASE, numberOfKeys: 1 },
  sluiceAgree: { lua: AGREE, numberOfKeys: 1 },
  sluiceAddToWindow: { lua: ADD_TO_WINDOW, numberOfKeys: 6 },
} satisfies Record<keyof Scripts, { lua: string; numberOfKeys: number }>

/** The client with its scripts: ioredis makes their methods from `SCRIPTS`. */
export const scripted = (client: RedisClient): RedisClient & Scripts =>
  client as RedisClient & Scripts
