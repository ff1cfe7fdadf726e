-- Renews or gives back a lease.
--
-- KEYS 1 string: who holds it
-- ARGV 1 holder   2 how long from now (ms); 0: give it back
-- Returns 1; 0: it is not the holder's, and nothing was changed
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
if tonumber(ARGV[2]) > 0 then redis.call('PEXPIRE', KEYS[1], ARGV[2]) else redis.call('DEL', KEYS[1]) end
return 1
