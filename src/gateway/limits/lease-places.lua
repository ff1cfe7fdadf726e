-- Leases places for a tenant's connections to one gateway, out of a number that all gateways share. Places of a gateway that has not asked
-- within its lease are free again; a gateway that holds more than it is left with (it was away for longer) keeps what it has open.
--
-- KEYS 1 hash: gateway → places   2 zset: gateway → when its lease ends (ms)
-- ARGV 1 most places in all   2 gateway   3 how many it has open   4 how many it wants   5 lifetime of the lease (ms)
-- Returns how many it has now
local most, gateway, open, want, leaseMs = tonumber(ARGV[1]), ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])
local time = redis.call('TIME')
local nowMs = time[1] * 1000 + math.floor(time[2] / 1000)

for _, gone in ipairs(redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', nowMs)) do
  redis.call('HDEL', KEYS[1], gone)
  redis.call('ZREM', KEYS[2], gone)
end
local others = 0
local held = redis.call('HGETALL', KEYS[1])
for k = 1, #held, 2 do
  if held[k] ~= gateway then others = others + tonumber(held[k + 1]) end
end
local places = math.max(open, math.min(want, most - others))
if places > 0 then
  redis.call('HSET', KEYS[1], gateway, places)
  redis.call('ZADD', KEYS[2], nowMs + leaseMs, gateway)
  redis.call('PEXPIRE', KEYS[1], leaseMs * 2)
  redis.call('PEXPIRE', KEYS[2], leaseMs * 2)
else
  redis.call('HDEL', KEYS[1], gateway)
  redis.call('ZREM', KEYS[2], gateway)
end
return places
