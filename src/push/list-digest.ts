import { createHash } from 'node:crypto';

/** Digest of what makes a list besides the user: settings and model versions. A list with another one is out of date. */
export function listDigest(settingsDigest: string, live: ReadonlyMap<string, { readonly version: string }>): string {
  const versions = [...live].map(([model, { version }]) => `${model}@${version}`).sort();
  return createHash('sha256')
    .update([settingsDigest, ...versions].join('\n'))
    .digest('base64url')
    .slice(0, 16);
}
