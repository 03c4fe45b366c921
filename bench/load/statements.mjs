import { Connections } from './connections.mjs';
import { operations } from './operations.mjs';
import { portOf } from './rounds.mjs';

/** Repetitions, each by a user of its own; one more comes first and is not counted: caches and pools are empty. */
const REPETITIONS = 5;
const READING = ['readMe', 'gatewayCheck', 'gatewayInitData', 'introspection'];
/** Reads come before the operations that change the session. */
const ORDER = ['firstLogin', ...READING, 'refresh', 'returningLogin', 'logout'];
const ENTRY = /^\[bench (\S*)\] LOG: {2}(?:statement|execute [^:]*): ([^]*)$/;
const CONTROL = /^(BEGIN|START TRANSACTION|COMMIT|ROLLBACK|SET)\b/i;

/**
 * Counts the statements of single requests, one after the other, in PostgreSQL's own log. Only those of the subject's pool
 * count: listening for notifications and looking for jobs do not depend on requests.
 *
 * @returns {Promise<{ subject: string, operation: string, statements: number[], control: number[], list: string[] }[]>} with
 *   numbers of each repetition (`control` begins and ends transactions), and the statements of the last one
 */
export function countStatements(postgres, subjects) {
  return postgres.whileLogging('[bench %a] ', async () => {
    const counts = [];
    for (const subject of subjects) counts.push(...(await countOf(postgres, subject)));
    return counts;
  });
}

async function countOf(postgres, subject) {
  const { crowd, client, operations: own } = subject;
  const steps = stepsOf(subject).map((step) => ({ ...step, seen: [] }));
  const newUser = (key) => send(subject, key, client[key](crowd, crowd.bot.newUser()));
  for (let repetition = 0; repetition <= REPETITIONS; repetition += 1) {
    if (!own.includes('firstLogin')) await newUser('enter');
    for (const { key, seen } of steps) {
      const start = postgres.logSize();
      if (key === 'firstLogin') await newUser(key);
      else await send(subject, key, client[key](crowd, crowd.newest(1)[0]));
      if (repetition > 0) seen.push(statementsOf(postgres.logSince(start), subject.applicationName));
    }
  }
  const isControl = (statement) => CONTROL.test(statement);
  const others = (all) => all.filter((statement) => !isControl(statement));
  return steps.map(({ operation, seen }) => ({
    subject: subject.name,
    operation,
    statements: seen.map((all) => others(all).length),
    control: seen.map((all) => all.filter(isControl).length),
    list: others(seen.at(-1)).map(inShort),
  }));
}

/** The operations of one user; the first read comes twice where sessions are cached. */
function stepsOf({ operations: own, hasSessionCache }) {
  const keys = ORDER.filter((key) => own.includes(key));
  const first = keys.find((key) => READING.includes(key));
  return keys.flatMap((key) => {
    const { name } = operations.find((operation) => operation.key === key);
    const step = { key, operation: name };
    const cold = { key, operation: `${name}, session not in memory` };
    return hasSessionCache && key === first ? [cold, step] : [step];
  });
}

async function send(subject, key, exchange) {
  const connections = await Connections.open(portOf(subject, key), 1);
  try {
    await connections.send(exchange);
  } finally {
    connections.close();
  }
}

function statementsOf(log, applicationName) {
  return log
    .split(/\n(?=\[bench )/)
    .map((entry) => ENTRY.exec(entry))
    .filter((match) => match?.[1] === applicationName)
    .map((match) => match[2].trim());
}

/** The verb, and the first table that is named after it. */
function inShort(statement) {
  const verb = /^\w+/.exec(statement)?.[0].toUpperCase();
  const written = /(?<!KEY )\b(INSERT INTO|UPDATE|DELETE FROM) "?(\w+)/i.exec(statement);
  const read = /\b(?:FROM|JOIN)\s+"?(?!unnest\b|LATERAL\b)(\w+)/i.exec(statement);
  if (verb === 'WITH' && written) return `${written[1]} ${written[2]} (with more)`;
  if (verb === 'SELECT') return `${verb} ${read?.[1] ?? ''}`.trim();
  return `${verb} ${written?.[2] ?? ''}`.trim();
}
