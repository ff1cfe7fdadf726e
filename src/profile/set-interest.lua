-- Sets, locks or unlocks one interest of a user.
--
-- KEYS 1 profile hash (i:<topic> -> strength of a locked interest)   2, 3 interests:short, interests:long  hash topic -> value \t time
-- ARGV 1 topic   2 'set' | 'lock' | 'unlock'   3 strength ('' to unlock)   4 now (ms)   5 most locked interests
-- Returns 1; 0: so many others are locked already, and nothing was changed
local field = 'i:' .. ARGV[1]
local value = ARGV[3]
if ARGV[2] == 'lock' and redis.call('HEXISTS', KEYS[1], field) == 0 then
  local locked = 0
  for _, name in ipairs(redis.call('HKEYS', KEYS[1])) do
    if string.sub(name, 1, 2) == 'i:' then locked = locked + 1 end
  end
  if locked >= tonumber(ARGV[5]) then return 0 end
end
if ARGV[2] == 'lock' then redis.call('HSET', KEYS[1], field, value) end
if ARGV[2] == 'unlock' then value = redis.call('HGET', KEYS[1], field) end
if ARGV[2] ~= 'lock' then redis.call('HDEL', KEYS[1], field) end
if value then
  redis.call('HSET', KEYS[2], ARGV[1], value .. '\t' .. ARGV[4])
  redis.call('HSET', KEYS[3], ARGV[1], value .. '\t' .. ARGV[4])
end
return 1
