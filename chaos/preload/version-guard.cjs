// A deliberately broken build, for `npm run chaos -- --broken version-guard`: the script that stores lists no longer refuses one that was
// computed from older behaviour than the list in place. Given to the processes with NODE_OPTIONS=--require; the product has no such switch.
const fs = require('node:fs');

const GUARD = 'if heldApplied <= seq then return false end';
const whole = fs.readFileSync;

fs.readFileSync = function readFileSync(path, ...rest) {
  const content = whole.call(this, path, ...rest);
  if (!String(path).endsWith('replace-list.lua')) return content;
  const source = String(content);
  // Without the guard in its place this would break nothing, and the chaos suite would be blamed for finding nothing.
  if (!source.includes(GUARD)) throw new Error('replace-list.lua has no version guard where this module takes it out');
  return source.replace('if heldApplied > applied then', 'if false then');
};
