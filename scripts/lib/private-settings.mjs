import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Sentence } from './main.mjs';

/**
 * Adds the database with its features, the keys, the custody process, the demo and the developer's principal that `start` made, unless the environment names others.
 *
 * @param {NodeJS.ProcessEnv} env
 * @param {string} folder the data folder of the start
 * @param {string[]} words of the command
 * @param {string} start the command of `start`, for error messages
 * @returns {NodeJS.ProcessEnv}
 */
export function withPrivateSettings(env, folder, words, start) {
  const url = join(folder, 'postgres', 'database-url');
  const keys = join(folder, 'keys.json');
  const demo = join(folder, 'demo-telegram-key');
  const custody = join(folder, 'custody-socket');
  const use = join(folder, 'use');
  const operator = join(folder, 'operator.json');
  const settings = { ...env };
  const hasDatabase = Boolean(env.DATABASE_URL || env.DATABASE_URL_FILE);
  try {
    if (!hasDatabase && existsSync(url)) settings.DATABASE_URL = readFileSync(url, 'utf8').trim();
    if (!hasDatabase && !env.COUNTERSIGN_USE && existsSync(use))
      settings.COUNTERSIGN_USE = readFileSync(use, 'utf8').trim();
    if (!hasDatabase && existsSync(demo))
      settings.DEMO_TELEGRAM_KEY = joined(env.DEMO_TELEGRAM_KEY, readFileSync(demo, 'utf8').trim());
    if (!hasDatabase && !env.CUSTODY_SOCKET && existsSync(custody))
      settings.CUSTODY_SOCKET = readFileSync(custody, 'utf8').trim();
    const isElsewhere =
      env.COUNTERSIGN_ADMIN_URL || env.COUNTERSIGN_PRINCIPAL || env.COUNTERSIGN_PRINCIPAL_FILE;
    if (!hasDatabase && !isElsewhere && existsSync(operator)) {
      const { url, principal } = JSON.parse(readFileSync(operator, 'utf8'));
      Object.assign(settings, { COUNTERSIGN_ADMIN_URL: url, COUNTERSIGN_PRINCIPAL: principal });
    }
  } catch (error) {
    throw new Sentence(
      `${url} cannot be read (${error.code}): call this as the user that "${start}" runs as, or set DATABASE_URL.`,
    );
  }
  if (!env.KEYS_FILE && !env.KEYS && existsSync(keys)) settings.KEYS_FILE = keys;
  // A busy machine takes seconds for a log-in to PostgreSQL.
  settings.PATIENCE ||= '10';
  if (!hasDatabase && !settings.DATABASE_URL && needsDatabase(words))
    throw new Sentence(
      `There is no private database in ${folder}: run "${start}" first, as this user, or set DATABASE_URL.`,
    );
  return settings;
}

/** The keys that were set and that of the demo, each bot once. */
function joined(given, demo) {
  const [demoBot] = demo.split(':');
  const others = (given ?? '').split(',').filter((key) => key !== '' && key.split(':')[0].trim() !== demoBot);
  return [...others, demo].join(',');
}

function needsDatabase([command = 'help', name = '', ...rest]) {
  const onDatabase = [
    'migrate',
    'doctor',
    'explain',
    'import',
    'principal create',
    'audit verify',
    'audit export',
    'wallet stop',
  ];
  const isNamed = onDatabase.includes(command) || onDatabase.includes(`${command} ${name}`);
  return isNamed && ![name, ...rest].some((word) => word === '--help' || word === '-h');
}
