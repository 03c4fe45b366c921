import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { addExamples } from './examples';
import { operationsOf } from './operations';
import { addProblems } from './problem-responses';

/** The OpenAPI document of the public API. */
export function publicDocument(app: INestApplication): OpenAPIObject {
  const config = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Countersign')
    .setDescription(
      'Identity for products in Telegram and OpenWeb3 messengers. Errors are problem details (RFC 9457) ' +
        'with a `code` that stays the same; every code is listed in docs/errors.md.',
    )
    .setVersion('1')
    .setLicense('Apache-2.0', 'https://www.apache.org/licenses/LICENSE-2.0')
    .addServer('/')
    .addTag('Sign in', 'From a proof to a session.')
    .addTag('The person', 'What people see and do of their own.')
    .addTag('Services', 'For API gateways and the services behind them.')
    .addTag('Health', 'For orchestrators.')
    .addSecurity('accessToken', {
      type: 'http',
      scheme: 'bearer',
      description: 'The `accessToken` of a sign-in; opaque.',
    })
    .addSecurity('boundAccessToken', {
      type: 'http',
      scheme: 'DPoP',
      description:
        'The same of a session that is bound to a device key, with a proof of it in `DPoP` (RFC 9449).',
    })
    .addSecurity('clientSecret', {
      type: 'http',
      scheme: 'basic',
      description: '`applicationId` and one of its client secrets, for the servers of the application.',
    })
    .addSecurity('initData', {
      type: 'apiKey',
      in: 'header',
      name: 'Authorization',
      description: '`tma <init data>`, where the application takes init data per request.',
    })
    .build();
  const document = SwaggerModule.createDocument(app, config);
  for (const operation of operationsOf(document)) operation.security ??= [];
  addProblems(document);
  addExamples(document);
  return document;
}
