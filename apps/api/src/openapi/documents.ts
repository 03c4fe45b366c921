import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { ProblemResponse } from '@countersign/http';

/** The OpenAPI document of the public API. */
export function publicDocument(app: INestApplication): OpenAPIObject {
  const config = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Countersign')
    .setDescription('Identity for products that live in Telegram and OpenWeb3 messengers.')
    .setVersion('1')
    .setLicense('Apache-2.0', 'https://www.apache.org/licenses/LICENSE-2.0')
    .addServer('/')
    .addTag('Sign in', 'From a proof to a session.')
    .addTag('The person', 'What people see and do of their own.')
    .addTag('Health', 'For orchestrators.')
    .addBearerAuth(
      { type: 'http', scheme: 'bearer', description: 'The `accessToken` of a sign-in.' },
      'accessToken',
    )
    .build();
  return SwaggerModule.createDocument(app, config, { extraModels: [ProblemResponse] });
}
