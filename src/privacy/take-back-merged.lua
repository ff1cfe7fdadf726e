-- Takes behaviours out of a live profile by their ids.
--
-- KEYS 1 recent zset (packed behaviours: seq \t id \t …)   2 ids zset
-- ARGV ids of behaviours
-- Returns how many of the newest behaviours are gone
local wanted, gone = {}, 0
for _, id in ipairs(ARGV) do wanted[id] = true end
for _, packed in ipairs(redis.call('ZRANGE', KEYS[1], 0, -1)) do
  local id = string.match(packed, '^[^\t]*\t([^\t]*)')
  if wanted[id] then gone = gone + redis.call('ZREM', KEYS[1], packed) end
end
for _, id in ipairs(ARGV) do redis.call('ZREM', KEYS[2], id) end
return gone
