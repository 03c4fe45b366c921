import { openUnder, sealUnder, type SealedBytes } from '@countersign/crypto';
import { ObjectOf, Text } from '@countersign/http';

const PURPOSE = 'step-up-request';

/** The exact request that a step-up is for, if the act alone does not determine it. */
export interface NamedRequest {
  /** The grant is bound to it: see `Granted`. */
  readonly digest: Buffer;
  /** Sentences that describe the request to the person. */
  readonly lines: readonly string[];
  /** The parameters of the call, for the page that makes it. */
  readonly call: Readonly<Record<string, unknown>>;
}

export class NamedRequestResponse {
  @Text('What the call does: show each line to the person.', ['It can send on eip155:1.'], { list: {} })
  lines: readonly string[];

  @ObjectOf(true, 'The path parameters and body of the call. Any other call is refused.', {
    walletId: '0199a3c6-7f2e-7bd1-9d0c-3f5f0f2f6a11',
    limits: { chains: ['eip155:1'] },
  })
  call: Readonly<Record<string, unknown>>;
}

/** Seals under the code, which is not stored: only the launch that carries the code can open the row. */
export function sealRequest(code: string, id: string, request: NamedRequest): SealedBytes {
  const text = JSON.stringify({ ...request, digest: request.digest.toString('hex') });
  return sealUnder(Buffer.from(code), PURPOSE, Buffer.from(text), id);
}

/** As `sealRequest` sealed it. Throws as `openUnder`. */
export function openRequest(code: string, id: string, sealed: SealedBytes): NamedRequest {
  const text = openUnder(Buffer.from(code), PURPOSE, sealed, id).toString();
  const { digest, ...rest } = JSON.parse(text) as Omit<NamedRequest, 'digest'> & { readonly digest: string };
  return { ...rest, digest: Buffer.from(digest, 'hex') };
}
