import { getMetadataArgsStorage } from 'typeorm';
import {
  personalColumnsOf,
  publicCopiesOf,
  type Audience,
  type DeclaredColumn,
  type PersonalData,
} from '@countersign/database';
import { DATA_PROTECTION } from './data-protection';

type EntityClass = abstract new () => object;

const INTRODUCTION = `# Privacy

What the service stores about a person: why, where, how it is sealed, how long, and who sees it.

The tables are generated from the declarations of the columns (\`apps/api/src/openapi/write-documents.ts\`): do not edit this
page. A personal field does not compile unless its type is that of a sealed value.

## Personal fields

Profile fields of a proof are stored only where an application of the person declares them (\`dataNeeds\`). The fields of
\`profiles\` are those that the person entered. IP addresses and user agents are not stored.

A column is sealed with AES-256-GCM for its row. The data key of a person seals all fields of that person and is
itself wrapped by the key ring, which is not in the database.

`;

const AUDIENCES: Readonly<Record<Audience, string>> = {
  person: 'the person',
  application: 'applications of the person that declare the field',
  chosen: 'others as the person chose',
};

/** docs/privacy.md. Of all entities that are loaded. */
export function privacyPage(): string {
  const entities = getMetadataArgsStorage()
    .tables.map(({ target }) => target as EntityClass)
    .filter((target) => typeof target === 'function');
  const personal = entities.flatMap(personalColumnsOf).toSorted(byQualifiedName);
  const copies = entities.flatMap(publicCopiesOf).toSorted(byQualifiedName);
  return [
    INTRODUCTION,
    table(
      ['field', 'column', 'why', 'sealed under', 'kept', 'shown to'],
      personal.map((column) => [
        column.declaration.what,
        qualifiedName(column),
        column.declaration.why,
        sealedUnder(column),
        column.declaration.retention,
        audienceOf(column.declaration),
      ]),
    ),
    '\n## Public copies\n\nThe only personal fields in clear text: the person made them public.\n\n',
    table(
      ['field', 'column', 'why', 'kept'],
      copies.map((column) => [
        column.declaration.what,
        qualifiedName(column),
        column.declaration.why,
        column.declaration.retention,
      ]),
    ),
    DATA_PROTECTION,
  ].join('');
}

function byQualifiedName(one: DeclaredColumn<unknown>, other: DeclaredColumn<unknown>): number {
  return one.table < other.table ? -1 : Number(one.table > other.table);
}

function qualifiedName({ table, column }: DeclaredColumn<unknown>): string {
  return `\`${table}.${column}\``;
}

/** Text is sealed under a data key; bytes under a secret of the client, of which only a digest is stored. */
function sealedUnder({ table: name, property }: DeclaredColumn<unknown>): string {
  const { tables, columns } = getMetadataArgsStorage();
  const entity = tables.find((known) => known.name === name)?.target;
  const column = columns.find((known) => known.target === entity && known.propertyName === property);
  return column?.options.type === 'bytea'
    ? 'a secret that only the client holds'
    : 'the data key of the person';
}

function audienceOf({ visibleTo }: PersonalData): string {
  return visibleTo.length === 0 ? 'no answer shows it' : visibleTo.map((one) => AUDIENCES[one]).join(', ');
}

function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const rule = header.map(() => '---');
  return [header, rule, ...rows].map((cells) => `| ${cells.join(' | ')} |\n`).join('');
}
