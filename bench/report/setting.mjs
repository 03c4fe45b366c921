import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus, release, totalmem, type } from 'node:os';
import { CLONE, inClone } from '../../scripts/lib/clone.mjs';
import { POOL_SIZE } from '../machine/postgres.mjs';
import { table } from './table.mjs';

const GIB = 2 ** 30;

/**
 * What the figures depend on.
 *
 * @param {object} facts
 * @param {import('../options.mjs').Options} facts.options
 * @param {import('../machine/cores.mjs').Cores | null} facts.cores
 * @param {{ fileSystem: string, syncMs: number }} facts.disk
 * @param {import('../subjects/all.mjs').SubjectDefinition[]} facts.suite
 * @param {Record<string, string>} facts.database
 */
export function describeSetting(facts) {
  return table(['setting', 'value'], settingRows(facts));
}

/** The same as names and values. */
export function settingRows({ options, cores, disk, suite, database }) {
  const { server_version: version, ...settings } = database;
  const hasPeers = suite.some(({ isPeer }) => isPeer);
  const named = Object.entries(settings).map((pair) => pair.join(' '));
  const rounds = `${options.rounds} of ${options.seconds} s (logout: half) after ${options.warmUp} s of warm-up`;
  return [
    ['machine', machine()],
    ['disk', `${disk.fileSystem}; writing 8 KiB and forcing it to disk takes ${disk.syncMs.toFixed(2)} ms`],
    ['Countersign', commit()],
    ['Node', process.version],
    ...(hasPeers ? [['peers', versionsIn('bench', 'peers')]] : []),
    ['Fastify', dependenciesIn().fastify],
    ['pg', dependenciesIn().pg],
    ['PostgreSQL', version],
    ['its settings', named.join(', ')],
    ['connections', `${options.connections} keep-alive to the subject, a pool of ${POOL_SIZE} to PostgreSQL`],
    ['pinned to cores', pinning(cores)],
    ['service', 'from dist, LOG_LEVEL as shipped (output discarded), JOBS on, both checks of init data'],
    ['rounds', `${rounds}, in random order (--seed ${options.seed})`],
  ];
}

function machine() {
  const processors = cpus();
  const memory = `${(totalmem() / GIB).toFixed(1)} GiB`;
  return `${processors[0]?.model ?? 'unknown'}, ${processors.length} cores, ${memory}, ${type()} ${release()}`;
}

function pinning(cores) {
  if (!cores) return 'none: the system chooses';
  const { subject, database, generator } = cores;
  return `subject ${subject.join(', ')}; PostgreSQL ${database.join(', ')}; load generator ${generator.join(', ')}`;
}

function dependenciesIn(...folder) {
  return JSON.parse(readFileSync(inClone(...folder, 'package.json'), 'utf8')).dependencies;
}

function versionsIn(...folder) {
  return Object.entries(dependenciesIn(...folder))
    .map((pair) => pair.join(' '))
    .join(', ');
}

/** The commit that was measured, where git can tell. */
function commit() {
  try {
    const git = (...args) =>
      execFileSync('git', args, { cwd: CLONE, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
    const isChanged = git('status', '--porcelain') !== '';
    return `commit ${git('rev-parse', '--short', 'HEAD')}${isChanged ? ', with changes' : ''}`;
  } catch {
    return 'no commit known';
  }
}
