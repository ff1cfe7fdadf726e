/** What anyone can do who may not, or cannot, install it this way. */
export const BY_HAND =
  'Install Redis (https://redis.io/docs/latest/operate/oss_and_stack/install/) or Valkey, or set REDIS_URL to one that runs, then try again.';

/** In the order of preference; `packages` are tried in turn, for distributions carry one or the other. */
const MANAGERS = [
  {
    name: 'apt-get',
    refresh: ['update'],
    install: ['-o', 'DPkg::Lock::Timeout=120', 'install', '-y', '--no-install-recommends'],
    packages: ['redis-server', 'valkey-server'],
  },
  { name: 'dnf', install: ['install', '-y'], packages: ['valkey', 'redis'] },
  { name: 'yum', install: ['install', '-y'], packages: ['redis', 'valkey'] },
  { name: 'apk', install: ['add', '--no-cache'], packages: ['redis', 'valkey'] },
  { name: 'pacman', install: ['-Sy', '--noconfirm', '--needed'], packages: ['valkey', 'redis'] },
  { name: 'zypper', install: ['--non-interactive', 'install'], packages: ['redis', 'valkey'] },
  { name: 'brew', install: ['install'], packages: ['redis', 'valkey'], withoutRoot: true },
];

/**
 * How to install a server here: `{ manager, refresh, tries }`, each a command line to run, or `{ byHand }`, what to tell.
 * @param has whether a program is on this machine
 * @param maySudo whether sudo asks no password (asked only when it matters)
 */
export function planInstall({ has, isRoot, maySudo, platform }) {
  if (platform === 'win32') {
    return { byHand: `Redis does not run on Windows itself: use WSL (https://learn.microsoft.com/windows/wsl). ${BY_HAND}` };
  }
  const manager = MANAGERS.find(({ name }) => has(name));
  if (manager === undefined)
    return { byHand: `Beckon needs redis-server or valkey-server, and knows no package manager of this machine.\n${BY_HAND}` };
  const { name, refresh, install, packages, withoutRoot = false } = manager;
  if (withoutRoot && isRoot) {
    return {
      byHand: `Beckon needs redis-server, and ${name} does not run as root. As yourself, run:\n  ${[name, ...install, packages[0]].join(' ')}\n${BY_HAND}`,
    };
  }
  const sudo = withoutRoot || isRoot ? [] : has('sudo') && maySudo() ? ['sudo', '-n'] : undefined;
  if (sudo === undefined) {
    const lines = [refresh, [...install, packages[0]]].filter(Boolean).map((args) => `  sudo ${[name, ...args].join(' ')}`);
    return {
      byHand: `Beckon needs redis-server or valkey-server, and may not install it as this user. Run:\n${lines.join('\n')}\n${BY_HAND}`,
    };
  }
  return {
    manager: name,
    refresh: refresh && [...sudo, name, ...refresh],
    tries: packages.map((item) => [...sudo, name, ...install, item]),
  };
}
