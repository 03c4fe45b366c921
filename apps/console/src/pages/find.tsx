import { useState, type ReactNode } from 'react';
import { call, type Row } from '../api';
import { go } from '../router';
import { useMay } from '../session';
import { texts } from '../texts';
import { Act } from '../ui/act';
import { Button, Card, Choice, Field, Problem } from '../ui/basics';
import { useSubmit } from '../ui/use-submit';
import { Value } from '../ui/values';

const { find } = texts;
const DOCUMENT = '/openapi/admin.json';
const NUMBER = /^[1-9]\d{0,18}$/;
const ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
/** An address of Ethereum, or of TON in one of its forms. */
const ADDRESS = /^(?:0x[0-9a-f]{40}|-?\d:[0-9a-f]{64}|[\w+/-]{48})$/i;

type Kind = keyof typeof find.kinds;

/** The possible kinds of a text. The likeliest is first. */
function kindsOf(text: string): readonly Kind[] {
  if (ID.test(text)) return ['userId', 'sessionId'];
  if (NUMBER.test(text)) return ['telegramId', 'openweb3Id'];
  return ADDRESS.test(text) ? ['walletAddress'] : ['username'];
}

export function FindPerson(): ReactNode {
  const may = useMay();
  const [typed, setTyped] = useState('');
  const [environment, setEnvironment] = useState('production');
  const [found, setFound] = useState<readonly unknown[] | null>(null);
  const text = typed.trim();
  const kinds = kindsOf(text);
  const hasEnvironment = kinds.some((kind) => kind === 'telegramId' || kind === 'openweb3Id');
  const { isRunning, refusal, submit } = useSubmit(async () => {
    setFound(null);
    const userIds = await lookUp(kinds, text, hasEnvironment ? { environment } : {});
    const [only] = userIds;
    if (userIds.length === 1 && typeof only === 'string' && may('users:read')) go('people', only);
    else setFound(userIds);
  });
  return (
    <Card title={find.title}>
      <form onSubmit={submit} role="search">
        <div className="row">
          <Field label={find.value} value={typed} onChange={setTyped} isRequired />
          {hasEnvironment ? (
            <Choice
              label={find.environment}
              value={environment}
              options={[
                ['production', find.production],
                ['test', find.test],
              ]}
              onChange={setEnvironment}
            />
          ) : null}
          <Button type="submit" kind="main" isBusy={isRunning}>
            {find.submit}
          </Button>
        </div>
        <p className="hint">
          {text === '' ? find.hint : kinds.map((kind) => find.kinds[kind]).join(` ${find.or} `)}
        </p>
      </form>
      {refusal?.code === 'user.lookup_off' ? <LookupOff /> : refusal ? <Problem refusal={refusal} /> : null}
      {found ? (
        <div role="status">
          {found.length === 0 ? <p>{find.noAccount}</p> : <Value name="userId" value={found} />}
        </div>
      ) : null}
    </Card>
  );
}

/** Returns the accounts of the first kind that has some. It skips kinds that the running service does not take. */
async function lookUp(kinds: readonly Kind[], text: string, more: Row): Promise<readonly unknown[]> {
  const [, second] = kinds;
  const offered = second === undefined ? null : JSON.stringify((await call('GET', DOCUMENT)).body);
  for (const kind of kinds.filter((each) => offered?.includes(`"${each}"`) ?? true)) {
    const body = { [kind]: text, ...more };
    const answer = await call('POST', '/v1/admin/users/lookup', { body });
    const userIds = answer.body['userIds'] as readonly unknown[];
    if (userIds.length > 0) return userIds;
  }
  return [];
}

function LookupOff(): ReactNode {
  const [isOn, setOn] = useState(false);
  return (
    <div role="alert" className="problem">
      <p>{isOn ? find.lookupOn : find.lookupOff}</p>
      <Act
        act={{ op: 'changeInstallation', as: 'switchLookupOn', body: { usernameLookup: true } }}
        of={{}}
        onDone={() => setOn(true)}
      />
    </div>
  );
}
