import { PickType } from '@nestjs/swagger';
import { type FieldOptions, Id, Instant, ListOf, Text } from '@countersign/http';

const MAX_NAME_LENGTH = 200;

function NameField(options?: FieldOptions): PropertyDecorator {
  return Text('What it is for, 1 to 200 characters.', 'billing', { max: MAX_NAME_LENGTH, ...options });
}

export class AddClientSecretRequest {
  @NameField({ input: 'required' })
  name: string;
}

export class ClientSecretResponse {
  @Id('Its id.')
  secretId: string;

  @NameField()
  name: string;

  @Instant('When it was added.')
  createdAt: string;
}

export class IssuedClientSecretResponse extends PickType(ClientSecretResponse, ['secretId']) {
  @Text('The secret itself: it is not shown again.', 'cs_cs_0J6mW2sY6mQeVYxgkC0c2g')
  clientSecret: string;
}

export class ClientSecretsResponse {
  @ListOf(ClientSecretResponse, 'All of them, oldest first.')
  items: readonly ClientSecretResponse[];
}
