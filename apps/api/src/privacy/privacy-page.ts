import { getMetadataArgsStorage } from 'typeorm';
import {
  Personal,
  PublicCopy,
  type Audience,
  type DeclaredColumn,
  type PersonalData,
} from '@countersign/database';
import { table } from '../openapi/pages/table';

type EntityClass = abstract new () => object;

const AUDIENCES: Readonly<Record<Audience, string>> = {
  person: 'the person',
  application: 'applications of the person that declare the field',
  chosen: 'others as the person chose',
};

/** The end of docs/privacy.md. Of all entities that are loaded. */
export function privacyPage(): string {
  const entities = getMetadataArgsStorage()
    .tables.map(({ target }) => target as EntityClass)
    .filter((target) => typeof target === 'function');
  const personal = entities.flatMap((entity) => Personal.of(entity)).toSorted(byQualifiedName);
  const copies = entities.flatMap((entity) => PublicCopy.of(entity)).toSorted(byQualifiedName);
  return [
    '## Personal fields\n\n',
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
