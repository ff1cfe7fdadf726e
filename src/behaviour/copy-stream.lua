-- Copies the next entries of a stream, with their ids.
--
-- KEYS 1 stream   2 copy
-- ARGV 1 id after which to go on, or '' to begin   2 how many
-- Returns the last id that was copied; ARGV 1 when there was nothing to copy
local last = ARGV[1]
for _, entry in ipairs(redis.call('XRANGE', KEYS[1], last == '' and '-' or '(' .. last, '+', 'COUNT', ARGV[2])) do
  redis.call('XADD', KEYS[2], entry[1], unpack(entry[2]))
  last = entry[1]
end
return last
