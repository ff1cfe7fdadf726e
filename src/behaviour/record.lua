-- One atomic step for one user: drop what is known, append the rest to the log, advance seq, update the live profile.
--
-- KEYS 1 log            stream   the user's shard of the behaviour log
--      2 profile        hash     seq, n:<type> counters, f:<target> follows, p:training, w:training
--      3 recent         zset     packed recent behaviours by time
--      4 history        zset     item -> time of the last positive behaviour
--      5 ids            zset     behaviour id -> seq
--      6 repeats        hash     type \n item -> time
--      7 interests:short, 8 interests:long  hash  topic -> value \t time
--      9 not-interested hash     item -> time
--     10 watches        zset     surface \t gateway -> end of the lease
--     11 pending        zset     user \n surface -> time of the oldest behaviour not yet in the list
-- ARGV 1 user id   2 now (ms)   3 short half-life (ms)   4 long half-life (ms)
--      5.. two a behaviour: JSON {i id, d 1 if the id can come again, t type, m item, a time, w weight, r debounce ms,
--          k topics, f followed target}, then the behaviour as the log keeps it
-- Returns {seq, recordedAt (ms, text), {one 'a:<seq>' accepted | 'd:<seq>' duplicate | 'r:<seq>' repeat a behaviour},
--          {watched surfaces}}
local RECENT, HISTORY, IDS, PREVIOUS = 200, 2000, 2000, 30
local IDS_TTL_MS, REPEATS_TTL_MS = 604800000, 3600000
local user, now = ARGV[1], tonumber(ARGV[2])

local clock = redis.call('TIME')
local recordedAt = string.format('%d.%03d', tonumber(clock[1]) * 1000 + math.floor(tonumber(clock[2]) / 1000), tonumber(clock[2]) % 1000)
local receivedAt = string.format('%.3f', now)
local held = redis.call('HMGET', KEYS[2], 'seq', 'p:training', 'w:training')
local seq = tonumber(held[1] or '0')
-- What the user has said of being learnt from, for whoever reads the log: 'g' granted, 'w' withdrawn.
local said = held[2] and 'g' or held[3] and 'w'
local verdicts, accepted = {}, 0

-- What the batch changes is kept here and written once at the end: a command costs more than the change, and a batch says much the
-- same again and again. Only the log and the history are written at once (the next behaviour reads the history).
local counts, follows, recent, ids, seqOf, lastOf = {}, {}, {}, {}, {}, {}
local terms = {
  { key = KEYS[7], halfLife = tonumber(ARGV[3]), value = {}, at = {}, topics = {} },
  { key = KEYS[8], halfLife = tonumber(ARGV[4]), value = {}, at = {}, topics = {} },
}

