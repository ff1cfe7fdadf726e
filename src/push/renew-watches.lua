-- Marks lists of one shard as watched by one gateway until its lease ends. The time is the server's: gateways whose clocks differ must agree.
--
-- KEYS 1 watched zset of the shard (user \n surface -> end of the last lease)   2… watches zset of each list's user (surface \t gateway -> end)
-- ARGV 1 gateway   2 length of the lease (ms)   3… user \n surface of each list, in the order of the keys
-- Returns nothing
local clock = redis.call('TIME')
local till = string.format('%d', tonumber(clock[1]) * 1000 + math.floor(tonumber(clock[2]) / 1000) + tonumber(ARGV[2]))
for k = 2, #KEYS do
  local list = ARGV[k + 1]
  local surface = string.sub(list, string.find(list, '\n', 1, true) + 1)
  redis.call('ZADD', KEYS[k], till, surface .. '\t' .. ARGV[1])
  redis.call('PEXPIRE', KEYS[k], 2 * tonumber(ARGV[2]))
  redis.call('ZADD', KEYS[1], 'GT', till, list)
end
