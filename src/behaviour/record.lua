-- One atomic step for one user: drop what is known, append the rest to the log, advance seq, update the live profile.
--
-- KEYS 1 log            stream   the user's shard of the behaviour log
--      2 profile        hash     seq, n:<type> counters, f:<target> follows
--      3 recent         zset     packed recent behaviours by time
--      4 history        zset     item -> time of the last behaviour that says something about taste
--      5 ids            zset     behaviour id -> seq
--      6 repeats        hash     type \n item -> time
--      7 interests:short, 8 interests:long  hash  topic -> value \t time
--      9 not-interested hash     item -> time
--     10 watches        zset     surface \t gateway -> end of the lease
--     11 pending        zset     user \n surface -> time of the oldest behaviour not yet in the list
-- ARGV 1 user id   2 now (ms)   3 short half-life (ms)   4 long half-life (ms)
--      5.. one JSON a behaviour: {i id, d 1 if the id can come again, t type, m item, a time, w weight, r debounce ms,
--          k topics, f followed target, l the behaviour as JSON for the log}
-- Returns {seq, recordedAt (ms, text), {one 'a:<seq>' accepted | 'd:<seq>' duplicate | 'r:<seq>' repeat a behaviour},
--          {watched surfaces}}
local RECENT, HISTORY, IDS, PREVIOUS = 200, 2000, 2000, 30
local IDS_TTL_MS, REPEATS_TTL_MS = 604800000, 3600000
local user, now = ARGV[1], tonumber(ARGV[2])
local half = { tonumber(ARGV[3]), tonumber(ARGV[4]) }

local clock = redis.call('TIME')
local recordedAt = string.format('%d.%03d', tonumber(clock[1]) * 1000 + math.floor(tonumber(clock[2]) / 1000), tonumber(clock[2]) % 1000)
local seq = tonumber(redis.call('HGET', KEYS[2], 'seq') or '0')
local verdicts, accepted, remembered = {}, 0, false

local function decayed(value, at, to, halfLife)
  return value * 2 ^ (-math.max(0, to - at) / halfLife)
end

-- A late behaviour counts as much as it would still weigh, had it come in time.
local function addInterest(key, halfLife, topic, at, weight)
  local held = redis.call('HGET', key, topic)
  local value, as = weight, at
  if held then
    local tab = string.find(held, '\t', 1, true)
    local old, oldAt = tonumber(string.sub(held, 1, tab - 1)), tonumber(string.sub(held, tab + 1))
    as = math.max(at, oldAt)
    value = decayed(old, oldAt, as, halfLife) + decayed(weight, at, as, halfLife)
  end
  redis.call('HSET', key, topic, string.format('%.9g\t%.3f', value, as))
end

for n = 5, #ARGV do
  local b = cjson.decode(ARGV[n])
  local known = b.d == 1 and redis.call('ZSCORE', KEYS[5], b.i)
  local repeated = false
  if not known and b.r > 0 and b.m then
    local field = b.t .. '\n' .. b.m
    local last = redis.call('HGET', KEYS[6], field)
    repeated = last and math.abs(b.a - tonumber(last)) < b.r
    if not repeated then
      redis.call('HSET', KEYS[6], field, b.a)
      redis.call('PEXPIRE', KEYS[6], REPEATS_TTL_MS)
    end
  end
  if known then
    verdicts[#verdicts + 1] = 'd:' .. string.format('%d', tonumber(known))
  elseif repeated then
    verdicts[#verdicts + 1] = 'r:' .. seq
  else
    seq = seq + 1
    accepted = accepted + 1
    local previous = {}
    if b.m and b.w ~= 0 then
      for _, item in ipairs(redis.call('ZREVRANGEBYSCORE', KEYS[4], b.a, '-inf', 'LIMIT', 0, PREVIOUS + 1)) do
        if item ~= b.m and #previous < PREVIOUS then previous[#previous + 1] = item end
      end
    end
    redis.call('XADD', KEYS[1], '*', 'u', user, 's', seq, 'w', b.w, 'p', table.concat(previous, '\n'), 'b', b.l)
    redis.call('ZADD', KEYS[3], b.a, string.format('%016d', seq) .. '\t' .. b.i .. '\t' .. b.t .. '\t' .. (b.m or '') .. '\t' ..
      b.w .. '\t' .. string.format('%.3f', b.a) .. '\t' .. string.format('%.3f', now) .. '\t' .. recordedAt)
    redis.call('HINCRBY', KEYS[2], 'n:' .. b.t, 1)
    if b.d == 1 then
      redis.call('ZADD', KEYS[5], seq, b.i)
      remembered = true
    end
    if b.m and b.w ~= 0 then
      redis.call('ZADD', KEYS[4], 'GT', b.a, b.m)
      for _, topic in ipairs(b.k) do
        addInterest(KEYS[7], half[1], topic, b.a, b.w)
        addInterest(KEYS[8], half[2], topic, b.a, b.w)
      end
    end
    if b.t == 'not_interested' then redis.call('HSET', KEYS[9], b.m, b.a) end
    if b.t == 'undo_not_interested' then redis.call('HDEL', KEYS[9], b.m) end
    if b.f then redis.call('HSET', KEYS[2], 'f:' .. b.f, b.a) end
    verdicts[#verdicts + 1] = 'a:' .. seq
  end
end

local surfaces = {}
if accepted > 0 then
  redis.call('HSET', KEYS[2], 'seq', seq)
  redis.call('ZREMRANGEBYRANK', KEYS[3], 0, -RECENT - 1)
  redis.call('ZREMRANGEBYRANK', KEYS[4], 0, -HISTORY - 1)
  if remembered then
    redis.call('ZREMRANGEBYRANK', KEYS[5], 0, -IDS - 1)
    redis.call('PEXPIRE', KEYS[5], IDS_TTL_MS)
  end
  local listed = {}
  for _, watch in ipairs(redis.call('ZRANGEBYSCORE', KEYS[10], now, '+inf')) do
    local surface = string.match(watch, '^[^\t]+')
    if not listed[surface] then
      listed[surface] = true
      surfaces[#surfaces + 1] = surface
      redis.call('ZADD', KEYS[11], 'NX', recordedAt, user .. '\n' .. surface)
    end
  end
end
return { seq, recordedAt, verdicts, surfaces }
