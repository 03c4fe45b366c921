import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CLONE, inClone } from './clone.mjs';
import { git } from './git.mjs';
import { Sentence } from './main.mjs';
import { repositoryUrl } from './packages.mjs';
import { provenanceOf } from './provenance.mjs';

/** Builds the image of deploy/Dockerfile, and writes it into a folder with its SBOM and its provenance. */

const DOCKERFILE = 'deploy/Dockerfile';
const LABEL = 'org.opencontainers.image';

/**
 * What is built: the commit, its date, the version and, where it is known, the address of the repository.
 *
 * @returns {{ version: string, revision: string, created: string, source?: string }}
 */
export function describeSource() {
  const source = repositoryUrl();
  const [revision, created] = git('log', '-1', '--format=%H %cI').split(' ');
  return {
    version: JSON.parse(readFileSync(inClone('package.json'), 'utf8')).version,
    revision,
    created,
    ...(source === null ? {} : { source }),
  };
}

/**
 * @param {import('./buildah.mjs').Buildah} buildah
 * @param {string} name of the image
 * @param {ReturnType<typeof describeSource>} source
 * @param {string[]} options of `buildah bud`
 */
export function buildImage(buildah, name, source, options) {
  const labels = Object.entries(source).map(([key, value]) => `--label=${LABEL}.${key}=${value}`);
  const file = `--file=${inClone(DOCKERFILE)}`;
  // One date for all files and for the image: the same commit gives the same layers.
  const timestamp = `--timestamp=${Date.parse(source.created) / 1000}`;
  buildah.show('bud', timestamp, `--tag=${name}`, file, ...labels, ...options, CLONE);
}

/** The image that both stages are based on. */
export function baseName() {
  const lines = readFileSync(inClone(DOCKERFILE), 'utf8').matchAll(/^FROM (\S+)/gm);
  const names = new Set([...lines].map(([, name]) => name));
  const [name] = names;
  if (names.size !== 1 || !/^node:\d+-/.test(name))
    throw new Sentence(`${DOCKERFILE} is based on ${[...names].join(' and ')}, not on one image of Node.`);
  return name;
}

/**
 * Writes the image as an OCI archive, the SBOM of its packages and its provenance.
 *
 * @param {import('./buildah.mjs').Buildah} buildah
 * @param {{ name: string, base: string, folder: string, source: ReturnType<typeof describeSource> }} of
 * @returns {{ digest: string, files: string[] }} the digest of its manifest, and the paths that were written
 */
export function writeImage(buildah, { name, base, folder, source }) {
  const start = join(folder, `countersign-${source.version}`);
  const [archive, sbom, provenance, digestFile] = ['oci.tar', 'cdx.json', 'provenance.json', 'digest'].map(
    (end) => `${start}.${end}`,
  );
  const words = ['--quiet', '--format=oci', `--digestfile=${digestFile}`];
  buildah.do('push', ...words, name, `oci-archive:${archive}:${source.version}`);
  const digest = readFileSync(digestFile, 'utf8').trim();
  const { status, stderr } = spawnSync(process.execPath, [inClone('scripts/sbom.mjs'), sbom], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Sentence(stderr);
  const baseDigest = buildah.do('inspect', '--type=image', '--format={{.FromImageDigest}}', base);
  const lock = createHash('sha256').update(readFileSync(inClone('package-lock.json')));
  const predicate = provenanceOf({
    source,
    base: { name: base, digest: baseDigest },
    lock: lock.digest('hex'),
  });
  writeFileSync(provenance, `${JSON.stringify(predicate, null, 2)}\n`);
  return { digest, files: [archive, sbom, provenance, digestFile] };
}
