import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Schema {
  readonly $ref?: string;
  readonly allOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly type?: string | readonly string[];
  readonly format?: string;
  readonly enum?: readonly string[];
  readonly default?: unknown;
  readonly description?: string;
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
}

interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required?: boolean;
  readonly description?: string;
  readonly schema?: Schema;
}

interface Content {
  readonly $ref?: string;
  readonly content?: Readonly<Record<string, { readonly schema?: Schema }>>;
}

interface DocumentedOperation {
  readonly operationId: string;
  readonly summary: string;
  readonly description?: string;
  readonly tags: readonly string[];
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: Content;
  readonly responses: Readonly<Record<string, Content>>;
}

interface AdminDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, DocumentedOperation>>>>;
  readonly tags: readonly { readonly name: string; readonly description: string }[];
}

export interface Field {
  readonly name: string;
  readonly schema: Schema;
  readonly description: string;
  readonly isRequired: boolean;
  /** The name of the body property that contains this field, if that property is an object of few fields. */
  readonly parent?: string;
}

export interface Operation {
  readonly operationId: string;
  readonly method: string;
  readonly path: string;
  readonly summary: string;
  readonly details: string;
  readonly about: string;
  readonly isRepeatable: boolean;
  readonly isChange: boolean;
  readonly ofPath: readonly Field[];
  readonly ofQuery: readonly Field[];
  readonly ofBody: readonly Field[];
  /** The schema of an item, if the operation answers a list. */
  readonly item: Schema | null;
}

/** Reads `docs/openapi/admin.json`. The build copies it: the path is the same in sources, `dist` and the bundle. */
export function readOperations(): readonly Operation[] {
  const document = JSON.parse(
    readFileSync(join(__dirname, '../../../../docs/openapi/admin.json'), 'utf8'),
  ) as AdminDocument;
  const at = ($ref: string): unknown =>
    $ref
      .split('/')
      .slice(1)
      .reduce<unknown>((found, key) => (found as Record<string, unknown>)[key], document);
  const flat = (schema: Schema): Schema => {
    const { $ref, allOf = [], oneOf = [], ...own } = schema;
    const parts = [...($ref === undefined ? [] : [at($ref) as Schema]), ...allOf].map(flat);
    const properties = oneOf.flatMap((one) => Object.entries(flat(one).properties ?? {}));
    const alternatives = oneOf.length === 0 ? {} : { properties: Object.fromEntries(properties) };
    return Object.assign({}, ...parts, own, alternatives) as Schema;
  };
  const withFlatProperties = (schema: Schema): Schema => {
    const properties = Object.entries(schema.properties ?? {}).map(([name, one]) => [name, flat(one)]);
    return { ...schema, properties: Object.fromEntries(properties) as Schema['properties'] & object };
  };
  const bodyOf = (content: Content | undefined): Schema => {
    const resolved = content?.$ref === undefined ? content : (at(content.$ref) as Content);
    const [media] = Object.values(resolved?.content ?? {});
    return media?.schema ? flat(media.schema) : {};
  };
  const fieldOf = (name: string, schema: Schema, isRequired: boolean, description?: string): Field => {
    const { items, ...own } = flat(schema);
    return {
      name,
      schema: items ? { ...own, items: flat(items) } : own,
      description: description ?? own.description ?? '',
      isRequired,
    };
  };
  const fieldsOf = ({ properties = {}, required = [] }: Schema): readonly Field[] =>
    Object.entries(properties).flatMap(([name, schema]) => {
      const field = fieldOf(name, schema, required.includes(name));
      return field.schema.properties
        ? fieldsOf(field.schema).map((inner) => ({ ...inner, isRequired: false, parent: name }))
        : [field];
    });

  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]): Operation => {
      const fieldsIn = (position: Parameter['in']): readonly Field[] =>
        (operation.parameters ?? [])
          .filter((parameter) => parameter.in === position)
          .map(({ name, schema = {}, required = false, description }) =>
            fieldOf(name, schema, required, description),
          );
      const body = bodyOf(operation.requestBody);
      const [status = '', success] = Object.entries(operation.responses).find(([each]) => each < '300') ?? [];
      const items = bodyOf(success).properties?.['items'];
      return {
        operationId: operation.operationId,
        method: method.toUpperCase(),
        path,
        summary: operation.summary,
        details: operation.description ?? '',
        about: document.tags.find(({ name }) => operation.tags.includes(name))?.description ?? '',
        isRepeatable: fieldsIn('header').some(({ name }) => name === 'Idempotency-Key'),
        isChange: status === '201' || method === 'patch',
        ofPath: fieldsIn('path'),
        ofQuery: fieldsIn('query'),
        ofBody: fieldsOf(body),
        item: items ? withFlatProperties(flat(flat(items).items ?? {})) : null,
      };
    }),
  );
}
