import type { EventField, PublicEvent } from './event';

type JsonSchema = Readonly<Record<string, unknown>>;

/** The JSON Schema (2020-12) of the body that delivers an event of a type. */
export function eventSchema({ name, version, meaning, fields, optional }: PublicEvent): JsonSchema {
  return {
    title: name,
    description: meaning,
    type: 'object',
    required: ['type', 'version', 'sequence', 'timestamp', 'data'],
    properties: {
      type: { const: name },
      version: { const: version },
      sequence: { type: 'integer' },
      timestamp: { type: 'string', format: 'date-time' },
      data: {
        type: 'object',
        required: Object.keys(fields).filter((field) => !optional.includes(field)),
        properties: Object.fromEntries(
          Object.entries(fields).map(([field, declaration]) => [field, fieldSchema(declaration)]),
        ),
      },
    },
  };
}

function fieldSchema({ format, meaning }: EventField): JsonSchema {
  return {
    type: format === 'boolean' ? format : 'string',
    ...(format === 'uuid' ? { format } : {}),
    description: meaning,
  };
}
