import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { inClone } from './clone.mjs';

/** The source of the event types of `@countersign/webhooks`, made of the committed JSON Schema of events. */

const SCHEMA = 'docs/events.schema.json';
const TYPES = 'published/webhook-events/src/generated/event-types.ts';

/** Writes the types, unless they were made of exactly this schema. */
export function ensureEventTypes() {
  const file = inClone(TYPES);
  const types = eventTypes(JSON.parse(readFileSync(inClone(SCHEMA), 'utf8')).$defs);
  if (existsSync(file) && readFileSync(file, 'utf8') === types) return;
  mkdirSync(dirname(file), { recursive: true });
  // In one step: another process may read it.
  writeFileSync(`${file}.${process.pid}`, types);
  renameSync(`${file}.${process.pid}`, file);
}

function eventTypes(schemas) {
  const events = Object.entries(schemas);
  return [
    `// Generated from ${SCHEMA}.`,
    '',
    '/** The fields of each type of event. */',
    'export interface EventData {',
    ...events.flatMap(([type, schema]) => membersOf(type, schema)),
    '}',
    '',
    '/** The version of each type. */',
    'export const eventVersions = {',
    ...events.map(([type, { properties }]) => `  '${type}': ${properties.version.const},`),
    '} as const;',
    '',
  ].join('\n');
}

function membersOf(type, { description, properties }) {
  const { properties: fields = {}, required = [] } = properties.data;
  return [
    `  /** ${description}. */`,
    `  readonly '${type}': {`,
    ...Object.entries(fields).map(
      ([name, { type: value }]) => `    readonly ${name}${required.includes(name) ? '' : '?'}: ${value};`,
    ),
    '  };',
  ];
}
