import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  createReadStream,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream/promises';

/**
 * Public packages, for Linux x86-64, that hold TensorFlow's C library (Apache-2.0), the preferred first. `entries` are paths in the
 * archive, all of which go into one folder.
 */
export const SOURCES = [
  {
    name: 'org.tensorflow:tensorflow-core-api 0.5.0, by Maven',
    holds: 'TensorFlow 2.10.1',
    sizes: '117 MB to download, 480 MB in node_modules',
    client: ['mvn', '--version'],
    fetch: (folder) => [
      'mvn',
      ...['--batch-mode', '--quiet', '--strict-checksums', 'org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy'],
      ...['-Dartifact=org.tensorflow:tensorflow-core-api:0.5.0:jar:linux-x86_64', `-DoutputDirectory=${folder}`],
    ],
    sha256: 'f394c5be26c8f3b644cdc77e6741b2cfe774caa8aedeb969c50e074444feac55',
    entries: ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2', 'LICENSE', 'THIRD_PARTY_TF_JNI_LICENSES'].map(
      (name) => `org/tensorflow/internal/c_api/linux-x86_64/${name}`,
    ),
  },
  {
    name: 'tensorflow-cpu 2.15.1, by pip',
    holds: 'TensorFlow 2.15.1',
    sizes: '200 MB to download, 600 MB in node_modules',
    client: ['python3', '-m', 'pip', '--version'],
    fetch: (folder) => [
      ...['python3', '-m', 'pip', 'download', '--quiet', '--no-deps', '--only-binary=:all:', '--python-version', '3.11'],
      ...['--platform', 'manylinux_2_17_x86_64', '--platform', 'manylinux2014_x86_64', '--dest', folder, 'tensorflow-cpu==2.15.1'],
    ],
    sha256: '54660c074d7241a503e81edfd9f5ef5af88f64051b72e2945f26318c790f2d26',
    entries: [
      ...['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2'].map((name) => `tensorflow/${name}`),
      'tensorflow_cpu-2.15.1.dist-info/LICENSE',
      'tensorflow/THIRD_PARTY_NOTICES.txt',
    ],
  },
];

const STAMP = 'SOURCE';

/** What is in `library` already, of an earlier run; undefined: nothing whole. */
export function sourceOf(library) {
  const stamp = join(library, STAMP);
  return existsSync(stamp) ? SOURCES.find(({ sha256 }) => readFileSync(stamp, 'utf8').includes(sha256)) : undefined;
}

/**
 * Downloads `source` into `scratch` by its package client, checks its SHA-256 sum, and unpacks the library into the folder `library`, which
 * appears whole or not at all. `home`: a package that brings adm-zip. undefined, or what went wrong.
 */
export async function installLibrary(source, { library, scratch, home }) {
  const folder = join(scratch, 'library');
  mkdirSync(folder);
  const [program, ...args] = source.fetch(folder);
  const { status } = spawnSync(program, args, { cwd: scratch, stdio: ['ignore', 2, 2] });
  const [file] = readdirSync(folder);
  if (status !== 0 || file === undefined) return `${source.name}: ${program} could not fetch it, see above.`;
  const archive = join(folder, file);
  const found = await sha256Of(archive);
  if (found !== source.sha256) return `${source.name}: ${file} has the SHA-256 sum ${found}, not ${source.sha256}. It was not unpacked.`;

  const draft = `${library}.new`;
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft, { recursive: true });
  const AdmZip = createRequire(join(home, 'package.json'))('adm-zip');
  const zip = new AdmZip(archive);
  for (const entry of source.entries) writeFileSync(join(draft, basename(entry)), zip.readFile(entry));
  // By this name the package's own install script sees that the library is there, and does not fetch it.
  symlinkSync('libtensorflow_cc.so.2', join(draft, 'libtensorflow.so.2.9.1'));
  symlinkSync('libtensorflow_cc.so.2', join(draft, 'libtensorflow.so'));
  symlinkSync('libtensorflow_framework.so.2', join(draft, 'libtensorflow_framework.so'));
  writeFileSync(join(draft, STAMP), `${source.holds}, from ${source.name}\nSHA-256 ${source.sha256}\n`);
  rmSync(library, { recursive: true, force: true });
  renameSync(draft, library);
  return undefined;
}

export async function sha256Of(file) {
  const digest = createHash('sha256');
  await pipeline(createReadStream(file), digest);
  return digest.digest('hex');
}
