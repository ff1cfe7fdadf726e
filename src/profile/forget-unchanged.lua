-- Deletes one user's live profile and lists, unless something was recorded or edited since it was read. What was said of purposes goes on to hold.
--
-- KEYS 1 profile hash   2.. what goes with it
-- ARGV 1 seq of the profile as it was read
-- Returns 1 when all is deleted, 0 when seq has moved on and nothing was
if tonumber(redis.call('HGET', KEYS[1], 'seq') or '0') ~= tonumber(ARGV[1]) then return 0 end
local said = {}
local fields = redis.call('HGETALL', KEYS[1])
for n = 1, #fields, 2 do
  local kind = string.sub(fields[n], 1, 2)
  if kind == 'p:' or kind == 'w:' then
    said[#said + 1] = fields[n]
    said[#said + 1] = fields[n + 1]
  end
end
redis.call('DEL', unpack(KEYS))
if #said > 0 then redis.call('HSET', KEYS[1], unpack(said)) end
return 1
