// Rewrites the archive of a shard and stands still when a file is written beside its place and not yet renamed: to be killed there.
const { ShardArchive } = require('../../dist/src/behaviour/archive.js');

const [, , archiveDir, tenant, shard] = process.argv;
const guard = () => {
  process.send('written');
  return new Promise(() => undefined); // the channel to the parent keeps this process alive
};
process.on('message', () => undefined);
void ShardArchive.of(archiveDir, tenant, Number(shard), guard).drop(([, fields]) => fields.join(' ').includes('e2'));
