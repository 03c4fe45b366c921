import express from 'express';
import { createIdentityTokenVerifier } from '@countersign/identity-token';
import { getAuth, requireAuth } from '@countersign/identity-token/express';

const verifier = createIdentityTokenVerifier({ issuer: 'https://id.example.com', audience: 'shop' });

export const app = express();

app.get('/orders', requireAuth(verifier), (request, response) => {
  response.json({ userId: getAuth(request).userId });
});

app.post('/orders', requireAuth(verifier, { scopes: ['orders:write'] }), (request, response) => {
  response.status(201).json({ userId: request.auth?.userId });
});
