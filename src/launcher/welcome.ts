import type { Example } from './fill-marker';

export interface WelcomeFacts {
  /** Without a slash at the end. */
  readonly url: string;
  readonly workerUrl: string;
  readonly tenant: string;
  readonly dataDir: string;
  /** Ids of what runs; without `redis` the data is in the Redis of REDIS_URL. */
  readonly processes: Readonly<Record<'launcher' | 'gateway' | 'worker' | 'redis', number | undefined>>;
  readonly example: Example;
  /** Where lists are shown first; `home` need not be named. */
  readonly surface: string;
  readonly auth: 'development' | 'jwt';
}

/** What is printed when everything serves: where, and commands that can be pasted as they are. */
export function welcome({ url, workerUrl, tenant, dataDir, processes, example, surface, auth }: WelcomeFacts): string {
  const { userId, itemId } = example;
  const identity =
    auth === 'jwt'
      ? `-H 'authorization: Bearer '"$BECKON_TOKEN"`
      : [['x-beckon-user', userId], ...(tenant === 'default' ? [] : [['x-beckon-tenant', tenant]])]
          .map(([name, value]) => `-H '${name}: ${inQuotes(value ?? '')}'`)
          .join(' ');
  const post = (query: string): string =>
    `  curl -s ${url}/graphql -H 'content-type: application/json' ${identity} \\\n    -d '${inQuotes(JSON.stringify({ query }))}'`;
  const item = JSON.stringify(itemId);
  const options = [
    ...(url.endsWith(':4000') ? [] : [`--url ${url}/graphql`]),
    ...(tenant === 'default' ? [] : [`--tenant ${inShell(tenant)}`]),
    ...(surface === 'home' ? [] : [`--surface ${surface}`]),
  ];
  return [
    '',
    `Beckon serves on ${url}/graphql   (WebSocket: the same address with ws://)`,
    `  health ${url}/health/ready   metrics ${url}/metrics   worker ${workerUrl}/health/ready`,
    processes.redis ? `  data in ${dataDir}` : '  data in the Redis of REDIS_URL',
    `  processes: ${Object.entries(processes)
      .filter(([, pid]) => pid !== undefined)
      .map(([name, pid]) => `${name} ${pid}`)
      .join(', ')}`,
    '',
    'Watch a list in another terminal:',
    ...(auth === 'jwt' ? ['  (after export BECKON_TOKEN=…, a signed token: see docs/operations.md)'] : []),
    `  ${['npm run beckon -- watch', inShell(userId), ...options].join(' ')}`,
    '',
    'Record a behaviour, and see it move:',
    post(
      `mutation { recordBehaviours(behaviours: [{ type: "view", itemId: ${item} }]) { users { userId seq } rejections { field message } } }`,
    ),
    '',
    'Ask for the list:',
    post(
      `{ recommendations(${surface === 'home' ? '' : `surface: "${surface}", `}first: 5) { appliedThrough items { rank itemId content { title } reason { code } } } }`,
    ),
    '',
    'Ctrl-C stops everything.',
    '',
  ].join('\n');
}

/** One word of a shell. */
const inShell = (text: string): string => (/^[\w.:@/-]+$/.test(text) ? text : `'${inQuotes(text)}'`);

/** Text for between single quotes of a shell. */
const inQuotes = (text: string): string => text.replaceAll("'", `'\\''`);
