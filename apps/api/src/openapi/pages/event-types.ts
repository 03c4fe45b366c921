import { declarationOf, eventTypeNames, type EventType } from '@countersign/events';

/** The TypeScript source of the event types of `@countersign/webhooks`, which events.schema.json has as JSON Schema. */
export function eventTypes(): string {
  return [
    '// Generated from the code by apps/api/src/openapi/write-documents.ts, as docs/events.schema.json is: do not edit.',
    '',
    '/** The fields of each type of event. */',
    'export interface EventData {',
    ...eventTypeNames.flatMap((type) => membersOf(type)),
    '}',
    '',
    '/** The version of each type. */',
    'export const eventVersions = {',
    ...eventTypeNames.map((type) => `  '${type}': ${declarationOf(type).version},`),
    '} as const;',
    '',
  ].join('\n');
}

function membersOf(type: EventType): readonly string[] {
  const { meaning, fields, optional = [] } = declarationOf(type);
  return [
    `  /** ${meaning}. */`,
    `  readonly '${type}': {`,
    ...fields.map((field) => `    readonly ${field}${optional.includes(field) ? '?' : ''}: string;`),
    '  };',
  ];
}
