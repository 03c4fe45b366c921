import { authProxy } from '@countersign/identity-token/next';
import { verifier } from './verifier';

export const proxy = authProxy(verifier);

export const config = { matcher: '/api/:path*' };
