import { Id, Text } from '@countersign/http';

export class ConsoleSignInRequest {
  @Id('The principal.', undefined, { input: 'required' })
  principalId: string;

  @Text('One of its secrets.', 'cs_ps_0J6mW2sY6mQeVYxgkC0c2g', { input: 'required', max: 200 })
  secret: string;
}

/** What the page of the console knows about its caller. */
export interface ConsoleState {
  /** Whether people sign in at the company's provider. */
  readonly hasProvider: boolean;
  readonly session: {
    readonly principalId: string;
    readonly name: string;
    readonly scopes: readonly string[];
    readonly sessionId: string;
    readonly csrfToken: string;
    readonly expiresAt: string;
    readonly endsAt: string;
  } | null;
}
