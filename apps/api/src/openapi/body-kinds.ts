import { getSchemaPath, type OpenAPIObject } from '@nestjs/swagger';
import {
  exampleBodies,
  presentedCodes,
  ProofRequest,
  signInDoors,
  type BodyDoorDeclaration,
} from '@countersign/auth';
import { exactlyOneOfFields } from '@countersign/http';
import { addCodes, operationsOf, type Operation } from './operations';

type Schemas = NonNullable<NonNullable<OpenAPIObject['components']>['schemas']>;
type Schema = Exclude<Schemas[string], { $ref: string }>;

interface BodyKind {
  readonly declaration: BodyDoorDeclaration;
  readonly body: string;
  readonly fields: readonly string[];
  readonly name: string;
}

function kindsIn(schemas: Schemas): readonly BodyKind[] {
  return signInDoors()
    .map(({ declaration }) => ({
      declaration,
      body: declaration.body.name,
      fields: Object.keys(declaration.proofFields),
      name: declaration.body.name.replace(/SignIn$|Request$/, ''),
    }))
    .filter(({ body }, index, all) => body in schemas && all.findIndex((one) => one.body === body) === index);
}

/** Documents a body of several kinds as `oneOf`. Within a session the application may be absent. */
export function addBodyKinds(document: OpenAPIObject): void {
  const schemas = document.components?.schemas ?? {};
  const kinds = kindsIn(schemas);
  for (const kind of kinds) addKind(schemas, kind);
  for (const [body, fields] of exactlyOneOfFields()) addAlternatives(schemas, body, fields);
  for (const [path, item] of Object.entries(document.paths))
    if (path.startsWith('/v1/me/'))
      for (const operation of operationsOf({ ...document, paths: { [path]: item } }))
        useProofs(schemas, kinds, operation);
}

function variantsOf({ name, fields }: BodyKind): readonly string[] {
  return fields.length === 1 ? [name] : fields.map((field) => name + capitalised(field));
}

function addKind(schemas: Schemas, kind: BodyKind): void {
  const whole = schemas[kind.body];
  if (!whole || '$ref' in whole) return;
  if (kind.fields.length === 1) {
    if (kind.declaration.stepsUp) schemas[`${kind.name}Proof`] = asProof(whole);
    return;
  }
  const variants = variantsOf(kind);
  for (const [index, variant] of variants.entries()) {
    const schema = withOnly(whole, kind.fields, kind.fields[index] ?? '');
    schemas[`${variant}SignIn`] = schema;
    if (kind.declaration.stepsUp) schemas[`${variant}Proof`] = asProof(schema);
  }
  schemas[kind.body] = oneOf(variants.map((variant) => `${variant}SignIn`));
  if (kind.declaration.stepsUp)
    schemas[`${kind.name}Proof`] = oneOf(variants.map((variant) => `${variant}Proof`));
}

/** `LookUpUsersByUserId` for the body `LookUpUsersRequest` and the field `userId`. */
function addAlternatives(schemas: Schemas, body: string, fields: readonly string[]): void {
  const whole = schemas[body];
  if (!whole || '$ref' in whole) return;
  const variants = fields.map(
    (field) => [`${body.replace(/Request$/, '')}By${capitalised(field)}`, field] as const,
  );
  for (const [variant, field] of variants) schemas[variant] = withOnly(whole, fields, field);
  schemas[body] = oneOf(variants.map(([variant]) => variant));
}

function withOnly(whole: Schema, fields: readonly string[], wanted: string): Schema {
  const properties = Object.entries(whole.properties ?? {}).filter(
    ([name]) => name === wanted || !fields.includes(name),
  );
  return {
    ...whole,
    properties: Object.fromEntries(properties),
    required: [...(whole.required ?? []), wanted],
  };
}

function asProof(schema: Schema): Schema {
  return { ...schema, required: (schema.required ?? []).filter((name) => name !== 'applicationId') };
}

/** Within a session, a body has no application and takes all proofs of its purpose. */
function useProofs(schemas: Schemas, kinds: readonly BodyKind[], operation: Operation): void {
  const { requestBody } = operation;
  const media = requestBody && 'content' in requestBody ? requestBody.content['application/json'] : undefined;
  const name = media?.schema && '$ref' in media.schema ? (media.schema.$ref.split('/').at(-1) ?? '') : '';
  const isStepUp = name === ProofRequest.name;
  const taken = kinds.filter(({ body, declaration }) => (isStepUp || body === name) && declaration.stepsUp);
  const [first, ...more] = taken;
  if (!media || !first) return;
  if (more.length === 0) media.schema = { $ref: getSchemaPath(`${first.name}Proof`) };
  else {
    const meaning = taken.map(({ declaration }) => declaration.stepsUp).join(', or ');
    schemas[name] = {
      description: `${capitalised(meaning)}.`,
      ...oneOf(taken.flatMap((kind) => variantsOf(kind).map((variant) => `${variant}Proof`))),
    };
    const examples = taken.flatMap(({ declaration }) => Object.entries(exampleBodies(declaration)));
    media.examples = Object.fromEntries(examples);
  }
  if (isStepUp)
    for (const { declaration } of taken) addCodes(operation, [...declaration.codes, ...presentedCodes]);
}

function oneOf(names: readonly string[]): Schema {
  return { oneOf: names.map((name) => ({ $ref: getSchemaPath(name) })) };
}

function capitalised(word: string): string {
  return word.slice(0, 1).toUpperCase() + word.slice(1);
}
