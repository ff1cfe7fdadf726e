-- Stores a list and announces it in one step, unless a newer one is there.
--
-- KEYS 1 list hash (epoch, revision, appliedThrough, digest, run, body)   2 profile hash (seq)   3 pending zset   4 feed channel
-- ARGV 1 user \n surface   2 appliedThrough   3 body (JSON)   4 epoch to use when there is none   5 lifetime (ms)
--      6 expected epoch or ''   7 expected revision: with these two the list must still be at that place
--      8 digest of what made the list   9 PUBLISH, or SPUBLISH where the channel is heard on the servers of its slot only
--      10 what was prepared of it, announced before the body, or ''   11 '1': it suffices, and is announced without the body
-- Returns {epoch, revision, seq}; nil: refused, because the list there is newer, or is not the expected one, or the list has applied what the
--         profile no longer holds: the user was erased or merged while it was computed
local applied = tonumber(ARGV[2])
local held = redis.call('HMGET', KEYS[1], 'epoch', 'revision', 'appliedThrough', 'run')
-- Which life of the server this is. One that was started again may have lost lists that watchers have seen: their places must not be given
-- out a second time. So must those of one that became a replica and then the primary again: its replication id tells.
local info = redis.call('INFO', 'server', 'replication')
local run = string.match(info, 'run_id:(%w+)') .. string.match(info, 'master_replid:(%w+)')
local seq = tonumber(redis.call('HGET', KEYS[2], 'seq') or '0')
local epoch, revision, heldApplied = held[1], tonumber(held[2] or '0'), tonumber(held[3] or '-1')

if ARGV[6] == '' and applied > seq then return false end
if ARGV[6] ~= '' and (epoch ~= ARGV[6] or revision ~= tonumber(ARGV[7])) then return false end
if heldApplied > applied then
  if heldApplied <= seq then return false end
  epoch = false -- the list knows more than the profile: the store has lost behaviour, so places start anew
end
if not epoch or held[4] ~= run then epoch, revision = ARGV[4], 0 end
revision = revision + 1

redis.call('HSET', KEYS[1], 'epoch', epoch, 'revision', revision, 'appliedThrough', applied, 'digest', ARGV[8], 'run', run, 'body', ARGV[3])
redis.call('PEXPIRE', KEYS[1], ARGV[5])
if applied >= seq then redis.call('ZREM', KEYS[3], ARGV[1]) end
local announced = ARGV[11] == '1' and ARGV[10] or ARGV[10] .. ARGV[3]
redis.call(ARGV[9], KEYS[4], ARGV[1] .. '\n' .. epoch .. '\n' .. revision .. '\n' .. announced)
return { epoch, revision, seq }
