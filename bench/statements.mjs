import { Connections } from './connections.mjs';
import { authenticateOnly, firstLogin, readMe, refresh, returningLogin } from './operations.mjs';

/** Lives of one person each; one more comes first and is not counted, since it meets empty caches and pools. */
const LIVES = 5;

const ENTRY = /^\[bench (\S*)\] LOG: {2}(?:statement|execute [^:]*): ([^]*)$/;
const CONTROL = /^(BEGIN|START TRANSACTION|COMMIT|ROLLBACK)\b/i;

/**
 * What the database was asked for one operation.
 *
 * @typedef {object} Count
 * @property {string} contestant
 * @property {string} operation
 * @property {number[]} statements how many, of each repetition
 * @property {number[]} control how many more that begin and end a transaction
 * @property {string[]} list what they were, in the last repetition
 */

/**
 * Counts the statements of single requests, one after the other, in PostgreSQL's own log. Only those of the
 * contestant's pool count: what listens for notifications or looks for jobs does so whether requests come or not.
 *
 * @param {import('./postgres.mjs').Postgres} postgres
 * @param {import('./rounds.mjs').Contestant[]} contestants
 * @returns {Promise<Count[]>}
 */
export function countStatements(postgres, contestants) {
  return postgres.whileLogging('[bench %a] ', async () => {
    const counts = [];
    for (const contestant of contestants) counts.push(...(await countOf(postgres, contestant)));
    return counts;
  });
}

async function countOf(postgres, contestant) {
  const connections = await Connections.open(contestant.port, 1);
  const steps = stepsOf(contestant);
  const seen = steps.map(() => []);
  try {
    for (let life = 0; life <= LIVES; life += 1) {
      for (const [index, { prepare }] of steps.entries()) {
        const start = postgres.logSize();
        await connections.send(prepare());
        if (life > 0) seen[index].push(statementsOf(postgres.logSince(start), contestant.applicationName));
      }
    }
  } finally {
    connections.close();
  }
  return steps.map(({ operation }, index) => toCount(contestant.name, operation, seen[index]));
}

/** The life of somebody who signs in, looks, refreshes and returns. */
function stepsOf({ crowd, hasSessionCache }) {
  const only = ([exchange]) => exchange;
  const me = () => only(readMe.prepare(crowd, 1));
  return [
    { operation: firstLogin.name, prepare: () => only(firstLogin.prepare(crowd, 1)) },
    ...(hasSessionCache ? [{ operation: `${readMe.name}, session not in memory`, prepare: me }] : []),
    { operation: readMe.name, prepare: me },
    ...(hasSessionCache
      ? [{ operation: 'authentication alone', prepare: () => authenticateOnly(crowd.newest(1)[0]) }]
      : []),
    { operation: refresh.name, prepare: () => only(refresh.prepare(crowd, 1)) },
    { operation: returningLogin.name, prepare: () => only(returningLogin.prepare(crowd, 1)) },
  ];
}

function statementsOf(log, applicationName) {
  return log
    .split(/\n(?=\[bench )/)
    .map((entry) => ENTRY.exec(entry))
    .filter((match) => match?.[1] === applicationName)
    .map((match) => match[2].trim());
}

function toCount(contestant, operation, repetitions) {
  const isControl = (statement) => CONTROL.test(statement);
  return {
    contestant,
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
  const written = /\b(INSERT INTO|UPDATE|DELETE FROM) "?(\w+)/i.exec(statement);
  const read = /\b(?:FROM|JOIN)\s+"?(?!unnest\b)(\w+)/i.exec(statement);
  if (verb === 'WITH' && written) return `${written[1]} ${written[2]} (with more)`;
  if (verb === 'SELECT') return `${verb} ${read?.[1] ?? ''}`.trim();
  return `${verb} ${written?.[2] ?? ''}`.trim();
}
