import { readFileSync } from 'node:fs';
import { cpus, release, totalmem, type } from 'node:os';
import { inClone } from '../../scripts/lib/clone.mjs';
import { git } from '../../scripts/lib/git.mjs';

/** The machine, its disk and the versions that all figures depend on, as names and values. */
export function settingRows({ syncMs, database: { server_version: version, ...settings } }) {
  const { fastify, pg } = dependenciesIn();
  return [
    ['machine', machine()],
    ['disk', `writing 8 KiB and forcing it to disk takes ${syncMs.toFixed(2)} ms`],
    ['Countersign', commit()],
    ['Node', process.version],
    ['Fastify', fastify],
    ['pg', pg],
    ['PostgreSQL', version],
    ['its settings', pairs(settings)],
  ];
}

function machine() {
  const processors = cpus();
  const memory = `${(totalmem() / 2 ** 30).toFixed(1)} GiB`;
  return `${processors[0]?.model ?? 'unknown'}, ${processors.length} cores, ${memory}, ${type()} ${release()}`;
}

/** The versions that a folder of `bench` pins. @param {string[]} folder */
export function pinnedIn(...folder) {
  return pairs(dependenciesIn(...folder));
}

function dependenciesIn(...folder) {
  return JSON.parse(readFileSync(inClone(...folder, 'package.json'), 'utf8')).dependencies;
}

function pairs(object) {
  return Object.entries(object)
    .map((pair) => pair.join(' '))
    .join(', ');
}

function commit() {
  const changes = git('status', '--porcelain') === '' ? '' : ', with changes';
  return `commit ${git('rev-parse', '--short', 'HEAD')}${changes}`;
}
