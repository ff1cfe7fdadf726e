-- Appends an entry to a user's consent ledger, notes in the profile where the user stands, and marks the watched lists as behind.
--
-- KEYS 1 ledger stream   2 profile hash (p:<purpose> granted at, w:<purpose> withdrawn at, x:<attribute> inferred)
--      3 watches zset (surface \t gateway -> end of the lease)   4 pending zset
-- ARGV 1 user id   2 entry (JSON)   3 purpose   4 '1' granted, '0' withdrawn   5 time
-- Returns {watched surfaces}
redis.call('XADD', KEYS[1], '*', 'entry', ARGV[2])
local given, taken = 'p:', 'w:'
if ARGV[4] ~= '1' then given, taken = taken, given end
redis.call('HSET', KEYS[2], given .. ARGV[3], ARGV[5])
redis.call('HDEL', KEYS[2], taken .. ARGV[3])
if ARGV[4] ~= '1' then -- what was inferred by it goes with it
  local attribute = string.match(ARGV[3], '^trait:(.+)$')
  if attribute then redis.call('HDEL', KEYS[2], 'x:' .. attribute) end
  if ARGV[3] == 'traits' then
    for _, field in ipairs(redis.call('HKEYS', KEYS[2])) do
      if string.sub(field, 1, 2) == 'x:' then redis.call('HDEL', KEYS[2], field) end
    end
  end
end
redis.call('HINCRBY', KEYS[2], 'seq', 1)
local clock = redis.call('TIME') -- of the server, as the leases
local now = string.format('%d', tonumber(clock[1]) * 1000 + math.floor(tonumber(clock[2]) / 1000))
local surfaces, known = {}, {}
for _, watch in ipairs(redis.call('ZRANGEBYSCORE', KEYS[3], now, '+inf')) do
  local surface = string.match(watch, '^[^\t]+')
  if not known[surface] then
    known[surface] = true
    surfaces[#surfaces + 1] = surface
    redis.call('ZADD', KEYS[4], 'NX', now, ARGV[1] .. '\n' .. surface)
  end
end
return surfaces
