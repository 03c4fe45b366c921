import type { INestApplication, Type } from '@nestjs/common';
import { DiscoveryService, ModulesContainer } from '@nestjs/core';
import { getSchemaPath, type OpenAPIObject } from '@nestjs/swagger';
import { HooksIntoSignIn, SignInResponse, type SignInHookDeclaration } from '@countersign/auth';
import { addCodes, operationsOf, type Operation } from './operations';

/** Gives tokens without a proof of a person. */
const REFRESH = 'refresh';
const ANSWER = getSchemaPath(SignInResponse);

export function answersOfSignInHooks(app: INestApplication): Type[] {
  return declarationsOf(app).map(({ type }) => type);
}

/** Documents what the hooks add to the answer of a sign-in, and what they refuse it with. */
export function addSignInHooks(app: INestApplication, document: OpenAPIObject): void {
  const hooks = declarationsOf(app);
  const answer = document.components?.schemas?.[SignInResponse.name];
  if (answer && 'properties' in answer)
    for (const { property, type, description } of hooks)
      answer.properties = {
        ...answer.properties,
        [property]: { description, allOf: [{ $ref: getSchemaPath(type) }] },
      };
  const codes = hooks.flatMap((hook) => hook.codes);
  for (const operation of operationsOf(document).filter(isConcerned)) addCodes(operation, codes);
}

function declarationsOf(app: INestApplication): readonly SignInHookDeclaration[] {
  // There are no instances of providers where documents are written without a database.
  const { declared } = HooksIntoSignIn.in(new DiscoveryService(app.get(ModulesContainer)));
  return declared.map(({ declaration }) => declaration);
}

/** Sign-ins, and routes that take init data per request. */
function isConcerned({ operationId, responses, security = [] }: Operation): boolean {
  if (security.some((scheme) => 'initData' in scheme)) return true;
  const { '200': answer } = responses;
  const schema = answer && 'content' in answer ? answer.content['application/json']?.schema : undefined;
  return operationId !== REFRESH && schema !== undefined && '$ref' in schema && schema.$ref === ANSWER;
}
