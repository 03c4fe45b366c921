import { Id, Instant, ListOf, Text } from '@countersign/http';

const MAX_SECRET_LENGTH = 512;

export class AddRapidpaceSecretRequest {
  @Text(
    'The secret as Rapidpace provided it, 16 to 512 visible characters.',
    'URGv5f9J4KbAIkod02uLEXfUMEKhDE1s',
    { input: 'required', max: MAX_SECRET_LENGTH },
  )
  secret: string;
}

export class AddedRapidpaceSecretResponse {
  @Id('Its id; of a secret that was there already the id that it has.')
  secretId: string;
}

export class RapidpaceSecretResponse {
  @Id('Its id.', '0199a3c6-7f2e-7bd1-9d0c-3f5f0f2f6a11')
  secretId: string;

  @Instant('When it was added.')
  createdAt: string;

  static of(secret: { readonly secretId: string; readonly createdAt: Date }): RapidpaceSecretResponse {
    return { secretId: secret.secretId, createdAt: secret.createdAt.toISOString() };
  }
}

export class RapidpaceSecretsResponse {
  @ListOf(RapidpaceSecretResponse, 'All of them, oldest first.')
  items: readonly RapidpaceSecretResponse[];
}
