-- Marks lists of one shard as watched by one gateway until its lease ends.
--
-- KEYS 1 watched zset of the shard (user \n surface -> end of the last lease)   2… watches zset of each list's user (surface \t gateway -> end)
-- ARGV 1 gateway   2 end of the lease (ms)   3 when a watches zset may go (ms)   4… user \n surface of each list, in the order of the keys
-- Returns nothing
for k = 2, #KEYS do
  local list = ARGV[k + 2]
  local surface = string.sub(list, string.find(list, '\n', 1, true) + 1)
  redis.call('ZADD', KEYS[k], ARGV[2], surface .. '\t' .. ARGV[1])
  redis.call('PEXPIREAT', KEYS[k], ARGV[3])
  redis.call('ZADD', KEYS[1], 'GT', ARGV[2], list)
end
