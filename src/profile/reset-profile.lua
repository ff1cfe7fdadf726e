-- Forgets what was learned of one user. What was said of purposes goes on to hold, and seq goes on, so that lists that were made before are known to be older.
--
-- KEYS 1 profile hash   2.. what was learned
-- ARGV 1 '1': what was set by hand stays
-- Returns nothing
local kept = { seq = true }
for _, field in ipairs(redis.call('HKEYS', KEYS[1])) do
  local kind = string.sub(field, 1, 2)
  local said = kind == 'p:' or kind == 'w:'
  local learned = kind == 'n:' or kind == 'x:' -- counters and inferred traits
  if not kept[field] and not said and (learned or ARGV[1] ~= '1') then redis.call('HDEL', KEYS[1], field) end
end
for k = 2, #KEYS do redis.call('DEL', KEYS[k]) end
