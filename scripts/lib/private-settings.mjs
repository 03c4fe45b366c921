import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Sentence } from './main.mjs';

/** Variables that `start` has written, below its data folder. */
const FILES = {
  ...{ DATABASE_URL: 'postgres/database-url', COUNTERSIGN_USE: 'use' },
  ...{ DEMO_TELEGRAM_KEY: 'demo-telegram-key', CUSTODY_SOCKET: 'custody-socket' },
};

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
  const settings = { ...env };
  // A busy machine takes seconds for a log-in to PostgreSQL.
  settings.PATIENCE ||= '10';
  const keys = join(folder, 'keys.json');
  if (!env.KEYS_FILE && !env.KEYS && existsSync(keys)) settings.KEYS_FILE = keys;
  if (env.DATABASE_URL || env.DATABASE_URL_FILE) return settings;
  try {
    for (const [name, file] of Object.entries(FILES)) {
      const text = existsSync(join(folder, file)) && readFileSync(join(folder, file), 'utf8').trim();
      if (text && name === 'DEMO_TELEGRAM_KEY') settings[name] = joined(env[name], text);
      else if (text) settings[name] ||= text;
    }
    const isElsewhere =
      env.COUNTERSIGN_ADMIN_URL || env.COUNTERSIGN_PRINCIPAL || env.COUNTERSIGN_PRINCIPAL_FILE;
    const operator = join(folder, 'operator.json');
    if (!isElsewhere && existsSync(operator)) {
      const { url, principal } = JSON.parse(readFileSync(operator, 'utf8'));
      Object.assign(settings, { COUNTERSIGN_ADMIN_URL: url, COUNTERSIGN_PRINCIPAL: principal });
    }
  } catch (error) {
    throw new Sentence(
      `${error.message}: call this as the user that "${start}" runs as, or set DATABASE_URL.`,
    );
  }
  if (!settings.DATABASE_URL && needsDatabase(words))
    throw new Sentence(
      `There is no private database in ${folder}: run "${start}" first, as this user. If it runs with COUNTERSIGN_DATA_DIR, set the same here; or set DATABASE_URL.`,
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
    ...['migrate', 'doctor', 'explain', 'import', 'ledger', 'principal create'],
    ...['audit verify', 'custody accept', 'keys rewrap', 'wallet stop'],
  ];
  const isNamed = onDatabase.includes(command) || onDatabase.includes(`${command} ${name}`);
  return isNamed && ![name, ...rest].some((word) => word === '--help' || word === '-h');
}
