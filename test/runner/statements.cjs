const { appendFileSync } = require('node:fs');
const path = require('node:path');

/** Pools of the service, by the name under which they connect: what they send goes through a pooler where there is one. */
const POOLS = ['countersign', 'countersign-jobs'];

/** The texts of the statements that the running test file has sent. */
const seen = new Set();
let isWatching = false;

/** Remembers from now on what the service's pools in this worker send. */
function watchStatements() {
  seen.clear();
  if (isWatching) return;
  isWatching = true;
  const { Client } = require('pg');
  const { query } = Client.prototype;
  Client.prototype.query = function (...parameters) {
    const [first] = parameters;
    const text = typeof first === 'string' ? first : first?.text;
    if (text && POOLS.includes(this.connectionParameters.application_name)) seen.add(text);
    return query.apply(this, parameters);
  };
}

/** Writes down what was sent since `watchStatements`, without what differs from call to call, as a line of the run's record. */
function recordStatements(record, testPath) {
  const statements = [...new Set([...seen].map(shapeOf))];
  appendFileSync(record, `${JSON.stringify({ file: path.basename(testPath), statements })}\n`);
}

/** Numbers, literals, how many parameters a list has and which columns are set do not make another statement. */
function shapeOf(text) {
  return text
    .replaceAll(/'(?:[^']|'')*'/g, "'?'")
    .replaceAll(/\$?\d+/g, '?')
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/\?(?:, ?\?)+/g, '?')
    .replaceAll(
      /SET (?:"?\w+"? = (?:\?|DEFAULT|NULL|CURRENT_TIMESTAMP)(?:::[\w[\]]+)?,? )+WHERE/g,
      'SET ? WHERE',
    )
    .trim();
}

module.exports = { watchStatements, recordStatements };
