import type { INestApplication, Type } from '@nestjs/common';
import { DiscoveryService, ModulesContainer } from '@nestjs/core';
import { getSchemaPath, type OpenAPIObject } from '@nestjs/swagger';
import { HooksIntoSignIn, SignInResponse, type SignInHookDeclaration } from '@countersign/auth';
import { addCodes, operationsOf, type Operation } from './operations';

/** This operation gives tokens without a proof of a person. */
const REFRESH = 'refresh';
const ANSWER = getSchemaPath(SignInResponse);

export function answersOfSignInHooks(app: INestApplication): Type[] {
  return declarationsOf(app).map(({ type }) => type);
}

/** Adds the properties of the hooks to the answer of a sign-in, and their error codes to its operations. */
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
  // Documents are written without a database, so providers have no instances.
  const { declared } = HooksIntoSignIn.in(new DiscoveryService(app.get(ModulesContainer)));
  return declared.map(({ declaration }) => declaration);
}

function isConcerned({ operationId, responses, security = [] }: Operation): boolean {
  if (security.some((scheme) => 'initData' in scheme)) return true;
  const { '200': answer } = responses;
  const schema = answer && 'content' in answer ? answer.content['application/json']?.schema : undefined;
  return operationId !== REFRESH && schema !== undefined && '$ref' in schema && schema.$ref === ANSWER;
}
