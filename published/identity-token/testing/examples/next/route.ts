import { getAuth, requireAuth } from '@countersign/identity-token/next';
import { verifier } from './verifier';

export const GET = requireAuth(verifier)((request) => Response.json({ userId: getAuth(request).userId }));

export const POST = requireAuth(verifier, { scopes: ['orders:write'] })((request) =>
  Response.json({ userId: getAuth(request).userId }, { status: 201 }),
);
