-- Changes hand-edited fields of one profile and marks the user's watched lists as behind.
--
-- KEYS 1 profile hash   2 watches zset (surface \t gateway -> end of the lease)   3 pending zset
-- ARGV 1 user id   2 beginning of the names of fields to delete; '' for none   3 number of fields to delete, then those; the rest are field,
--      value pairs to set
-- Returns {seq, {watched surfaces}}
local clock = redis.call('TIME') -- of the server, as the leases
local now = string.format('%d', tonumber(clock[1]) * 1000 + math.floor(tonumber(clock[2]) / 1000))
if ARGV[2] ~= '' then
  for _, field in ipairs(redis.call('HKEYS', KEYS[1])) do
    if string.sub(field, 1, #ARGV[2]) == ARGV[2] then redis.call('HDEL', KEYS[1], field) end
  end
end
local deletions = tonumber(ARGV[3])
for n = 4, 3 + deletions do redis.call('HDEL', KEYS[1], ARGV[n]) end
for n = 4 + deletions, #ARGV, 2 do redis.call('HSET', KEYS[1], ARGV[n], ARGV[n + 1]) end
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
