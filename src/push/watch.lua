-- Marks a list as watched by one gateway until its lease ends. The time is the server's: gateways whose clocks differ must agree.
--
-- KEYS 1 watches zset (surface \t gateway -> end of the lease)   2 watched zset (user \n surface -> end of the last lease)
-- ARGV 1 surface \t gateway   2 user \n surface   3 length of the lease (ms)
-- Returns 1
local clock = redis.call('TIME')
local till = string.format('%d', tonumber(clock[1]) * 1000 + math.floor(tonumber(clock[2]) / 1000) + tonumber(ARGV[3]))
redis.call('ZADD', KEYS[1], till, ARGV[1])
redis.call('PEXPIRE', KEYS[1], 2 * tonumber(ARGV[3]))
redis.call('ZADD', KEYS[2], 'GT', till, ARGV[2])
return 1
