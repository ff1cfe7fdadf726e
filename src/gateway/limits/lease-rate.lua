-- Leases tokens of a tenant's bucket to one gateway. What flows in is shared equally among the gateways that asked within the last 2 s; what
-- one does not use flows over to all of them, so that nobody is starved by a busy neighbour and nothing is left lying.
--
-- KEYS 1 hash: at (µs of the last refill), common, and a field for the share of each gateway   2 zset: gateway → when it last asked (ms)
-- ARGV 1 tokens a second   2 most tokens in all (burst)   3 gateway   4 how many are needed   5 how many are wanted, at least those
-- Returns {granted, ms until it is worth asking again}; granted is 0 or at least what is needed. More than the burst at once is granted when
-- the bucket is full, and leaves a debt.
local rate, burst, gateway, need, want = tonumber(ARGV[1]), tonumber(ARGV[2]), ARGV[3], tonumber(ARGV[4]), tonumber(ARGV[5])
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local nowMs = math.floor(now / 1000)

for _, gone in ipairs(redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', nowMs - 2000)) do
  if gone ~= gateway then
    redis.call('HINCRBYFLOAT', KEYS[1], 'common', redis.call('HGET', KEYS[1], 'g:' .. gone) or '0')
    redis.call('HDEL', KEYS[1], 'g:' .. gone)
    redis.call('ZREM', KEYS[2], gone)
  end
end
redis.call('ZADD', KEYS[2], nowMs, gateway)
local gateways = redis.call('ZRANGE', KEYS[2], 0, -1)

local at = tonumber(redis.call('HGET', KEYS[1], 'at') or '0')
local common = tonumber(redis.call('HGET', KEYS[1], 'common') or tostring(burst))
local inflow = math.min(burst, math.max(0, now - at) * rate / 1000000) / #gateways
local most = burst / #gateways
local shares, sum = {}, 0
for k, name in ipairs(gateways) do
  local share = tonumber(redis.call('HGET', KEYS[1], 'g:' .. name) or '0') + inflow
  if share > most then
    common = common + share - most
    share = most
  end
  shares[k] = share
  sum = sum + share
end
common = math.min(common, burst - sum)

local mine
for k, name in ipairs(gateways) do
  if name == gateway then mine = k end
end
local there = shares[mine] + common
local granted, waitMs = 0, 0
if there >= math.min(need, most) then
  granted = math.max(need, math.min(want, math.floor(there)))
  local own = math.min(granted, math.max(0, shares[mine]))
  local rest = granted - own
  local fromCommon = math.min(rest, math.max(0, common))
  common = common - fromCommon
  shares[mine] = shares[mine] - own - (rest - fromCommon)
else
  waitMs = math.ceil((math.min(need, most) - there) * 1000 * #gateways / rate)
end

redis.call('HSET', KEYS[1], 'at', string.format('%.0f', now), 'common', string.format('%.6f', common))
for k, name in ipairs(gateways) do redis.call('HSET', KEYS[1], 'g:' .. name, string.format('%.6f', shares[k])) end
local lifetimeMs = math.ceil(burst / rate * 1000) + 10000
redis.call('PEXPIRE', KEYS[1], lifetimeMs)
redis.call('PEXPIRE', KEYS[2], lifetimeMs)
return { granted, waitMs }
