-- Ends the watch of one gateway on one list.
--
-- KEYS 1 watches zset (surface \t gateway -> end of the lease)   2 watched zset (user \n surface -> end of the last lease)
-- ARGV 1 surface   2 gateway   3 user \n surface
-- Returns 1 when nobody else watches the list, otherwise 0
redis.call('ZREM', KEYS[1], ARGV[1] .. '\t' .. ARGV[2])
local prefix = ARGV[1] .. '\t'
for _, watch in ipairs(redis.call('ZRANGE', KEYS[1], 0, -1)) do
  if string.sub(watch, 1, #prefix) == prefix then return 0 end
end
redis.call('ZREM', KEYS[2], ARGV[3])
return 1
