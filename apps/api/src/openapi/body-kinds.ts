import { getSchemaPath, type OpenAPIObject } from '@nestjs/swagger';
import {
  ExchangeRequest,
  InitDataSignIn,
  LoginWidgetSignIn,
  ThirdPartyInitDataSignIn,
} from '@countersign/auth';
import { operationsOf } from './operations';

type Schemas = NonNullable<NonNullable<OpenAPIObject['components']>['schemas']>;
type Schema = Exclude<Schemas[string], { $ref: string }>;

/** A Login Widget's data by the field that has it. */
const LOGIN_WIDGET = {
  data: 'LoginWidgetData',
  query: 'LoginWidgetQuery',
  tgAuthResult: 'LoginWidgetFragment',
} as const;

/** Bodies of sign-ins, and their names as proofs within a session. */
const PROOFS: Readonly<Record<string, string>> = {
  [InitDataSignIn.name]: 'InitDataProof',
  [ThirdPartyInitDataSignIn.name]: 'ThirdPartyInitDataProof',
  [ExchangeRequest.name]: 'ExchangeProof',
  ...Object.fromEntries(Object.values(LOGIN_WIDGET).map((kind) => [`${kind}SignIn`, `${kind}Proof`])),
  [LoginWidgetSignIn.name]: 'LoginWidgetProof',
};
const PROOF_REQUEST = 'ProofRequest';
/** One of the doors' bodies; init data of other parties' bots has a link route of its own. */
const PRESENTED = [
  'InitDataProof',
  ...Object.values(LOGIN_WIDGET).map((kind) => `${kind}Proof`),
  'ExchangeProof',
];

/**
 * Documents a body of several kinds as `oneOf`. Within a session the application may be left out, since the session
 * names it.
 */
export function addBodyKinds(document: OpenAPIObject): void {
  const schemas = document.components?.schemas ?? {};
  if (!(LoginWidgetSignIn.name in schemas)) return;
  splitLoginWidget(schemas);
  for (const [name, proof] of Object.entries(PROOFS)) {
    const schema = schemaOf(schemas, name);
    if (!schema) continue;
    schemas[proof] = schema.oneOf
      ? oneOf(Object.values(LOGIN_WIDGET).map((kind) => `${kind}Proof`))
      : asProof(schema);
  }
  if (PROOF_REQUEST in schemas)
    schemas[PROOF_REQUEST] = {
      description: 'The body of any sign-in that a page can make.',
      ...oneOf(PRESENTED),
    };
  for (const [path, item] of Object.entries(document.paths))
    if (path.startsWith('/v1/me/')) useProofs({ ...document, paths: { [path]: item } });
}

function splitLoginWidget(schemas: Schemas): void {
  const whole = schemaOf(schemas, LoginWidgetSignIn.name);
  if (!whole) return;
  const fields = Object.keys(LOGIN_WIDGET);
  for (const [field, kind] of Object.entries(LOGIN_WIDGET)) {
    const properties = Object.entries(whole.properties ?? {}).filter(
      ([name]) => name === field || !fields.includes(name),
    );
    schemas[`${kind}SignIn`] = {
      ...whole,
      properties: Object.fromEntries(properties),
      required: [...(whole.required ?? []), field],
    };
  }
  schemas[LoginWidgetSignIn.name] = oneOf(Object.values(LOGIN_WIDGET).map((kind) => `${kind}SignIn`));
}

function asProof(schema: Schema): Schema {
  return { ...schema, required: (schema.required ?? []).filter((name) => name !== 'applicationId') };
}

function useProofs(document: OpenAPIObject): void {
  for (const { requestBody } of operationsOf(document))
    for (const media of Object.values(requestBody && 'content' in requestBody ? requestBody.content : {})) {
      const proof =
        media.schema && '$ref' in media.schema
          ? PROOFS[media.schema.$ref.split('/').at(-1) ?? '']
          : undefined;
      if (proof) media.schema = { $ref: getSchemaPath(proof) };
    }
}

function oneOf(names: readonly string[]): Schema {
  return { oneOf: names.map((name) => ({ $ref: getSchemaPath(name) })) };
}

function schemaOf(schemas: Schemas, name: string): Schema | undefined {
  const schema = schemas[name];
  return schema && !('$ref' in schema) ? schema : undefined;
}
