import { aPerson } from '../factories';
import { expectProblem } from '../support/expect-problem';
import { inventoryOf } from '../support/inventory';
import { aRequest, sendRaw } from '../support/raw-http';
import { useApplication, useTestApp } from '../support/use-test-app';

const app = useTestApp();

describe('a defect', () => {
  const demo = useApplication(app);

  /** No session can be recorded, and so none opened. */
  async function signInWithDefect(requestId: string) {
    await app.database.query(
      `ALTER TABLE audit_records ADD CONSTRAINT chk_planted CHECK (action NOT IN ('session.opened', 'user.created')) NOT VALID`,
    );
    const initData = app.initDataOf(demo, aPerson({ first_name: 'Canary-Name-5521' }));
    const answer = await app
      .postSignIn({ applicationId: demo.applicationId, initData })
      .set('x-request-id', requestId);
    await app.database.query('ALTER TABLE audit_records DROP CONSTRAINT chk_planted');
    return answer;
  }

  it('is answered without a word of its cause, and leaves nothing half done', async () => {
    const before = await inventoryOf(app);

    const answer = await signInWithDefect('defect-1');

    expectProblem(answer, 500, 'service.internal_error');
    expect(answer.text).not.toMatch(/chk_planted|audit|constraint|INSERT|node_modules|\.ts|Canary/i);
    expect(await inventoryOf(app)).toEqual(before);
  });

  it('is in the log with its class and place, and without its message', async () => {
    await signInWithDefect('defect-2');

    const lines = app.logLines
      .map((line) => JSON.parse(line) as { level: string; msg: string; requestId?: string; err?: object })
      .filter(({ requestId, level }) => requestId === 'defect-2' && level === 'error');
    expect(lines).toEqual([expect.objectContaining({ msg: 'a request failed' })]);
    const logged = JSON.stringify(lines);
    expect(logged).toContain('QueryFailedError');
    expect(logged).not.toMatch(/violates|Failing row|Canary/);
  });
});

describe('the log', () => {
  it('has one JSON object a line with an instant in UTC, whatever a client sends', async () => {
    const forged = '{"level":"fatal","msg":"forged-line-7714"}';
    const before = app.logLines.length;
    await app.http.get(`/${encodeURIComponent(`\n${forged}\n`)}`);
    await app.http
      .get(`/v1/me?x=${encodeURIComponent(`\r\n${forged}`)}`)
      .set('authorization', `Bearer ${forged}`);
    await app.http.post('/v1/auth/refresh').send({ refreshToken: `\n${forged}\n`, [forged]: 1 });
    await app.http.get('/v1/me').set('user-agent', forged).set('x-request-id', forged);
    await sendRaw(app.port, aRequest('GET /health/live', `X-Request-Id: a\t\n ${forged}`));

    const lines = app.logLines.slice(before).join('').trimEnd().split('\n');
    expect(lines.length).toBeGreaterThan(3);
    for (const line of lines) {
      const { level, time, msg } = JSON.parse(line) as Record<string, unknown>;
      expect({ level, msg, time }).toEqual({
        level: expect.stringMatching(/^(?:info|warn)$/) as unknown,
        msg: expect.any(String) as unknown,
        time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) as unknown,
      });
      expect(line).not.toContain('forged-line');
    }
  });
});
