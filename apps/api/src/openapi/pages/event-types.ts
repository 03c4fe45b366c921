import { declarationOf, eventTypeNames, type EventType } from '@countersign/events';

/** The source of the types of `@countersign/webhooks`: what events.schema.json says, for TypeScript. */
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
