-- Stores what was inferred of one user, and deletes what no longer is, as far as the user still consents at this moment: a consent that was
-- withdrawn, and a user who was erased, while a training run inferred, leave nothing behind.
--
-- KEYS 1 profile hash
-- ARGV 1 field of the consent to be learned about at all; then four of each attribute: 1 field of the trait   2 JSON of the trait; '' to delete it
--      3 field that says that the user rejected it   4 field of the consent that it needs besides; '' for none
-- Returns how many were stored
local function has(field) return redis.call('HEXISTS', KEYS[1], field) == 1 end
local stored = 0
local learns = has(ARGV[1])
for n = 2, #ARGV, 4 do
  local allowed = learns and not has(ARGV[n + 2]) and (ARGV[n + 3] == '' or has(ARGV[n + 3]))
  if allowed and ARGV[n + 1] ~= '' then
    redis.call('HSET', KEYS[1], ARGV[n], ARGV[n + 1])
    stored = stored + 1
  else
    redis.call('HDEL', KEYS[1], ARGV[n])
  end
end
return stored
