-- Ends the watch of one gateway on lists of one shard.
--
-- KEYS 1 watched zset of the shard (user \n surface -> end of the last lease)   2… watches zset of each list's user (surface \t gateway -> end)
-- ARGV 1 gateway   2… user \n surface of each list, in the order of the keys
-- Returns how many of the lists nobody else watches
local unwatched = 0
for k = 2, #KEYS do
  local list = ARGV[k]
  local prefix = string.sub(list, string.find(list, '\n', 1, true) + 1) .. '\t'
  redis.call('ZREM', KEYS[k], prefix .. ARGV[1])
  local others = false
  for _, watch in ipairs(redis.call('ZRANGE', KEYS[k], 0, -1)) do
    if string.sub(watch, 1, #prefix) == prefix then others = true end
  end
  if not others then
    redis.call('ZREM', KEYS[1], list)
    unwatched = unwatched + 1
  end
end
return unwatched
