import type { OpenAPIObject } from '@nestjs/swagger';
import { operationsOf } from './operations';

/** The service reads the text of this body itself, and accepts fields of later versions. */
const OPEN = ['RapidpacePlayerRequest'];

/** Documents that bodies have no fields beside those of their class. */
export function closeBodies(document: OpenAPIObject): void {
  const { schemas = {} } = document.components ?? {};
  for (const { requestBody } of operationsOf(document)) {
    const body =
      requestBody && 'content' in requestBody ? requestBody.content['application/json'] : undefined;
    const name = body?.schema && '$ref' in body.schema ? (body.schema.$ref.split('/').at(-1) ?? '') : '';
    const schema = schemas[name];
    if (schema && !('$ref' in schema) && !OPEN.includes(name)) schema.additionalProperties = false;
  }
}
