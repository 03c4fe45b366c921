import type { ListedClientSecret } from '../../secrets/client-secrets';
import { type FieldOptions, Id, Instant, ListOf, Text } from '@countersign/http';

const MAX_NAME_LENGTH = 200;

function IdField(): PropertyDecorator {
  return Id('Its id.', '0199a3c6-7f2e-7bd1-9d0c-3f5f0f2f6a11');
}

function NameField(options?: FieldOptions): PropertyDecorator {
  return Text('What it is for, 1 to 200 characters.', 'billing', { max: MAX_NAME_LENGTH, ...options });
}

export class AddClientSecretRequest {
  @NameField({ input: 'required' })
  name: string;
}

export class IssuedClientSecretResponse {
  @IdField()
  secretId: string;

  @Text('The secret itself: it is not shown again.', 'cs_cs_0J6mW2sY6mQeVYxgkC0c2g')
  clientSecret: string;
}

export class ClientSecretResponse {
  @IdField()
  secretId: string;

  @NameField()
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
