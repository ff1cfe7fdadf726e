import { lookup as systemLookup } from 'node:dns/promises';
import { constants } from 'node:fs';
import { open, realpath, stat } from 'node:fs/promises';
import type { ClientRequest, IncomingMessage, RequestOptions } from 'node:http';
import { request } from 'node:https';
import { join, sep } from 'node:path';
import { isPublicAddress } from './public-address';
import type { MediaLimits } from './media-limits';
import { MediaRefused, type MediaKind, type Refusal } from './media-refused';

export const UPLOAD = 'upload:';

export interface MediaSources {
  /** Folder that uploads lie in; absent: none are read. */
  readonly uploads: string | undefined;
  /** Names of hosts that files are fetched from, by https; empty: none are. */
  readonly hosts: readonly string[];
  /** All addresses of a host. @default the system's */
  readonly addressesOf?: (host: string) => Promise<readonly string[]>;
  /** @default isPublicAddress */
  readonly allows?: (address: string) => boolean;
  /** @default the request of node:https */
  readonly ask?: (url: URL, options: RequestOptions) => ClientRequest;
}

/** Whether such a source may be read at all, before anything is looked up. */
export function isAllowedSource(source: string, { uploads, hosts }: MediaSources): boolean {
  if (source.startsWith(UPLOAD)) return uploads !== undefined;
  if (!URL.canParse(source)) return false;
  const { protocol, hostname, username, password } = new URL(source);
  return protocol === 'https:' && username === '' && password === '' && hosts.includes(hostname);
}

/**
 * The bytes of `upload:PATH` below the folder of uploads, or of an https URL of an allowed host. Redirects are not followed; a host that answers from an
 * address that is not public is not asked, and the address that was looked at is the one that is asked.
 * @throws MediaRefused `not_allowed`, `unreachable`, `too_large` or `too_slow`.
 */
export async function readMedia(kind: MediaKind, source: string, sources: MediaSources, limits: MediaLimits): Promise<Buffer> {
  const refuse: Refuse = (reason, message) => new MediaRefused(kind, reason, message);
  if (!isAllowedSource(source, sources)) throw refuse('not_allowed', 'must be an upload, or an https URL of a host that is allowed');
  if (source.startsWith(UPLOAD)) return readUpload(source.slice(UPLOAD.length), sources.uploads!, limits, refuse);
  return fetchFile(new URL(source), sources, limits, refuse);
}

type Refuse = (reason: Refusal, message: string) => MediaRefused;

/**
 * Changes when an upload does: time and size of the file. '' for what can only be told by reading it, and for an upload that is not there.
 */
export async function stateOfMedia(source: string, { uploads }: MediaSources): Promise<string> {
  if (!source.startsWith(UPLOAD) || uploads === undefined) return '';
  return stat(join(uploads, source.slice(UPLOAD.length))).then(
    ({ mtimeMs, size }) => `${mtimeMs} ${size}`,
    () => '',
  );
}

async function readUpload(path: string, folder: string, { maxBytes }: MediaLimits, refuse: Refuse): Promise<Buffer> {
  const missing = (): never => {
    throw refuse('unreachable', 'there is no such upload');
  };
  const root = await realpath(folder).catch(missing);
  const file = await realpath(join(root, path)).catch(missing); // where links lead, so that none leads out
  if (!file.startsWith(root + sep)) throw refuse('not_allowed', 'must lie in the folder of uploads');
  const handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK).catch(missing); // a pipe must not be waited for
  try {
    const { size, isFile } = await handle.stat().then((held) => ({ size: held.size, isFile: held.isFile() }));
    if (!isFile) return missing();
    if (size > maxBytes) throw refuse('too_large', `${size} bytes; at most ${maxBytes} are read`);
    const bytes = Buffer.alloc(size); // it may grow meanwhile: no more than this is read
    const { bytesRead } = await handle.read(bytes, 0, size, 0);
    return bytes.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

async function fetchFile(url: URL, sources: MediaSources, limits: MediaLimits, refuse: Refuse): Promise<Buffer> {
  const { addressesOf = systemAddresses, allows = isPublicAddress, ask = request } = sources;
  const addresses = await addressesOf(url.hostname.replace(/^\[|\]$/g, '')).catch(() => []);
  const [address] = addresses;
  if (address === undefined) throw refuse('unreachable', 'the host has no address');
  if (!addresses.every(allows)) throw refuse('not_allowed', 'the host has an address that is not public');
  const signal = AbortSignal.timeout(limits.deadlineMs);
  return new Promise((resolve, reject) => {
    const asked = ask(url, { lookup: onlyTo(address), signal, agent: false });
    const failed = (): void =>
      reject(
        signal.aborted
          ? refuse('too_slow', `not fetched within ${limits.deadlineMs} ms`)
          : refuse('unreachable', 'the host did not answer'),
      );
    asked.on('error', failed);
    asked.on('response', (response) => {
      response.on('error', failed);
      receive(response, limits, refuse).then(resolve, (error: Error) => {
        reject(error);
        asked.destroy();
      });
    });
    asked.end();
  });
}

/** The body of an answer that is the file itself. */
function receive(response: IncomingMessage, { maxBytes }: MediaLimits, refuse: Refuse): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    if (response.statusCode !== 200) return reject(refuse('unreachable', `the host answered ${response.statusCode}`));
    const parts: Buffer[] = [];
    let length = 0;
    response.on('data', (part: Buffer) => {
      parts.push(part);
      length += part.length;
      if (length > maxBytes) reject(refuse('too_large', `more than ${maxBytes} bytes`));
    });
    response.on('end', () => resolve(Buffer.concat(parts)));
  });
}

/** The address that was looked at is the one that is asked, whatever the name leads to a moment later. */
const onlyTo =
  (address: string): NonNullable<RequestOptions['lookup']> =>
  (_host, options, found) => {
    const family = address.includes(':') ? 6 : 4;
    if (options.all === true) found(null, [{ address, family }]);
    else found(null, address, family);
  };

const systemAddresses = async (host: string): Promise<string[]> => (await systemLookup(host, { all: true })).map(({ address }) => address);
