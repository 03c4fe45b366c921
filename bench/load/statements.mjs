import { Connections } from './connections.mjs';
import { operations } from './operations.mjs';
import { portOf } from './rounds.mjs';

/** Lives of one person each; one more comes first and is not counted, since it meets empty caches and pools. */
const LIVES = 5;

const READING = ['readMe', 'gatewayCheck', 'introspection'];

/** Of the steps of a life. What reads comes before what makes the session another one. */
const ORDER = ['firstLogin', ...READING, 'refresh', 'returningLogin', 'logout'];

const ENTRY = /^\[bench (\S*)\] LOG: {2}(?:statement|execute [^:]*): ([^]*)$/;
const CONTROL = /^(BEGIN|START TRANSACTION|COMMIT|ROLLBACK|SET)\b/i;

/**
 * What the database was asked for one operation.
 *
 * @typedef {object} Count
 * @property {string} subject
 * @property {string} operation
 * @property {number[]} statements how many, of each repetition
 * @property {number[]} control how many more that begin and end a transaction
 * @property {string[]} list what they were, in the last repetition
 */

/**
 * Counts the statements of single requests, one after the other, in PostgreSQL's own log. Only those of the
 * subject's pool count: what listens for notifications or looks for jobs does so whether requests come or not.
 *
 * @param {import('../machine/postgres.mjs').Postgres} postgres
 * @param {import('./rounds.mjs').Subject[]} subjects
 * @returns {Promise<Count[]>}
 */
export function countStatements(postgres, subjects) {
  return postgres.whileLogging('[bench %a] ', async () => {
    const counts = [];
    for (const subject of subjects) counts.push(...(await countOf(postgres, subject)));
    return counts;
  });
}

async function countOf(postgres, subject) {
  const steps = stepsOf(subject);
  const seen = steps.map(() => []);
  for (let life = 0; life <= LIVES; life += 1) {
    if (!subject.operations.includes('firstLogin')) await sendTo(subject, 'enter', enter(subject));
    for (const [index, { key, ask }] of steps.entries()) {
      const start = postgres.logSize();
      await sendTo(subject, key, ask());
      if (life > 0) seen[index].push(statementsOf(postgres.logSince(start), subject.applicationName));
    }
  }
  return steps.map(({ name }, index) => toCount(subject.name, name, seen[index]));
}

/** The life of somebody who signs in, looks, is asked about, refreshes, returns and leaves. */
function stepsOf({ crowd, client, operations: own, hasSessionCache }) {
  const step = (key, name = nameOf(key)) => ({
    key,
    name,
    ask: () =>
      key === 'firstLogin'
        ? client.firstLogin(crowd, crowd.bot.newUser())
        : client[key](crowd, crowd.newest(1)[0]),
  });
  const steps = ORDER.filter((key) => own.includes(key)).map((key) => step(key));
  const [first] = steps.filter(({ key }) => READING.includes(key));
  const cold =
    hasSessionCache && first ? step(first.key, `${nameOf(first.key)}, session not in memory`) : null;
  return steps.flatMap((each) => (cold && each === first ? [cold, each] : [each]));
}

function nameOf(key) {
  return operations.find((operation) => operation.key === key).name;
}

async function sendTo(subject, key, exchange) {
  const connections = await Connections.open(portOf(subject, key), 1);
  try {
    await connections.send(exchange);
  } finally {
    connections.close();
  }
}

function enter({ crowd, client }) {
  return client.enter(crowd, crowd.bot.newUser());
}

function statementsOf(log, applicationName) {
  return log
    .split(/\n(?=\[bench )/)
    .map((entry) => ENTRY.exec(entry))
    .filter((match) => match?.[1] === applicationName)
    .map((match) => match[2].trim());
}

function toCount(subject, operation, repetitions) {
  const isControl = (statement) => CONTROL.test(statement);
  return {
    subject,
    operation,
    statements: repetitions.map((all) => all.filter((statement) => !isControl(statement)).length),
    control: repetitions.map((all) => all.filter(isControl).length),
    list: repetitions
      .at(-1)
      .filter((statement) => !isControl(statement))
      .map(inShort),
  };
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
