import { getSchemaPath, type OpenAPIObject } from '@nestjs/swagger';
import { signInDoors, type BodyDoorClass } from '@countersign/auth';
import { exactlyOneOfFields } from '@countersign/http';
import { operationsOf } from './operations';

type Schemas = NonNullable<NonNullable<OpenAPIObject['components']>['schemas']>;
type Schema = Exclude<Schemas[string], { $ref: string }>;

/** The body of a sign-in, the fields of its proof, and its name without a suffix. */
interface BodyKind {
  readonly body: string;
  readonly fields: readonly string[];
  readonly name: string;
  /** It is presented within a session too. */
  readonly stepsUp: boolean;
}

const PROOF_REQUEST = 'ProofRequest';

const kinds: readonly BodyKind[] = signInDoors
  .map(({ declaration: { body, proofFields, stepsUp } }: BodyDoorClass) => ({
    body: body.name,
    fields: Object.keys(proofFields),
    name: body.name.replace(/SignIn$|Request$/, ''),
    stepsUp: stepsUp ?? false,
  }))
  .filter((kind, index, all) => all.findIndex(({ body }) => body === kind.body) === index);

/** Proofs that step up, as `PresentedProofs` reads them. */
const presented = kinds.filter(({ stepsUp }) => stepsUp);

/** Documents bodies of several kinds as `oneOf`. Within a session the application may be left out. */
export function addBodyKinds(document: OpenAPIObject): void {
  const schemas = document.components?.schemas ?? {};
  for (const kind of kinds) addKind(schemas, kind);
  for (const [body, fields] of exactlyOneOfFields()) addAlternatives(schemas, body, fields);
  if (PROOF_REQUEST in schemas)
    schemas[PROOF_REQUEST] = {
      description: 'The one-time code of Log In With Telegram, or a wallet’s answer to a challenge.',
      ...oneOf(presented.flatMap((kind) => variantsOf(kind).map((name) => `${name}Proof`))),
    };
  for (const [path, item] of Object.entries(document.paths))
    if (path.startsWith('/v1/me/')) useProofs({ ...document, paths: { [path]: item } });
}

/** A body with several fields for the proof has a variant for each of them. */
function variantsOf({ name, fields }: BodyKind): readonly string[] {
  return fields.length === 1 ? [name] : fields.map((field) => name + capitalised(field));
}

function addKind(schemas: Schemas, kind: BodyKind): void {
  const whole = schemas[kind.body];
  if (!whole || '$ref' in whole) return;
  if (kind.fields.length === 1) {
    if (kind.stepsUp) schemas[`${kind.name}Proof`] = asProof(whole);
    return;
  }
  const variants = variantsOf(kind);
  for (const [index, variant] of variants.entries()) {
    const schema = withOnly(whole, kind.fields, kind.fields[index] ?? '');
    schemas[`${variant}SignIn`] = schema;
    if (kind.stepsUp) schemas[`${variant}Proof`] = asProof(schema);
  }
  schemas[kind.body] = oneOf(variants.map((variant) => `${variant}SignIn`));
  if (kind.stepsUp) schemas[`${kind.name}Proof`] = oneOf(variants.map((variant) => `${variant}Proof`));
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

function useProofs(document: OpenAPIObject): void {
  for (const { requestBody } of operationsOf(document))
    for (const media of Object.values(requestBody && 'content' in requestBody ? requestBody.content : {})) {
      const name = media.schema && '$ref' in media.schema ? media.schema.$ref.split('/').at(-1) : undefined;
      const kind = presented.find(({ body }) => body === name);
      if (kind) media.schema = { $ref: getSchemaPath(`${kind.name}Proof`) };
    }
}

function oneOf(names: readonly string[]): Schema {
  return { oneOf: names.map((name) => ({ $ref: getSchemaPath(name) })) };
}

function capitalised(word: string): string {
  return word.slice(0, 1).toUpperCase() + word.slice(1);
}
