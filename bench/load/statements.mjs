import { Connections } from './connections.mjs';
import { operations } from './operations.mjs';
import { portOf } from './rounds.mjs';

/** Repetitions, each by a user of its own; one more comes first and is not counted: caches and pools are empty. */
const REPETITIONS = 5;
/** Reads come before the operations that change the session; the very first one is sent twice, since sessions are cached. */
const READING = ['gatewayCheck', 'readMe', 'gatewayInitData', 'introspection'];
const ORDER = ['firstLogin', ...READING, 'refresh', 'returningLogin', 'logout'];
const ENTRY = /^\[bench (\S*)\] LOG: {2}(?:statement|execute [^:]*): ([^]*)$/;
const CONTROL = /^(BEGIN|START TRANSACTION|COMMIT|ROLLBACK|SET)\b/i;

/**
 * Counts the statements of single requests, one after the other, in PostgreSQL's own log. Only those of the subject's pool
 * count: listening for notifications and looking for jobs do not depend on requests.
 *
 * @returns {Promise<{ subject: string, operation: string, statements: number[], control: number[] }[]>} numbers of each
 *   repetition; `control` begins and ends transactions
 */
export function countStatements(postgres, subjects) {
  return postgres.whileLogging('[bench %a] ', async () => {
    const counts = [];
    for (const subject of subjects) counts.push(...(await countOf(postgres, subject)));
    return counts;
  });
}

async function countOf(postgres, subject) {
  const { name, crowd, client, operations: own } = subject;
  const keys = ORDER.filter((key) => own.includes(key));
  const seen = Object.fromEntries(keys.map((key) => [key, []]));
  const ask = (key) => send(subject, key, client[key](crowd, crowd.newest(1)[0]));
  const newUser = (key) => send(subject, key, client[key](crowd, crowd.bot.newUser()));
  for (let repetition = 0; repetition <= REPETITIONS; repetition += 1) {
    if (!own.includes('firstLogin')) await newUser('enter');
    for (const key of keys) {
      if (key === keys.find((each) => READING.includes(each))) await ask(key);
      const start = postgres.logSize();
      await (key === 'firstLogin' ? newUser(key) : ask(key));
      if (repetition > 0) seen[key].push(statementsOf(postgres.logSince(start), subject.applicationName));
    }
  }
  const count = (all, isControl) => all.filter((statement) => CONTROL.test(statement) === isControl).length;
  return keys.map((key) => ({
    subject: name,
    operation: operations.find((operation) => operation.key === key).name,
    statements: seen[key].map((all) => count(all, false)),
    control: seen[key].map((all) => count(all, true)),
  }));
}

async function send(subject, key, exchange) {
  const connections = await Connections.open(portOf(subject, key), 1);
  await connections.send(exchange).finally(() => connections.close());
}

function statementsOf(log, applicationName) {
  return log
    .split(/\n(?=\[bench )/)
    .map((entry) => ENTRY.exec(entry))
    .filter((match) => match?.[1] === applicationName)
    .map((match) => match[2].trim());
}
