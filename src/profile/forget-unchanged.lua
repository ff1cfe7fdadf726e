-- Deletes one user's live profile and lists, unless something was recorded or edited since it was read.
--
-- KEYS 1 profile hash   2.. what goes with it
-- ARGV 1 seq of the profile as it was read
-- Returns 1 when all is deleted, 0 when seq has moved on and nothing was
if tonumber(redis.call('HGET', KEYS[1], 'seq') or '0') ~= tonumber(ARGV[1]) then return 0 end
redis.call('DEL', unpack(KEYS))
return 1
