import { expecting } from '../clients/exchange.mjs';
import { Connections } from '../load/connections.mjs';
import { authorized } from '../load/http-text.mjs';
import { operations, prepare } from '../load/operations.mjs';
import { portOf } from '../load/rounds.mjs';
import { EXPLAINING, indexesOf, mostPages, plansOf } from '../machine/plans.mjs';
import { tableOf } from '../report/table.mjs';

/** So few connections that each one prepares a statement and comes to its generic plan. */
const DATABASE_POOL_SIZE = '2';
/** Rows of a table that may be read from its beginning to its end: fewer than fit on some hundred pages. */
const SMALL = 1_000;
/** Rows read for each one that the statement answers: a statement for a good part of a table may well read all of it. */
const MAX_READ = 100;
/** Rows that an index finds and a further condition drops. */
const MAX_DROPPED = 1_000;

/** Calls beside the measured operations: name, method, path and status. */
const MORE = [
  ['list own sessions', 'GET', '/v1/me/sessions', 200],
  ['list own identities', 'GET', '/v1/me/identities', 200],
  ['end all sessions', 'DELETE', '/v1/me/sessions?all=true', 204],
].map(([name, method, path, status]) => ({
  name,
  by: 'fresh members',
  key: name,
  ask: (_, { accessToken }) => expecting(authorized(method, path, accessToken), status),
}));

/** All operations while PostgreSQL logs its plans: all go by indexes. @returns {Promise<import('./main.mjs').Found>} */
export async function examinePlans({ subject, postgres, options, check }) {
  const rows = await postgres.query(
    subject.database,
    `SELECT relname AS name FROM pg_class
     WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace AND reltuples >= ${SMALL}`,
  );
  const big = new Set(rows.map(({ name }) => name));
  const service = await subject.start({ PGOPTIONS: EXPLAINING, DATABASE_POOL_SIZE });
  const judged = [];
  for (const operation of [...operations, ...MORE]) {
    check();
    const { key, name, ask } = operation;
    const client = ask ? { [key]: ask } : service.client;
    const connections = await Connections.open(portOf(service, key), 1);
    const plans = await plansOf(postgres, async () => {
      for (const exchange of prepare(operation, client, subject.crowd, options.sample))
        await connections.send(exchange);
    }).finally(() => connections.close());
    const faults = plans.flatMap((plan) =>
      faultsOf(plan, big).map((fault) => `${name} ${fault}: ${plan.text}`),
    );
    judged.push({ name, plans, faults: [...new Set(faults)] });
  }
  await service.stop();
  const text = tableOf(judged, {
    operation: ({ name }) => name,
    ' statements': ({ plans }) => new Set(plans.map((plan) => plan.text)).size,
    ' plans': ({ plans }) => plans.length,
    ' most pages': ({ plans }) => mostPages(plans),
    indexes: ({ plans }) => indexesOf(plans).join(', '),
    'goes by': ({ faults }) => (faults.length === 0 ? 'indexes' : `**${faults.length} fault(s)**`),
  });
  const seen = judged.reduce((sum, { plans }) => sum + plans.length, 0);
  return {
    text,
    faults: [...judged.flatMap(({ faults }) => faults), ...(seen === 0 ? ['no plan was seen'] : [])],
  };
}

function faultsOf({ root, nodes }, big) {
  const answered = Math.max(1, root['Actual Rows'] ?? 0);
  return nodes.flatMap((node) => {
    const relation = node['Relation Name'];
    const loops = node['Actual Loops'] ?? 1;
    const dropped = (node['Rows Removed by Filter'] ?? 0) * loops;
    const read = (node['Actual Rows'] ?? 0) * loops + dropped;
    if (node['Node Type'] === 'Seq Scan' && big.has(relation) && read > MAX_READ * answered)
      return [`reads all of ${relation}`];
    return relation && dropped > MAX_DROPPED ? [`drops ${dropped} rows of ${relation}`] : [];
  });
}
