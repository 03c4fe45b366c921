/**
 * Takes the indexes that stand for no constraint off the tables, and puts them back as they were: built at once they cost
 * a tenth of what rows in no order cost them.
 *
 * @param {import('pg').Client} client
 * @param {string[]} tables
 * @param {() => Promise<void>} work
 */
export async function withoutIndexes(client, tables, work) {
  const { rows: indexes } = await client.query(
    `SELECT i.indexrelid::regclass::text AS name, pg_get_indexdef(i.indexrelid) AS definition
     FROM pg_index i
     WHERE i.indrelid = ANY($1::regclass[]) AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.indexrelid)`,
    [tables],
  );
  for (const { name } of indexes) await client.query(`DROP INDEX ${name}`);
  await work();
  for (const { definition } of indexes) await client.query(definition);
}

/**
 * Foreign keys of these tables whose rows point at nothing.
 *
 * @param {import('pg').Client} client
 * @param {string[]} tables
 * @returns {Promise<string[]>}
 */
export async function brokenForeignKeys(client, tables) {
  const broken = [];
  for (const { name, child, parent, columns, referenced } of await foreignKeysOf(client, tables)) {
    const isParent = columns.map((column, index) => `p.${referenced[index]} = c.${column}`).join(' AND ');
    const pointsSomewhere = columns.map((column) => `c.${column} IS NOT NULL`).join(' AND ');
    const { rows } = await client.query(
      `SELECT FROM ${child} c LEFT JOIN ${parent} p ON ${isParent}
       WHERE ${pointsSomewhere} AND p.${referenced[0]} IS NULL LIMIT 1`,
    );
    if (rows.length > 0) broken.push(name);
  }
  return broken;
}

/**
 * Foreign keys of these tables that no index serves: whoever deletes what they point at reads the whole table.
 *
 * @param {import('pg').Client} client
 * @param {string[]} tables
 * @returns {Promise<{ name: string, parent: string }[]>}
 */
export async function foreignKeysWithoutIndex(client, tables) {
  const keys = await foreignKeysOf(client, tables);
  return keys.filter(({ isServed }) => !isServed).map(({ name, parent }) => ({ name, parent }));
}

async function foreignKeysOf(client, tables) {
  const { rows } = await client.query(
    `SELECT c.conname AS name, c.conrelid::regclass::text AS child, c.confrelid::regclass::text AS parent,
       ${namesOf('c.conrelid', 'c.conkey')} AS columns, ${namesOf('c.confrelid', 'c.confkey')} AS referenced,
       EXISTS (SELECT FROM pg_index i
               WHERE i.indrelid = c.conrelid AND i.indkey[0] = c.conkey[1] AND i.indpred IS NULL) AS "isServed"
     FROM pg_constraint c
     WHERE c.contype = 'f' AND c.conrelid = ANY($1::regclass[]) ORDER BY c.conname`,
    [tables],
  );
  return rows;
}

/** The names of the columns of a relation with these numbers, in their order. */
function namesOf(relation, numbers) {
  return `(SELECT array_agg(a.attname::text ORDER BY k.place) FROM unnest(${numbers}) WITH ORDINALITY AS k (number, place)
           JOIN pg_attribute a ON a.attrelid = ${relation} AND a.attnum = k.number)`;
}
