// Windows at the server: one script that counts an effect once and closes what is over. All keys of a scope stand in one slot of a cluster.

/**
 * KEYS: the highest time of each place (hash), when each was heard last by the server's clock (sorted set), which windows are open, by
 * their ends (sorted set), what is in each (hash), the effects in windows of this place that are not over there (sorted set, by the ends
 * of their windows), what was closed for this effect (text). Numbers leave as texts of 17 digits: so none of a double is lost.
 */
export const ADD_TO_WINDOW = `
local highest, heard, open, sums, effects, given = unpack(KEYS)
local place, at, start, over = ARGV[1], tonumber(ARGV[2]), ARGV[3], tonumber(ARGV[4])
local group, id, late, idle = ARGV[5], ARGV[6], tonumber(ARGV[7]), tonumber(ARGV[8])
local limit, ahead, most, keep = tonumber(ARGV[9]), tonumber(ARGV[10]), ARGV[11], ARGV[12]
local reached = tonumber(ARGV[13]) or -math.huge
local function text(number) return string.format('%.17g', number) end

local before = redis.call('GET', given)
if before then return {'repeated', unpack(cmsgpack.unpack(before))} end
if redis.call('ZSCORE', effects, id) then return {'repeated'} end
local known = tonumber(redis.call('HGET', highest, place) or -math.huge)
if over + late <= known then return {'late'} end
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
if at > now + ahead then return {'ahead'} end

local mine = math.max(known, math.min(reached, now))
local first = redis.call('ZRANGE', open, 0, 0, 'WITHSCORES')
local all = -math.huge
if math.min(tonumber(first[2] or over), over) + late <= mine then
  all = mine
  for _, other in ipairs(redis.call('ZRANGEBYSCORE', heard, '(' .. text(now - idle), '+inf')) do
    if other ~= place then
      all = math.min(all, tonumber(redis.call('HGET', highest, other) or -math.huge))
    end
  end
end
local window = start .. ':' .. group
local packed = redis.call('HGET', sums, window)
local free = limit - redis.call('ZCARD', open) + redis.call('ZCOUNT', open, '-inf', text(all - late))
if not packed and free <= 0 then return {'full'} end

local sum = packed and cmsgpack.unpack(packed) or {id, 0}
sum[2] = sum[2] + 1
for nth = 14, #ARGV do
  local here, value = 4 * nth - 53, tonumber(ARGV[nth])
  if sum[here] == nil then for part = 0, 3 do sum[here + part] = 0 end end
  if value then
    local isFirst = sum[here] == 0
    sum[here] = sum[here] + 1
    sum[here + 1] = sum[here + 1] + value
    if isFirst or value < sum[here + 2] then sum[here + 2] = value end
    if isFirst or value > sum[here + 3] then sum[here + 3] = value end
  end
end
redis.call('HSET', sums, window, cmsgpack.pack(sum))
redis.call('ZADD', open, over, window)
redis.call('ZADD', effects, over, id)
if mine > -math.huge then redis.call('HSET', highest, place, text(mine)) end
redis.call('ZADD', heard, now, place)
redis.call('ZREMRANGEBYSCORE', heard, '-inf', text(now - idle))
redis.call('ZREMRANGEBYSCORE', effects, '-inf', text(mine - late))
for nth = 1, 5 do redis.call('PEXPIRE', KEYS[nth], keep) end

local closed = redis.call('ZRANGEBYSCORE', open, '-inf', text(all - late), 'LIMIT', 0, most)
if #closed == 0 then return {'counted'} end
local rows = {}
for nth, name in ipairs(closed) do
  local cut = string.find(name, ':', 1, true)
  local of = cmsgpack.unpack(redis.call('HGET', sums, name))
  rows[nth] = {string.sub(name, 1, cut - 1), string.sub(name, cut + 1), of[1]}
  for part = 2, #of do rows[nth][part + 2] = text(of[part]) end
end
redis.call('HDEL', sums, unpack(closed))
redis.call('ZREM', open, unpack(closed))
redis.call('SET', given, cmsgpack.pack(rows), 'PX', keep)
return {'counted', unpack(rows)}`
