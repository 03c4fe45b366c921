import { createIdentityTokenVerifier } from '@countersign/identity-token';

export const verifier = createIdentityTokenVerifier({ issuer: 'https://id.example.com', audience: 'shop' });
