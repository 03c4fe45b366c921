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

export class RapidpaceSecretResponse extends AddedRapidpaceSecretResponse {
  @Instant('When it was added.')
  createdAt: string;
}

export class RapidpaceSecretsResponse {
  @ListOf(RapidpaceSecretResponse, 'All of them, oldest first.')
  items: readonly RapidpaceSecretResponse[];
}
