import { environments, identityProvidersInUse } from '@countersign/applications';
import { eventSchema, publicEvents, type PublicEvent } from '@countersign/audit';
import { assurances, loginMethodsInUse, endReasons } from '@countersign/sessions';
import { userStatuses } from '@countersign/users';
import { table } from './table';

const ENDS = endReasons.filter((reason) => reason !== 'idle' && reason !== 'disputed');

/** The generated end of docs/events.md. */
export function eventsPage(): string {
  return [
    '## Types\n\nA field in brackets is not in every event of its type.\n\n',
    table(
      ['type', 'version', 'meaning', 'subject', 'data'],
      publicEvents().map((event) => [`\`${event.name}\``, ...describe(event)]),
    ),
    '\n## Fields\n\n',
    table(
      ['field', 'meaning'],
      fields().map(([field, { meaning }]) => [`\`${field}\``, meaning]),
    ),
    '\n## Words\n\n',
    table(
      ['field', 'words'],
      [
        ['`provider`', listed(identityProvidersInUse.names)],
        ['`environment`', listed(environments)],
        ['`assurance`', listed(assurances)],
        ['`door`', listed(loginMethodsInUse.names)],
        ['`status`', listed(userStatuses)],
        ['`reason` of `session.ended`', listed(ENDS)],
      ],
    ),
  ].join('');
}

/** The text of docs/events.schema.json, for a body of any type. */
export function eventSchemas(): object {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Body of an event',
    oneOf: publicEvents().map(({ name }) => ({ $ref: `#/$defs/${name}` })),
    $defs: Object.fromEntries(publicEvents().map((event) => [event.name, eventSchema(event)])),
  };
}

function fields(): readonly (readonly [name: string, field: PublicEvent['fields'][string]])[] {
  const all = new Map(publicEvents().flatMap(({ fields: own }) => Object.entries(own)));
  return [...all].toSorted(([one], [other]) => (one < other ? -1 : 1));
}

function describe({ version, meaning, orderedBy, fields, optional }: PublicEvent): readonly string[] {
  const data = Object.keys(fields).map((field) =>
    optional.includes(field) ? `[\`${field}\`]` : `\`${field}\``,
  );
  const subject = orderedBy === null ? 'the event itself' : `\`${orderedBy}\``;
  return [String(version), meaning, subject, data.join(', ')];
}

function listed(words: readonly string[]): string {
  return words.map((word) => `\`${word}\``).join(', ');
}
