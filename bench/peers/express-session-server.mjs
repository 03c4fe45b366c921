import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import connectPgSimple from 'connect-pg-simple';
import express from 'express';
import session from 'express-session';
import pg from 'pg';

const { DATABASE_URL, POOL_SIZE, APPLICATION_NAME } = process.env;

const pool = new pg.Pool({
  connectionString: DATABASE_URL,
  max: Number(POOL_SIZE),
  application_name: APPLICATION_NAME,
});
const require = createRequire(import.meta.url);
await pool.query(readFileSync(require.resolve('connect-pg-simple/table.sql'), 'utf8'));

const PgStore = connectPgSimple(session);
const app = express();
app.disable('x-powered-by');
// Each request reads its session and moves the session's end, which is a write.
app.use(
  session({
    store: new PgStore({ pool }),
    secret: randomBytes(32).toString('base64url'),
    resave: false,
    saveUninitialized: false,
    cookie: { maxAge: 1_800_000 },
  }),
);

app.post('/enter', express.json(), (request, response) => {
  request.session.userId = request.body.userId;
  response.status(200).json({});
});

app.get('/check', ({ session: { userId } }, response) => {
  if (userId) response.set('x-user-id', userId);
  response
    .status(userId ? 200 : 401)
    .set('content-length', '0')
    .end();
});

app.post('/logout', (request, response, next) => {
  request.session.destroy((error) => {
    if (error) next(error);
    else response.status(204).end();
  });
});

const server = app.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }));
process.on('disconnect', () => process.exit());
