-- Puts a copy in the place of its stream, with what has come since, the consumer groups and the last id.
--
-- KEYS 1 stream   2 copy
-- ARGV 1 id through which the copy goes, or ''   2 most entries to copy here
-- Returns 1; 0: too much has come since, copy on; -1: a group has entries that it has not acknowledged, which a copy would lose
if redis.call('EXISTS', KEYS[1]) == 0 then
  redis.call('DEL', KEYS[2])
  return 1
end
local groups = {}
for _, flat in ipairs(redis.call('XINFO', 'GROUPS', KEYS[1])) do
  local group = {}
  for n = 1, #flat, 2 do group[flat[n]] = flat[n + 1] end
  if group.pending > 0 then return -1 end
  groups[#groups + 1] = group
end
local rest = redis.call('XRANGE', KEYS[1], ARGV[1] == '' and '-' or '(' .. ARGV[1], '+', 'COUNT', tonumber(ARGV[2]) + 1)
if #rest > tonumber(ARGV[2]) then return 0 end
for _, entry in ipairs(rest) do redis.call('XADD', KEYS[2], entry[1], unpack(entry[2])) end
local info, flat = {}, redis.call('XINFO', 'STREAM', KEYS[1])
for n = 1, #flat, 2 do info[flat[n]] = flat[n + 1] end
if redis.call('EXISTS', KEYS[2]) == 0 then -- an empty stream is made by a group
  redis.call('XGROUP', 'CREATE', KEYS[2], 'making', '0', 'MKSTREAM')
  redis.call('XGROUP', 'DESTROY', KEYS[2], 'making')
end
redis.call('XSETID', KEYS[2], info['last-generated-id'], 'ENTRIESADDED', info['entries-added'], 'MAXDELETEDID', info['max-deleted-entry-id'])
for _, group in ipairs(groups) do
  redis.call('XGROUP', 'CREATE', KEYS[2], group.name, group['last-delivered-id'])
end
redis.call('RENAME', KEYS[2], KEYS[1])
return 1
