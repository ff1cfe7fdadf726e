-- Adds a version whose snapshot is complete, and moves the live pointer to it unless another version has to stay.
--
-- KEYS[1] hash: model -> JSON record of the live version
-- KEYS[2] list: JSON records of the model's versions, newest first
-- KEYS[3] list: the chunks of the snapshot
-- KEYS[4] hash: `floor`, how many erasures of users a version must know of to be published
-- ARGV[1] model
-- ARGV[2] version
-- ARGV[3] JSON record
-- ARGV[4] channel that announces swaps
-- ARGV[5] '1': may take the place of a version that a rollback holds
-- ARGV[6] PUBLISH, or SPUBLISH where the channel is heard on the servers of its slot only
-- ARGV[7] how many erasures were through when the run began to read
--
-- Returns 'live'; 'held': a rollback holds the live version; 'superseded': a run that began later has published already;
-- 'erased': it may know somebody whose erasure is complete, and was deleted.

if tonumber(redis.call('HGET', KEYS[4], 'floor') or '0') > tonumber(ARGV[7]) then
  redis.call('DEL', KEYS[3])
  return 'erased'
end

redis.call('PERSIST', KEYS[3])
redis.call('LPUSH', KEYS[2], ARGV[3])
local held = redis.call('HGET', KEYS[1], ARGV[1])
if held then
  local live = cjson.decode(held)
  if live.pinned then
    if ARGV[5] ~= '1' then return 'held' end
  elseif live.version > ARGV[2] then
    return 'superseded'
  end
end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
redis.call(ARGV[6], ARGV[4], ARGV[1])
return 'live'
