import { createIdentityTokenVerifier } from '@countersign/identity-token';
import { getAuth, requireAuth } from '@countersign/identity-token/express';
import express from 'express';
import { countersign } from './development.js';

const { api, issuer, audience } = countersign;
const verifier = createIdentityTokenVerifier({
  ...{ issuer, audience },
  // In production the issuer has https. Remove these two lines then.
  jwksUrl: `${api}/.well-known/jwks.json`,
  allowHttp: true,
});
const visitsByUser = new Map();
const app = express();

// The account comes from the verified token, never from the request.
app.post('/api/visits', requireAuth(verifier), (request, response) => {
  const { userId } = getAuth(request);
  const visits = (visitsByUser.get(userId) ?? 0) + 1;
  visitsByUser.set(userId, visits);
  response.json({ visits });
});

// Only the gateway may connect to this port.
app.listen(8080, '127.0.0.1');
