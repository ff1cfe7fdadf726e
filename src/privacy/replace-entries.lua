-- Replaces the value of entries of a stream, which keep their ids. The stream is written anew, so that nothing of the old values stays in
-- its pages; for streams that are capped.
--
-- KEYS 1 stream, each entry of one field
-- ARGV 1 that field   2.. id, new value, id, new value …
-- Returns how many entries there were
local new = {}
for n = 2, #ARGV, 2 do new[ARGV[n]] = ARGV[n + 1] end
local entries = redis.call('XRANGE', KEYS[1], '-', '+')
redis.call('DEL', KEYS[1])
for _, entry in ipairs(entries) do redis.call('XADD', KEYS[1], entry[1], ARGV[1], new[entry[1]] or entry[2][2]) end
return #entries
