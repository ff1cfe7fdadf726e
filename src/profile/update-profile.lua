-- Changes hand-edited fields of one profile and marks the user's watched lists as behind.
--
-- KEYS 1 profile hash   2 watches zset (surface \t gateway -> end of the lease)   3 pending zset
-- ARGV 1 user id   2 number of fields to delete, then those; the rest are field, value pairs to set
-- Returns {seq, {watched surfaces}}
local clock = redis.call('TIME') -- of the server, as the leases
local now = string.format('%d', tonumber(clock[1]) * 1000 + math.floor(tonumber(clock[2]) / 1000))
local deletions = tonumber(ARGV[2])
for n = 3, 2 + deletions do redis.call('HDEL', KEYS[1], ARGV[n]) end
for n = 3 + deletions, #ARGV, 2 do redis.call('HSET', KEYS[1], ARGV[n], ARGV[n + 1]) end
redis.call('HSET', KEYS[1], 'edited', now) -- for retention
local seq = redis.call('HINCRBY', KEYS[1], 'seq', 1)
local surfaces, known = {}, {}
for _, watch in ipairs(redis.call('ZRANGEBYSCORE', KEYS[2], now, '+inf')) do
  local surface = string.match(watch, '^[^\t]+')
  if not known[surface] then
    known[surface] = true
    surfaces[#surfaces + 1] = surface
    redis.call('ZADD', KEYS[3], 'NX', now, ARGV[1] .. '\n' .. surface)
  end
end
return { seq, surfaces }
