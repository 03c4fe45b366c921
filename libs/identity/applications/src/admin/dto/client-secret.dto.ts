import { ApiProperty } from '@nestjs/swagger';
import { IsString, MaxLength } from 'class-validator';
import { Instant, ListOf, Text } from '@countersign/http';
import type { ListedClientSecret } from '../../secrets/client-secrets';

const MAX_NAME_LENGTH = 200;

const idField = {
  format: 'uuid',
  description: 'Its id.',
  example: '0199a3c6-7f2e-7bd1-9d0c-3f5f0f2f6a11',
};
const nameField = { description: 'What it is for, 1 to 200 characters.', example: 'billing' };

export class AddClientSecretRequest {
  @ApiProperty(nameField)
  @IsString()
  @MaxLength(MAX_NAME_LENGTH)
  name: string;
}

export class IssuedClientSecretResponse {
  @ApiProperty(idField)
  secretId: string;

  @Text('The secret itself: it is not shown again.', 'cs_cs_0J6mW2sY6mQeVYxgkC0c2g')
  clientSecret: string;
}

export class ClientSecretResponse {
  @ApiProperty(idField)
  secretId: string;

  @ApiProperty(nameField)
  name: string;

  @Instant('When it was added.')
  createdAt: string;

  static of({ secretId, name, createdAt }: ListedClientSecret): ClientSecretResponse {
    return { secretId, name, createdAt: createdAt.toISOString() };
  }
}

export class ClientSecretsResponse {
  @ListOf(ClientSecretResponse, 'All of them, oldest first.')
  items: readonly ClientSecretResponse[];
}