-- Fields and values of a table with string keys, in chunks that fit on the stack of one call.
local function writeHash(key, fields)
  local args = {}
  for field, value in pairs(fields) do
    args[#args + 1] = field
    args[#args + 1] = value
    if #args == 2000 then
      redis.call('HSET', key, unpack(args))
      args = {}
    end
  end
  if #args > 0 then redis.call('HSET', key, unpack(args)) end
end

local function seqOfKnown(id)
  return seqOf[id] or redis.call('ZSCORE', KEYS[5], id)
end

-- Whether the same was done to the same item less than the debounce time before (or after) the last that counted.
local function isRepeat(b)
  local field = b.t .. '\n' .. b.m
  local last = lastOf[field] or tonumber(redis.call('HGET', KEYS[6], field) or '')
  if last and math.abs(b.a - last) < b.r then return true end
  lastOf[field] = b.a
  return false
end

-- Reads the interests in these topics that the batch has not met yet.
local function meet(term, topics)
  local new = {}
  for _, topic in ipairs(topics) do
    if not term.at[topic] then
      new[#new + 1] = topic
      term.at[topic] = -math.huge -- nothing is known: anything is newer
      term.value[topic] = 0
      term.topics[#term.topics + 1] = topic
    end
  end
  if #new == 0 then return end
  for n, held in ipairs(redis.call('HMGET', term.key, unpack(new))) do
    if held then
      local tab = string.find(held, '\t', 1, true)
      term.value[new[n]], term.at[new[n]] = tonumber(string.sub(held, 1, tab - 1)), tonumber(string.sub(held, tab + 1))
    end
  end
end

-- A late behaviour counts as much as it would still weigh, had it come in time.
local function addInterests(term, topics, at, weight)
  meet(term, topics)
  local halfLife, valueOf, atOf = term.halfLife, term.value, term.at
  for _, topic in ipairs(topics) do
    local oldAt = atOf[topic]
    if at > oldAt then
      local kept = oldAt == -math.huge and 0 or valueOf[topic] * 2 ^ ((oldAt - at) / halfLife)
      valueOf[topic], atOf[topic] = kept + weight, at
    else
      valueOf[topic] = valueOf[topic] + weight * 2 ^ ((at - oldAt) / halfLife)
    end
  end
end

local function previousItems(b)
  local previous = redis.call('ZREVRANGEBYSCORE', KEYS[4], b.a, '-inf', 'LIMIT', 0, PREVIOUS + 1)
  for n = 1, #previous do
    if previous[n] == b.m then
      table.remove(previous, n)
      break
    end
  end
  previous[PREVIOUS + 1] = nil
  return table.concat(previous, '\n')
end

for n = 5, #ARGV, 2 do
  local b = cjson.decode(ARGV[n])
  local known = b.d == 1 and seqOfKnown(b.i)
  if known then
    verdicts[#verdicts + 1] = 'd:' .. string.format('%d', tonumber(known))
  elseif b.r > 0 and b.m and isRepeat(b) then
    verdicts[#verdicts + 1] = 'r:' .. seq
  else
    seq = seq + 1
    accepted = accepted + 1
    local entry = { 'u', user, 's', seq, 'w', b.w, 'p', b.m and b.w > 0 and previousItems(b) or '', 'b', ARGV[n + 1] }
    if said then
      entry[#entry + 1] = 'c'
      entry[#entry + 1] = said
    end
    redis.call('XADD', KEYS[1], '*', unpack(entry))
    recent[#recent + 1] = b.a
    recent[#recent + 1] = table.concat(
      { string.format('%016d', seq), b.i, b.t, b.m or '', b.w, string.format('%.3f', b.a), receivedAt, recordedAt }, '\t')
    counts[b.t] = (counts[b.t] or 0) + 1
    if b.d == 1 then
      seqOf[b.i] = seq
      ids[#ids + 1] = seq
      ids[#ids + 1] = b.i
    end
    if b.m and b.w > 0 then redis.call('ZADD', KEYS[4], 'GT', b.a, b.m) end
    if b.m and b.w ~= 0 then
      for _, term in ipairs(terms) do addInterests(term, b.k, b.a, b.w) end
    end
    if b.t == 'not_interested' or b.t == 'dislike' then redis.call('HSET', KEYS[9], b.m, b.a) end
    if b.t == 'undo_not_interested' or b.t == 'like' then redis.call('HDEL', KEYS[9], b.m) end
    if b.f then follows['f:' .. b.f] = b.a end
    verdicts[#verdicts + 1] = 'a:' .. seq
  end
end

if next(lastOf) then
  writeHash(KEYS[6], lastOf)
  redis.call('PEXPIRE', KEYS[6], REPEATS_TTL_MS, 'NX') -- not renewed: it must not grow with a user who never rests
end

local surfaces = {}
if accepted > 0 then
  redis.call('HSET', KEYS[2], 'seq', seq)
  for type, count in pairs(counts) do redis.call('HINCRBY', KEYS[2], 'n:' .. type, count) end
  writeHash(KEYS[2], follows)
  for _, term in ipairs(terms) do
    local held = {}
    for _, topic in ipairs(term.topics) do held[topic] = string.format('%.9g\t%.3f', term.value[topic], term.at[topic]) end
    writeHash(term.key, held)
  end
  redis.call('ZADD', KEYS[3], unpack(recent))
  redis.call('ZREMRANGEBYRANK', KEYS[3], 0, -RECENT - 1)
  redis.call('ZREMRANGEBYRANK', KEYS[4], 0, -HISTORY - 1)
  if #ids > 0 then
    redis.call('ZADD', KEYS[5], unpack(ids))
    redis.call('ZREMRANGEBYRANK', KEYS[5], 0, -IDS - 1)
    redis.call('PEXPIRE', KEYS[5], IDS_TTL_MS)
  end
  local listed = {}
  for _, watch in ipairs(redis.call('ZRANGEBYSCORE', KEYS[10], recordedAt, '+inf')) do
    local surface = string.match(watch, '^[^\t]+')
    if not listed[surface] then
      listed[surface] = true
      surfaces[#surfaces + 1] = surface
      redis.call('ZADD', KEYS[11], 'NX', recordedAt, user .. '\n' .. surface)
    end
  end
end
return { seq, recordedAt, verdicts, surfaces }
