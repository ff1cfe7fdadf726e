-- Stores items, draws their versions and announces them, all or none of each.
--
-- KEYS 1 items hash id -> version \t json   2 changes stream   3 expiry zset   4 version counter
-- ARGV four an item: id, expected version ('' any, '0' must be new), json without version, expiry (ms) or ''
-- Returns one number an item: its new version, or 0 where the expected version did not hold
local versions = {}
for n = 1, #ARGV, 4 do
  local id, expected, json, expiry = ARGV[n], ARGV[n + 1], ARGV[n + 2], ARGV[n + 3]
  local held = redis.call('HGET', KEYS[1], id)
  local version = held and string.match(held, '^%d+') or '0'
  if expected ~= '' and expected ~= version then
    versions[#versions + 1] = 0
  else
    local new = redis.call('INCR', KEYS[4])
    redis.call('HSET', KEYS[1], id, string.format('%d', new) .. '\t' .. json)
    redis.call('XADD', KEYS[2], 'MAXLEN', '~', 100000, '*', 'id', id)
    if expiry ~= '' then redis.call('ZADD', KEYS[3], expiry, id) else redis.call('ZREM', KEYS[3], id) end
    versions[#versions + 1] = new
  end
end
return versions
